"""Signals come when a day is over, and go when counts are corrected."""

from __future__ import annotations

import pytest

from schemas.models.control import Tick
from schemas.models.signal import Attendance, Signal, Silence
from schemas.models.statistic import Measure, Statistic
from streams.policy import load
from streams.signals.days import number, over
from streams.signals.stage import CLOCK, stage
from streams.stage import Verdict
from streams.standing import standing
from tests.streams.trial import DAY, Trial, token

END = over(number("2020-02-08"))


def count(people: int, day: str = "2020-02-08", value: str = "suspected", region: str = "530624", measure: Measure = Measure.REPORT) -> Statistic:
    """How many were reported."""
    return Statistic.of(causes=[token("somebody")], at=0, region=region, measure=measure, value=value, day=day, count=people)


def attended(day: str, visit: str = "") -> Attendance:
    """The clinic reported a visit."""
    return Attendance.of(causes=[token(visit + day)], at=0, place="CLIN-1", day=day)


def signals(inside: Trial) -> list[Signal]:
    """What stands."""
    return [one for one in standing("signal", ((emit.key, emit.value) for emit in inside.wrote if emit.topic == "signal")).values() if isinstance(one, Signal)]


def silent(inside: Trial) -> list[Silence]:
    """Who is silent."""
    return [one for emit in inside.wrote for one in standing("signal.silence", [(emit.key, emit.value)]).values() if isinstance(one, Silence)]


def test_a_day_is_judged_when_it_is_over() -> None:
    """Not a millisecond before midnight in China, and once; the same with the tick first."""
    late, early = Trial(stage(load())), Trial(stage(load()))
    late.give(count(5), Tick(at=END - 1))
    assert signals(late) == []
    late.give(Tick(at=END))
    early.give(Tick(at=END))
    early.give(count(5))
    assert signals(late) == signals(early) != []
    assert signals(late)[0].at == END


def test_classifications_are_one_series() -> None:
    """Two suspected and two confirmed are four cases; both facts are causes."""
    inside = Trial(stage(load()))
    parts = [count(2), count(2, value="confirmed")]
    inside.give(Tick(at=END), *parts)
    (found,) = signals(inside)
    assert found.observed == 4
    assert found.causes == sorted(one.id for one in parts)
    assert all(text in found.why for text in ("4 cases reported in 530624 on 2020-02-08", "EARS C2", "no more than 1"))


def test_one_patient_in_three_systems_is_one() -> None:
    """When three reports turn out to be one person's, the count is taken back, and with it the signal."""
    inside = Trial(stage(load()))
    inside.give(Tick(at=END), count(3))
    assert len(signals(inside)) == 1
    inside.give(count(3).taken_back(), count(1))
    assert signals(inside) == []
    inside.give(count(1).taken_back())
    assert {key[0] for key, _ in inside.state.scan(b"", b"\xff")} == {CLOCK.number}


def test_days_before_that_are_corrected_change_what_is_too_many() -> None:
    """A late record of an earlier day raises what was to be expected; one of a month before is only judged itself."""
    inside = Trial(stage(load()))
    inside.give(Tick(at=END), count(4))
    first = signals(inside)
    assert {emit.value.day for emit in inside.give(count(9, day="2020-01-08"))} == {"2020-01-08"}  # type: ignore[attr-defined]
    inside.give(*(count(9, day=f"2020-02-0{day}") for day in range(1, 7)))
    assert [one.id for one in signals(inside) if one.day == "2020-02-08"] != [one.id for one in first]
    assert [one for one in signals(inside) if one.day == "2020-02-08"] == []


@pytest.mark.parametrize("other", [count(9, region="53"), count(9, region="530624100001"), count(9, measure=Measure.ONSET)], ids=["province", "community", "onset"])
def test_what_is_not_watched_is_no_signal(other: Statistic) -> None:
    """Regions and measures are those of the policy."""
    inside = Trial(stage(load()))
    inside.give_each([other, Tick(at=END)])
    assert signals(inside) == []
    assert inside.verdicts[0] is Verdict.DUPLICATE


def test_a_tick_looks_at_what_ends_by_it_alone() -> None:
    """A thousand days that were judged are not judged again."""
    inside = Trial(stage(load()))
    inside.give(Tick(at=END), *(count(5, region=f"{530000 + place}") for place in range(100)))
    before = len(inside.wrote)
    inside.give_each([Tick(at=END + DAY), Tick(at=END + DAY)])
    assert len(inside.wrote) == before
    assert inside.verdicts[-2:] == [Verdict.APPLIED, Verdict.DUPLICATE]


def test_a_clinic_that_reported_daily_falls_silent() -> None:
    """Five days of a week, and then two days without any: silent until a report of a later day comes; a second visit of a day changes nothing."""
    inside = Trial(stage(load()))
    inside.give(*(attended(f"2020-02-0{day}") for day in (1, 2, 3, 5, 6)), attended("2020-02-06", "again"))
    inside.give(Tick(at=END - 1))
    assert silent(inside) == []
    inside.give(Tick(at=END))
    (found,) = silent(inside)
    assert (found.last, found.days, found.at) == ("2020-02-06", 5, END)
    inside.give(attended("2020-02-08"))
    assert inside.wrote[-1].value == found.taken_back()


def test_a_clinic_that_seldom_reports_is_not_silent() -> None:
    """Four days of a week are no habit."""
    inside = Trial(stage(load()))
    inside.give(Tick(at=END + 9 * DAY), *(attended(f"2020-02-0{day}") for day in (1, 2, 3, 5)))
    assert silent(inside) == []
