"""Which records tell a band of ages, and which band."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from connectors.envelope import Item, envelopes
from schemas.models.record import Visit
from schemas.source import KINDS, Source
from streams.normalise.stage import stage
from tests.oracle.facts import body
from tests.streams.normalise.test_interpret import NUMBER, SOURCES, records, told
from tests.streams.trial import KEYS, Trial, values


@pytest.mark.parametrize(("said", "seen_at", "found"), [
    ({"age": "71"}, "2020-01-25 10:00", "70-79"), ({"age": "8个月"}, "2020-01-25 10:00", "0-9"), ({"birth_date": "1990-01-26"}, "2020-01-25 23:59", "20-29"),
    ({"birth_date": "1990-01-26"}, "2020-01-26 00:00", "30-39"), ({"birth_date": "1990"}, "2020-01-25 10:00", None), ({"birth_date": "1990", "age": "30"}, "2020-01-25 10:00", None),
    ({"id_no": NUMBER}, "2020-01-25 10:00", "70-79"), ({"id_no": NUMBER, "age": "20"}, "2020-01-25 10:00", "70-79"), ({"phone": "13800000001"}, "2020-01-25 10:00", None),
])  # fmt: skip
def test_the_band_of_ages_leaves_the_seal(said: dict[str, str], seen_at: str, found: str | None) -> None:
    """Of a visit the band on its day in the zone of the source: of a date of birth, an age or a resident number; none where it is not sure."""
    visit = {"facility": "C", "visit_no": "1", "name": "罗试验", "sex": "女", "region": "530624", "seen_at": seen_at, "symptoms": "", "disposition": ""}
    (one,) = records(told(SOURCES["clinic-visit"], visit | said))
    assert getattr(one, "age_band") == found  # noqa: B009 - of visits alone


def test_no_other_kind_tells_an_age() -> None:
    """Of scans, gates and all else no band leaves the seal, however much they say of the person; and no source says one itself."""
    assert {kind for kind, model in KINDS.items() if "age_band" in model.model_fields} == {"visit", "lab"}
    source = SOURCES["clinic-visit"].model_dump(by_alias=True, exclude_defaults=True)
    with pytest.raises(ValidationError, match="map names age_band, which a visit does not have"):
        Source.model_validate(source | {"map": source["map"] | {"age_band": {"path": "age"}}})


def test_other_bands_count_once_a_record_is_replayed() -> None:
    """Under a policy with other bands what stands stays, until it is understood anew: then the old word is taken back."""
    visit = {"facility": "C", "visit_no": "1", "updated": "2020-01-25", "name": "罗试验", "age": "71", "region": "530624", "seen_at": "2020-01-25 10:00", "disposition": ""}
    (raw,) = envelopes(SOURCES["clinic-visit"], Item(body(visit)), KEYS)
    trial = Trial(stage(SOURCES, KEYS))
    trial.give_each([raw])
    trial.stage = stage(SOURCES, KEYS, bands=[0, 65])
    trial.give_each([raw, raw.model_copy(update={"replay": 1})])
    assert [one.age_band for one in values(trial.wrote, Visit)] == ["70-79", "70-79", "65+"]
    assert [one.retracted for one in values(trial.wrote, Visit)] == [False, True, False]
