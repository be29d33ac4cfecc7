"""What people did in a drill: how many tasks in time, how long they took, and what is left undone."""

from __future__ import annotations

from collections.abc import Iterable
from statistics import median
from typing import NamedTuple

from schemas.models.fact import Millis
from schemas.models.task import Progress, Task


class Reaction(NamedTuple):
    """How an owner did with tasks of one kind. `took` is the median from opening to end, milliseconds of the story; None when none has ended."""

    owned_by: str
    owner: str
    work: str
    tasks: int
    in_time: int
    late: int
    overdue: int
    open: int
    took: Millis | None


def reactions(found: Iterable[Task]) -> list[Reaction]:
    """By owner and kind of task, what is overdue first; what was not applicable is left out."""
    groups: dict[tuple[str, str, str], list[Task]] = {}
    for one in found:
        if one.state is not Progress.NOT_APPLICABLE:
            groups.setdefault((one.owned_by.value, one.owner, one.work.value), []).append(one)
    return sorted((_reaction(*whose, mine) for whose, mine in groups.items()), key=lambda one: (-one.overdue, -one.late, one.owner, one.work))


def _reaction(owned_by: str, owner: str, work: str, mine: list[Task]) -> Reaction:
    done = [one for one in mine if one.state is Progress.DONE]
    in_time = sum(one.at <= one.due for one in done)
    overdue = sum(one.state is Progress.OVERDUE for one in mine)
    took = int(median(one.at - one.opened for one in done)) if done else None
    return Reaction(owned_by, owner, work, len(mine), in_time, len(done) - in_time, overdue, len(mine) - len(done) - overdue, took)
