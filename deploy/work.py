"""What stands on the topic `task`, for those who work and those who supervise; and what a report on a task says, as its source sends it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta, timezone
from typing import NamedTuple

from connectors.reader import Entry, Reader
from schemas.models.fact import Millis
from schemas.models.record import Handling, Remark
from schemas.models.task import Owner, Progress, Task
from streams.standing import standing

SOURCE = "task-report"
_CHINA = timezone(timedelta(hours=8))
_ENDED = (Progress.DONE, Progress.NOT_APPLICABLE)


class NotOne(Exception):
    """No task, or several, are meant; the message says what to do."""


class Late(NamedTuple):
    """How much is overdue of one kind in one region, and since when the oldest was due (UTC milliseconds)."""

    region: str
    work: str
    tasks: int
    oldest: Millis


class Kept(NamedTuple):
    """How many tasks an owner did by the time they were due, how many later, and how many are overdue still."""

    owned_by: str
    owner: str
    in_time: int
    late: int
    overdue: int

    @property
    def share(self) -> float:
        """The part that was done in time."""
        return self.in_time / (self.in_time + self.late + self.overdue)


def tasks(reader: Reader) -> list[Task]:
    """The tasks that stand, in the order in which their owner should do them."""
    return stands(reader.read("task"))


def stands(entries: Iterable[Entry]) -> list[Task]:
    """The tasks that stand after these messages: open ones first, what is due first before all else."""
    values = standing("task", ((entry.key, entry.value) for entry in entries if entry.value is not None)).values()
    return sorted((one for one in values if isinstance(one, Task)), key=lambda one: (one.state in _ENDED, one.due, one.work, one.task))


def chosen(found: Iterable[Task], worker: str | None = None, region: str | None = None, clinic: str | None = None, *, late: bool = False,
           ended: bool = False) -> list[Task]:  # fmt: skip
    """Those that a grid worker or a facility has, or that lie in a region; overdue ones only; and, when they are asked for, those that have ended."""
    return [
        one for one in found
        if (ended or one.state not in _ENDED) and (not late or one.state is Progress.OVERDUE) and (region is None or (one.region or "").startswith(region))
        and (worker is None or (one.owner == worker and one.owned_by is Owner.GRID_WORKER)) and (clinic is None or clinic in (one.owner, one.responsible))
    ]  # fmt: skip


def one_task(found: Iterable[Task], name: str) -> Task:
    """The task whose name begins so; raises NotOne."""
    meant = [one for one in found if one.task.startswith(name)]
    if len(meant) != 1:
        raise NotOne(f"{len(meant) or 'no'} tasks begin with {name}; `lianfang tasks list` shows them")
    return meant[0]


def late_by_region(found: Iterable[Task], digits: int) -> list[Late]:
    """What is overdue, by the first digits of its region and by kind, the most first."""
    groups: dict[tuple[str, str], list[Task]] = {}
    for one in found:
        if one.state is Progress.OVERDUE:
            groups.setdefault(((one.region or "")[:digits], one.work.value), []).append(one)
    counted = [Late(region, work, len(mine), min(one.due for one in mine)) for (region, work), mine in groups.items()]
    return sorted(counted, key=lambda one: (-one.tasks, one.region, one.work))


def record(found: Iterable[Task], region: str = "") -> list[Kept]:
    """What each owner in a region has kept, the least in time first.

    What was not applicable counts for nobody, nor what is open and not yet due. Of what is done every day the task says its last day alone, so it counts once.
    """
    groups: dict[tuple[str, str], list[Task]] = {}
    for one in found:
        if one.state in (Progress.DONE, Progress.OVERDUE) and (one.region or "").startswith(region):
            groups.setdefault((one.owned_by.value, one.owner), []).append(one)
    return sorted((_kept(*owner, mine) for owner, mine in groups.items()), key=lambda one: (one.share, -one.overdue, one.owner))


def _kept(owned_by: str, owner: str, mine: list[Task]) -> Kept:
    done = [one for one in mine if one.state is Progress.DONE]
    in_time = sum(one.at <= one.due for one in done)
    return Kept(owned_by, owner, in_time, len(done) - in_time, len(mine) - len(done))


def report(task: Task, handling: Handling, by_: str, at: Millis, remark: Remark | None = None, to: str | None = None) -> dict[str, str]:
    """What the source `task-report` sends about a task. The same said twice is the same record; raises NotOne when it lies before the task."""
    if at < task.opened:
        raise NotOne("that moment lies before the task opened, so it would say nothing about it: name another with --at")
    fields = {
        "by": by_, "report_no": f"{task.task}-{handling.value}-{at}", "revision": "1", "person": task.person, "task": task.work.value,
        "outcome": handling.value, "at": (datetime(1970, 1, 1, tzinfo=UTC) + timedelta(milliseconds=at)).astimezone(_CHINA).isoformat(timespec="seconds"),
    }  # fmt: skip
    more = {"reason": remark, "region": task.region, "to": to, "facility": task.owner if task.owned_by is Owner.FACILITY else None}
    return fields | {name: str(value) for name, value in more.items() if value}
