"""Risk areas that are declared late, ended or taken back decide who came back from one, and look only at whom they can concern."""

from __future__ import annotations

from typing import Any

import pytest

from schemas.avro import unpack
from schemas.models.case import Evidence, What
from schemas.models.control import RiskArea
from schemas.models.identity import Link
from schemas.models.record import Travel
from streams.cases import returns
from streams.cases.evidence import stage
from streams.policy import load
from streams.stage import Verdict
from tests.streams.cases.pieces import ME, OTHER, day
from tests.streams.trial import DAY, Trial

POLICY = load()
STAGE = stage(POLICY)


def came(number: float = 20, left: float | None = 19, alias: str = ME, came_from: str = "430104", record: str = "r") -> Travel:
    """A return by its day of arrival and of leaving."""
    return Travel.of(causes=["raw"], at=day(number), source="s", record=record, alias=alias, region="530624100001", came_from=came_from,
                     left=None if left is None else day(left))  # fmt: skip


def area(first: float = 18, last: float = 40, region: str = "4301", **more: Any) -> RiskArea:
    """An area by its days."""
    content = {"at": day(first), "until": day(last), "region": region, "legal_basis": "An invented law, art. 1", "by": "OP-1", "approved_by": "OP-2"}
    return RiskArea.of(causes=[], **(content | more))


def returned(trial: Trial) -> set[tuple[str, int]]:
    """Who came back, and when."""
    return {(one.person, one.at) for one in trial.stands("case.evidence") if isinstance(one, Evidence) and one.what is What.RETURNED}


@pytest.mark.parametrize("first", ["area", "record"])
def test_a_late_area_is_as_good_as_an_early_one(first: str) -> None:
    """The same evidence, whichever came first; taken back with the area, and with the record."""
    trial, told = Trial(STAGE), [area(), came()]
    trial.give_each(told if first == "area" else reversed(told))
    assert returned(trial) == {(ME, day(20))}
    trial.give(area().taken_back())
    assert returned(trial) == set()
    trial.give(area())
    trial.give(came().taken_back())
    assert returned(trial) == set()


@pytest.mark.parametrize(("one", "risky"), [
    (area(), True), (area(region="43"), True), (area(region="430105"), False), (area(region="44"), False), (area(20.5), False), (area(19.5), True), (area(10, 19), False),
    (area(10, 19.1), True), (area(10, 10), False), (area(-100, 40), False)],
    ids=["county", "province", "another county", "another province", "begins after", "begins on the way", "ended before", "ends on the way", "never", "past the longest"])  # fmt: skip
def test_where_and_when(one: RiskArea, risky: bool) -> None:
    """An area counts for what lies in it, if it was one at some moment from leaving to arrival, and for no longer than the policy allows."""
    trial = Trial(STAGE)
    trial.give(came(), one)
    assert returned(trial) == ({(ME, day(20))} if risky else set())


def test_of_two_areas_one_is_enough() -> None:
    """The evidence is the same by either, is told once, and stays while one of them does; an area of the policy is never taken back."""
    trial, wider = Trial(STAGE), area(region="43")
    trial.give(came(), came(record="w", came_from="4201", alias=OTHER))
    assert [len(trial.give(one)) for one in (area(), wider, area().taken_back())] == [1, 0, 0]
    assert returned(trial) == {(ME, day(20)), (OTHER, day(20))}
    assert [len(trial.give(one)) for one in (area(region="42"), area(region="42").taken_back(), wider.taken_back())] == [0, 0, 1]
    assert returned(trial) == {(OTHER, day(20))}


def test_told_twice() -> None:
    """An area that stands already is a duplicate, and one that falls without having stood."""
    trial = Trial(STAGE)
    trial.give_each([area(), area(), area().taken_back(), area().taken_back()])
    assert trial.verdicts == [Verdict.APPLIED, Verdict.DUPLICATE] * 2


def test_it_is_addressed_to_the_person() -> None:
    """Evidence that a late area makes goes to the person whom the alias belongs to by then, and moves with the alias."""
    trial = Trial(STAGE)
    trial.give(came(), Link.of(causes=["match"], at=day(1), alias=ME, person=OTHER, reasons=["same account"], since=day(0)), area())
    assert returned(trial) == {(OTHER, day(20))}
    trial.give(Link.of(causes=["apart"], at=day(2), alias=ME, person=ME, reasons=["no evidence"], since=day(0)))
    assert returned(trial) == {(ME, day(20))}


def test_an_area_looks_at_its_own_province_and_time_only(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of a year of returns from two provinces, an area of three days reads those from its province that arrived within it or the window after it."""
    trial, looked = Trial(STAGE), list[bytes]()
    trial.give(*(came(number, number - 1, record=f"{number} {where}", came_from=where) for number in range(365) for where in ("430104", "440106")))

    def counted(model: type[returns.Return], data: bytes) -> returns.Return:
        looked.append(data)
        return unpack(model, data)

    monkeypatch.setattr(returns, "unpack", counted)
    trial.give(area(100, 103))
    assert (len(looked), len(returned(trial))) == (3 + POLICY.return_window // DAY, 4)
