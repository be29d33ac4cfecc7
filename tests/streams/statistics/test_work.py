"""What tasks and reports of absence count as, and that a report takes the place of the one before."""

from __future__ import annotations

import pytest

from schemas.models.case import What
from schemas.models.record import Absence, Institution, Work
from schemas.models.signal import Attendance
from schemas.models.statistic import Cell, Counted, Measure
from schemas.models.task import Owner, Progress, Task
from streams.statistics import counted, stage
from streams.statistics.cells import counts_once
from streams.statistics.places import absent
from streams.statistics.work import kept
from tests.streams.trial import DAY, Trial, values

DUE = 1580688000000
ILL = Absence.of(causes=["a" * 32], at=DUE, source="absence", record="1" * 32, alias="2" * 32, region="530624107", place="SCH-1", institution=Institution.SCHOOL, enrolled=40, ill=7)
WELL = Absence.of(causes=["b" * 32], at=DUE, source="absence", record="1" * 32, alias="2" * 32, region="530624107", place="SCH-1", institution=Institution.SCHOOL, enrolled=40, ill=0)


def task(state: Progress, at: int = DUE) -> Task:
    """A visit that was due on 2020-02-03 at eight in the morning."""
    return Task.of(
        causes=["a" * 32], at=at, task="3" * 32, person="4" * 32, work=Work.VISIT, reason=What.RETURNED, owned_by=Owner.GRID_WORKER, owner="GW-1", responsible="GW-1",
        region="530624100001003", opened=DUE - DAY, due=DUE, state=state,
    )  # fmt: skip


@pytest.mark.parametrize(("state", "at", "how"), [
    (Progress.OPEN, DUE - DAY, "open"), (Progress.ACCEPTED, DUE - 1, "open"), (Progress.OVERDUE, DUE, "overdue"), (Progress.DONE, DUE, "in_time"),
    (Progress.DONE, DUE + 1, "late_1"), (Progress.DONE, DUE + DAY, "late_1"), (Progress.DONE, DUE + DAY + 1, "late_2"), (Progress.NOT_APPLICABLE, DUE, None),
])  # fmt: skip
def test_how_a_task_was_kept(state: Progress, at: int, how: str | None) -> None:
    """In time up to the moment itself; late by the days that had begun; what did not apply counts for nobody."""
    found = kept(task(state, at))
    assert (found and found.cells) == (how and [Cell(measure=Measure.TASK, value=f"visit/{how}", day="2020-02-03")])
    assert found is None or found.region == "530624100001"


def test_a_report_of_absence() -> None:
    """It counts as many as were ill, and says that the school reported, on a working day; a corrected one takes its place, in whatever order both are told."""
    assert (absent(ILL).count, absent(ILL).cells) == (7, [Cell(measure=Measure.ABSENCE, value="school", day="2020-02-03")])
    assert absent(WELL).cells == []
    trial = Trial(counted.stage())
    (told,) = values(trial.give(ILL), Attendance)
    assert (told.place, told.day, told.working_days) == ("SCH-1", "2020-02-03", True)
    trial.give(WELL)
    assert values(trial.give(ILL.taken_back()), Counted) == []
    first = {one.id for one in values(Trial(counted.stage()).give(WELL), Counted)}
    assert {one.id for one in values(trial.give(WELL.taken_back()), Counted) if one.retracted} == first


def test_rows_of_before_counted_one_each() -> None:
    """What is migrated is what one would write now."""
    table = stage.stage().tables[0]
    (row,) = counts_once(table)(bytes((table.number,)) + b"x", b"old")
    assert row == (bytes((table.number,)) + b"x", b"old\x02")
    assert list(counts_once(table)(b"\x09x", b"old")) == [(b"\x09x", b"old")]
