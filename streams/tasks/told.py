"""What a linked case tells of tasks: the reports in its timeline, and what else shows that something was done."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from schemas.models.case import Entry, LinkedCase, What
from schemas.models.fact import Millis, fact_id
from schemas.models.record import Remark, Work
from streams.cases.fold import REPORTED
from streams.tasks.duty import Told


def name_of(case: LinkedCase, work: Work, cause: Entry) -> str:
    """The name of a task."""
    return fact_id("task", case.person, work, cause.evidence)


def reports(case: LinkedCase, work: Work, since: Millis, counts: Callable[[Entry], bool] = lambda _: True) -> list[Told]:
    """What reports say of a kind of task from a moment on."""
    return [told(entry) for entry in case.timeline if entry.what in REPORTED and entry.at >= since and entry.note.split(" ")[0] == work and counts(entry)]


def shown(entries: Iterable[Entry], since: Millis, what: What = What.DONE, remark: Remark | None = None) -> list[Told]:
    """What records from a moment on show of it: that it was done, or needs doing no more."""
    return [Told(at=entry.at, what=what, by=entry.place or "", remark=remark, evidence=entry.evidence) for entry in entries if entry.at >= since]


def told(entry: Entry) -> Told:
    """What one report says."""
    _, _, remark = entry.note.partition(" ")
    return Told(at=entry.at, what=entry.what, by=entry.other or "", remark=Remark(remark) if remark else None, evidence=entry.evidence)
