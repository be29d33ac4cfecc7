"""A duty: what somebody has to do because of one thing that happened, with all that was told of it since.

How far it is follows from that, from the policy, and from how late it is.
"""

from __future__ import annotations

from collections.abc import Iterable

from pydantic import Field

from schemas.models.case import What
from schemas.models.fact import Millis, Model
from schemas.models.record import Remark, Work
from schemas.models.task import Owner, Progress, Task
from streams.late import risen, rises
from streams.policy import Policy

_RANK = (What.DONE, What.NOT_APPLICABLE, What.ACCEPTED, What.HANDED_OVER, What.REFUSED)
_ENDS = {What.DONE: Progress.DONE, What.NOT_APPLICABLE: Progress.NOT_APPLICABLE}


class Told(Model):
    """One thing told of a duty: a report, or a record that shows that it is done or needs doing no more."""

    at: Millis
    what: What
    by: str
    remark: Remark | None = None
    evidence: str

    @property
    def ends(self) -> bool:
        """Whether nothing is to be done after it."""
        return self.what in _ENDS


class Duty(Model):
    """What has to be done, by whom, from when. With `every` it comes again as often as `rounds` says, each time until the next."""

    task: str
    person: str
    work: Work
    cause: str
    reason: What
    owned_by: Owner
    owner: str
    responsible: str
    other: str | None = None
    region: str | None = None
    opened: Millis
    every: int = 0
    rounds: int = 1
    told: list[Told] = Field(default_factory=list)


def in_order(told: Iterable[Told]) -> list[Told]:
    """By time; of one moment what ends a duty first, and so on, that no order of arrival shows."""
    return sorted(told, key=lambda one: (one.at, _RANK.index(one.what), one.by, one.remark or "", one.evidence))


def task(duty: Duty, now: Millis, policy: Policy) -> Task:
    """How far a duty is when the latest tick is `now`."""
    start, end = _round(duty, now)
    until_now = [one for one in duty.told if end is None or one.at < end]
    told = [one for one in until_now if one.at >= start]
    ended, last = next((one for one in told if one.ends), None), told[-1] if told else None
    owned_by, owner = _owner(duty, until_now)
    has = last is not None and last.what in (What.ACCEPTED, What.DONE)
    due = start + policy.tasks[duty.work]
    state, at, level = Progress.ACCEPTED if has else Progress.OPEN, last.at if last else start, None
    if ended:
        state, at = _ENDS[ended.what], ended.at
    elif now > due:
        state = Progress.OVERDUE
        at, level = risen(due, now, duty.region, policy)
    told_by = ended or last
    return Task.of(
        causes=sorted({duty.cause, *(one.evidence for one in told)}), at=at, task=duty.task, person=duty.person, work=duty.work, reason=duty.reason,
        owned_by=owned_by, owner=owner, responsible=owner if has or duty.responsible == duty.owner else duty.responsible, other=duty.other,
        region=duty.region, opened=start, due=due, state=state, escalated_to=level, by=ended.by if ended else None,
        remark=told_by.remark if told_by else None,
    )  # fmt: skip


def to_come(duty: Duty, now: Millis) -> bool:
    """Whether nobody has to know of a duty yet: a stay may be long, and only when it is too long is there anything to do."""
    return duty.work in (Work.OVERSTAY, Work.INSPECT) and now <= duty.opened


def changes_at(duty: Duty, now: Millis, policy: Policy) -> Millis | None:
    """The moment after which a duty is another than it is at `now`, if nothing more is told; None if there is none."""
    if to_come(duty, now):
        return duty.opened
    start, end = _round(duty, now)
    moments = [] if end is None else [end]
    if not any(one.ends for one in duty.told if one.at >= start and (end is None or one.at < end)):
        moments += rises(start + policy.tasks[duty.work], policy)
    return min((one for one in moments if one >= now), default=None)


def _round(duty: Duty, now: Millis) -> tuple[Millis, Millis | None]:
    """Beginning and end of the round that is on at a moment; the first before all, and the last for ever."""
    if not duty.every:
        return duty.opened, None
    number = min(max((now - duty.opened - 1) // duty.every, 0), duty.rounds - 1)
    start = duty.opened + number * duty.every
    return start, start + duty.every if number < duty.rounds - 1 else None


def _owner(duty: Duty, told: Iterable[Told]) -> tuple[Owner, str]:
    """Who has a duty: whoever took it over last; what a grid worker refuses is the community's."""
    owned_by, owner = duty.owned_by, duty.owner
    for one in told:
        if one.what is What.HANDED_OVER:
            owned_by, owner = duty.owned_by if duty.owned_by in (Owner.FACILITY, Owner.BORDER) else Owner.GRID_WORKER, one.by
        elif one.what is What.REFUSED and duty.owned_by is Owner.GRID_WORKER and duty.region:
            owned_by, owner = Owner.COMMUNITY, duty.region[:12]
    return owned_by, owner
