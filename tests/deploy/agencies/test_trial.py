"""An agency tried on standing cases: counted, compared, masked."""

from __future__ import annotations

import json

import pytest
from cryptography.exceptions import InvalidTag

from deploy.agencies.masked import covered
from deploy.agencies.trial import Trial, tried
from schemas.agency import Agency
from schemas.models.case import Entry, LinkedCase, Role, Status, What
from schemas.models.release import Release
from schemas.tokens import Keys
from streams.memory import Bus
from streams.routing.stage import stage
from streams.stage import Emit
from tests.deploy.agencies.pieces import KEYS, NAME, PURPOSE, agency, case, want

CASES = [case(1), case(2, status=Status.ISOLATED), case(3, roles=[Role.CONTACT], status=None), case(4, region="533102")]


def routed(one: Agency, cases: list[LinkedCase]) -> dict[tuple[str, str], Release]:
    """What the stage routing itself releases to the agency."""
    bus = Bus((stage([one], KEYS),))
    bus.publish(Emit("case.linked", each.person, each) for each in cases)
    bus.run()
    return {(each.person, each.purpose): each for each in bus.standing(f"deliver.{one.name}").values() if isinstance(each, Release)}


def counts(trial: Trial) -> dict[str, tuple[int, int, int, int, int]]:
    """By purpose: releases, new, changed, same, ended."""
    return {name: (one.releases, one.new, one.changed, one.same, one.ended) for name, one in trial.purposes.items()}


def test_a_new_agency() -> None:
    """All is new: those in its region in the role it asks for, each field counted, those of the strictest class first."""
    trial = tried(agency(), CASES, {}, KEYS, 5)
    assert (trial.cases, trial.people, trial.people_before) == (4, 2, 0)
    assert counts(trial) == {"care": (2, 2, 0, 0, 0)}
    assert list(trial.purposes["care"].fields.items()) == [("names", 2), ("status", 2)]


def test_what_routing_released_is_the_same() -> None:
    """The file that counts, tried on the cases that the stage routed, changes nothing: the trial and the stage agree release by release."""
    assert counts(tried(agency(), CASES, routed(agency(), CASES), KEYS, 5)) == {"care": (2, 0, 0, 2, 0)}


def test_a_changed_agency() -> None:
    """More roles are new releases, less statuses and a purpose that is gone end some, another field changes them; people are counted once."""
    stands = routed(agency(purposes=[PURPOSE, PURPOSE | {"name": "old"}], wants=[want(), want(purpose="old")]), CASES)
    new = agency(wants=[want(statuses=["confirmed"], fields=["names", "status", "phones"]), want(role="contact")])
    trial = tried(new, CASES, stands, KEYS, 5)
    assert counts(trial) == {"care": (2, 1, 1, 0, 1), "old": (0, 0, 0, 0, 2)}
    assert (trial.people, trial.people_before) == (2, 2)
    assert [one["stand"] for one in trial.samples] == ["changed", "new"]
    assert trial.purposes["care"].fields == {"names": 2, "phones": 1, "status": 1}


def test_samples_name_nobody() -> None:
    """Samples are masked, and are of what would be new or changed; no more than were asked for."""
    trial = tried(agency(wants=[want(fields=["names", "phones", "status", "community"])]), CASES, {}, KEYS, 1)
    (sample,) = trial.samples
    assert sample["view"] == {"names": "王**", "phones": "+86138****0001", "status": "confirmed"} | {key: sample["view"][key] for key in ("community",) if key in sample["view"]}
    assert sample["stand"] == "new"
    text = json.dumps(trial.samples, ensure_ascii=False)
    assert NAME not in text
    assert "13800000001" not in text
    assert CASES[0].person not in text
    assert tried(agency(), CASES, routed(agency(), CASES), KEYS, 5).samples == []


def test_every_field_is_covered() -> None:
    """Lists of what happened are counted, codes are cut, moments are not told; status is shown as it is."""
    line = Entry(at=1, until=1, what=What.SEEN, source="", evidence="e")
    values = {"timeline": [line, line], "clinic": "CLIN-530624-03", "onset": 1579708800000, "status": Status.CONFIRMED, "community": "530624100001003", "born": ["1980-01-02"]}
    assert {name: covered(name, value) for name, value in values.items()} == {
        "timeline": "2 entries", "clinic": "C*************", "onset": "a moment", "status": "confirmed", "community": "530624*********", "born": "1980-**-**",
    }  # fmt: skip


def test_other_keys_are_told() -> None:
    """Identifiers that were sealed with another secret are not passed over."""
    with pytest.raises(InvalidTag):
        tried(agency(), CASES, {}, Keys(b"x" * 32), 1)
