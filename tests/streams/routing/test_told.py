"""What agencies are told of facts about no person: as their files ask, as it is corrected and taken back, and no small count of people."""

from __future__ import annotations

from io import BytesIO
from typing import Any

import fastavro
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from deploy.rows import recorded
from deploy.suppress import suppressed
from schemas.agency import Agency, rules_of
from schemas.models.control import SLOTS, Rules, Tick
from schemas.models.notice import NoticeKind, PublicNotice
from schemas.models.record import SupplyItem
from schemas.models.release import Audit, Release
from schemas.models.signal import Signal
from schemas.models.statistic import Measure, Statistic
from schemas.models.supply import Cover, Dispatch, Supply
from schemas.subscription import Subscription
from streams.routing.bulletins import about, left_out
from streams.routing.sent import SENT, held
from streams.routing.stage import stage
from tests.streams.routing.cases import COUNTY, HOSPITAL, NOON, agency, case, hospital
from tests.streams.trial import DAY, KEYS, Trial, values

SMALL = "They are looked into one by one."


def county(*subscribes: dict[str, Any], **changes: Any) -> Agency:
    """The county's centre with these subscriptions."""
    return agency(subscribes=[{"purpose": "investigation"} | one for one in subscribes], **changes)


def notice(number: int = 1, region: str = f"{COUNTY}100", **changes: Any) -> PublicNotice:
    """That people were exposed at a market."""
    given_: dict[str, Any] = {"causes": ["exposure"], "at": NOON, "notice": f"{number:032x}", "kind": NoticeKind.PLACE, "template": "place/1", "region": region, "until": NOON + DAY,
              "place": "MKT-1"}  # fmt: skip
    return PublicNotice.of(**(given_ | changes))


def signal(observed: int, region: str = COUNTY) -> Signal:
    """That so many on a day are too many."""
    return Signal.of(causes=["counts"], at=NOON, region=region, measure=Measure.REPORT, value="", day="2020-01-20", observed=observed, exceeded=[], why="w", why_zh="w")


def statistic(value: str, count: int, region: str = COUNTY, at: int = NOON) -> Statistic:
    """That so many people have a status."""
    return Statistic.of(causes=["counted"], at=at, region=region, measure=Measure.STATUS, value=value, count=count)


def supply(place: str = HOSPITAL, **changes: Any) -> Supply:
    """That masks are low somewhere."""
    given_: dict[str, Any] = {"causes": ["report"], "at": NOON, "place": place, "item": SupplyItem.MASK, "region": COUNTY, "on_hand": 30, "use_per_day": 10.0, "state": Cover.LOW}
    return Supply.of(**(given_ | changes))


def told(trial: Trial, name: str = "county-cdc") -> list[dict[str, Any]]:
    """What stands told, without what is null."""
    found = [one.bulletin for one in trial.stands(f"deliver.{name}") if isinstance(one, Release) and one.bulletin is not None]
    return sorted((one.model_dump(mode="json", exclude_none=True) for one in found), key=str)


def counts(trial: Trial) -> dict[str, int]:
    """By value the counts that stand told."""
    return {one["value"]: one["count"] for one in told(trial)}


def test_a_notice_is_told_corrected_and_withdrawn() -> None:
    """To the purpose of the subscription, under its legal basis, with the least of fields; each message has its line of audit, which names no person."""
    trial = Trial(stage([county({"topic": "notice.public"})], KEYS))
    (first,) = values(trial.give(notice()), Release)
    assert (first.purpose, first.legal_basis, first.expires) == ("investigation", "Law, article 1", NOON + 91 * DAY)
    assert told(trial) == [{"topic": "notice.public", "kind": "place", "region": f"{COUNTY}100", "place": "MKT-1", "until": NOON + DAY}]
    emits = trial.give(notice(until=NOON + 2 * DAY))
    assert [one.retracted for one in values(emits, Release)] == [False]
    assert values(emits, Audit)[0].person == f"notice.public {1:032x}"
    assert values(emits, Audit)[0].fields == ["kind", "place", "region", "until"]
    (last,) = values(trial.give(notice(until=NOON + 2 * DAY).taken_back()), Release)
    assert (last.retracted, last.bulletin, last.person) == (True, None, first.person)
    assert trial.rows() == []


def test_the_public_of_a_county_is_part_of_that_of_its_province() -> None:
    """A notice of what the county lies in is told as well; one of another county is not."""
    trial = Trial(stage([county({"topic": "notice.public"})], KEYS))
    trial.give(notice(1, "53"), notice(2, "530602"), notice(3, f"{COUNTY}100001"))
    assert [one["region"] for one in told(trial)] == ["53", f"{COUNTY}100001"]


def test_a_facility_is_told_of_its_own_stock_and_dispatches() -> None:
    """Of what it has, and of what is sent to it or from it."""
    one = hospital(subscribes=[{"topic": "supply", "purpose": "treatment", "fields": ["state", "on_hand"]}, {"topic": "dispatch", "purpose": "treatment"}])
    trial = Trial(stage([one], KEYS))
    sent: dict[str, Any] = {"causes": ["step"], "at": NOON, "item": "mask", "quantity": 5, "step": "sent", "by": "OP-1"}
    trial.give(supply(), supply("DEPOT-2"), *(Dispatch.of(number=number, place=place, to=to, **sent)
               for number, place, to in (("D-1", "DEPOT-1", HOSPITAL), ("D-2", HOSPITAL, "CLIN-2"), ("D-3", "DEPOT-1", "CLIN-2"))))  # fmt: skip
    assert [one.get("number") or one["state"] for one in told(trial, "hospital")] == ["D-1", "D-2", "low"]
    assert {"topic": "supply", "state": "low", "on_hand": 30} in told(trial, "hospital")


def test_small_signals_are_for_who_has_the_cases() -> None:
    """From five people on others are told that there is a signal, and never of how many; when it falls under five it is taken back."""
    trial = Trial(stage([county({"topic": "signal"}), county({"topic": "signal", "small_counts": SMALL, "fields": ["observed"]}, name="exact")], KEYS))
    trial.give(signal(5))
    assert told(trial) == [{"topic": "signal", "region": COUNTY, "measure": "report", "value": "", "day": "2020-01-20"}]
    trial.give(signal(5).taken_back(), signal(4))
    assert (told(trial), told(trial, "exact")) == ([], [{"topic": "signal", "observed": 4}])


def test_counts_that_give_a_small_one_away_are_left_out() -> None:
    """The smallest besides; all are told again when the small one grows. Others are told as at least so many."""
    trial = Trial(stage([county({"topic": "statistic"})], KEYS))
    trial.give(statistic("suspected", 8), statistic("confirmed", 23), statistic("probable", 3))
    assert counts(trial) == {"confirmed": 20}
    trial.give(statistic("probable", 3).taken_back(), statistic("probable", 5))
    assert counts(trial) == {"confirmed": 20, "suspected": 5, "probable": 5}


def test_one_person_more_is_not_told_but_of_another_day_or_five() -> None:
    """What is told of a count does not change with each person: two moments side by side would tell of one."""
    trial = Trial(stage([county({"topic": "statistic"})], KEYS))
    trial.give(statistic("confirmed", 23))
    assert trial.give(statistic("confirmed", 23).taken_back(), statistic("confirmed", 24, at=NOON + 1000)) == []
    assert len(values(trial.give(statistic("confirmed", 25)), Release)) == 1


def test_only_its_own_division_is_counted_for_it() -> None:
    """From parts and whole together small counts would follow; who may have them as they are gets both."""
    exact = county({"topic": "statistic", "small_counts": SMALL}, name="exact")
    trial = Trial(stage([county({"topic": "statistic"}), exact], KEYS))
    trial.give(statistic("confirmed", 10), statistic("confirmed", 9, f"{COUNTY}100"))
    assert ([one["region"] for one in told(trial)], len(told(trial, "exact"))) == ([COUNTY], 2)


@settings(max_examples=300)
@given(st.dictionaries(st.text("abc", min_size=1, max_size=2), st.integers(1, 12), max_size=7))
def test_left_out_is_what_the_table_of_one_region_leaves_out(row: dict[str, int]) -> None:
    """The stage and the command agree on which counts of a region and a measure are not shown."""
    shown = suppressed({(COUNTY, value): count for value, count in row.items()}, 5, COUNTY)
    assert left_out(row, 5) == {value for (_, value), count in shown.items() if count is None}


def test_it_ends_with_the_purpose_or_the_last_day() -> None:
    """By the tick alone: `until` is the end of that day in China."""
    trial = Trial(stage([county({"topic": "supply"}), county({"topic": "supply", "until": "2020-01-31"}, name="short")], KEYS))
    trial.give(supply())
    end = Subscription.model_validate({"topic": "supply", "purpose": "p1", "until": "2020-01-31"}).ends
    assert end is not None
    trial.give(Tick(at=end))
    assert (len(told(trial)), len(told(trial, "short"))) == (1, 1)
    trial.give(Tick(at=end + 1))
    assert (len(told(trial)), told(trial, "short")) == (1, [])
    trial.give(Tick(at=NOON + 90 * DAY + 1))
    assert told(trial) == []


@pytest.mark.parametrize("after", [[county()], [county(retired=True)], [county({"topic": "supply", "regions": ["530602"]})]],
                         ids=["unsubscribed", "retired", "elsewhere"])  # fmt: skip
def test_a_changed_file_takes_back_what_stands(after: list[Agency]) -> None:
    """When the worker starts with it and is told so; with the file of before all of it is told again."""
    before = [county({"topic": "supply"})]
    trial = Trial(stage(before, KEYS))
    trial.give(supply(), case(), statistic("confirmed", 9))
    assert len(told(trial)) == 1
    for files, left in ((after, 0), (before, 1)):
        trial.stage = stage(files, KEYS)
        trial.give(Rules(digest=rules_of(files), first=0, last=SLOTS - 1))
        assert len(told(trial)) == left


def test_what_comes_again_changes_nothing() -> None:
    """The same fact, and a retraction of one that does not stand."""
    trial = Trial(stage([county({"topic": "supply"})], KEYS))
    trial.give(supply())
    assert trial.give(supply(), supply(on_hand=31).taken_back()) == []


def test_facts_are_told_apart_by_what_they_are_about() -> None:
    """Each model has a name that begins with its topic and a space."""
    assert about(supply()) == f"supply {HOSPITAL} mask"
    assert about(statistic("confirmed", 1)) == f"statistic {COUNTY} status confirmed "
    assert about(signal(1)) == f"signal {COUNTY} report  2020-01-20"


@pytest.mark.parametrize(
    ("asked", "says"),
    [
        ({"topic": "task"}, "agencies are told of notice.public"), ({"topic": "signal", "fields": ["count"]}, "signal has no count"),
        ({"topic": "signal", "fields": ["observed"]}, "say under small_counts"), ({"topic": "supply", "small_counts": SMALL}, "supply counts nobody"),
        ({"topic": "statistic", "regions": ["53", COUNTY]}, f"{COUNTY} lies in 53"), ({"topic": "supply", "purpose": "other"}, "no purpose declared for other"),
    ],
    ids=["topic", "fields", "observed", "nobody", "nested", "purpose"],
)  # fmt: skip
def test_a_subscription_that_cannot_be_is_refused(asked: dict[str, Any], says: str) -> None:
    """With what to write instead."""
    with pytest.raises(ValidationError, match=says):
        county(asked)


def test_a_topic_for_a_purpose_stands_once() -> None:
    """Two would be one bulletin under one key."""
    with pytest.raises(ValidationError, match="stands twice"):
        county({"topic": "supply"}, {"topic": "supply", "regions": ["53"]})


def test_rows_of_before_bulletins_are_read() -> None:
    """A row of version 10, as its released form has it, becomes the row that is written now; rows of other tables stay."""
    trial = Trial(stage([agency()], KEYS))
    trial.give(case(), Tick(at=NOON))
    form = fastavro.parse_schema(recorded("routing")[10]["1"][0])
    kinds = set()
    for key, value in trial.rows():
        old = value
        if key[0] == SENT.number:
            body = BytesIO()
            fastavro.schemaless_writer(body, form, held(value).model_dump())
            old = value[:16] + body.getvalue()
            assert old != value
        assert list(trial.stage.migrations[10](key, old)) == [(key, value)]
        kinds.add(key[0])
    assert len(kinds) > 1
