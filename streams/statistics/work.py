"""What a task counts as: its kind, how it was kept, and the day in China by which it was due.

What is not applicable counts for nobody. Screenings and offers of support are not counted: how many there are in a village would tell who is not well (033).
What was done late counts by the days that had begun since it was due.
"""

from __future__ import annotations

from schemas.models.statistic import Cell, Counted, Measure
from schemas.models.task import CONFIDENTIAL, Progress, Task
from streams.statistics.cells import LEVELS, UNKNOWN, day

_DAY = 86_400_000


def kept(task: Task) -> Counted | None:
    """What a task counts as; None of one that did not apply, or is not counted."""
    how = _how(task)
    if how is None:
        return None
    cell = Cell(measure=Measure.TASK, value=f"{task.work}/{how}", day=day(task.due))
    return Counted.of(causes=[task.id], at=task.at, person=task.task, region=(task.region or UNKNOWN)[: LEVELS[-1]], cells=[cell])


def _how(task: Task) -> str | None:
    if task.state is Progress.NOT_APPLICABLE or task.work in CONFIDENTIAL:
        return None
    if task.state is not Progress.DONE:
        return "overdue" if task.state is Progress.OVERDUE else "open"
    return "in_time" if task.at <= task.due else f"late_{-((task.due - task.at) // _DAY)}"
