"""What care visits and clock-ins of who isolates ask for: services, and why nobody was at home. And what they end: the daily check.

What is asked for again before it is done is one task, that of the first time. It is over when the isolation is, or falls with what asked for it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass

from schemas.models.case import Entry, LinkedCase, What
from schemas.models.fact import Millis
from schemas.models.isolation import Isolation
from schemas.models.record import Remark, Service, Work
from schemas.models.screening import Screened
from streams.policy import Policy
from streams.tasks.duty import Told
from streams.tasks.told import reports


@dataclass(frozen=True, slots=True)
class Asked:
    """Something to do: because of which line, when it was asked for last, and what is told of it besides reports."""

    work: Work
    cause: Entry
    last: Millis
    told: list[Told]


def met(case: LinkedCase, since: Millis) -> list[Told]:
    """The care visits that reached the person from a moment on."""
    lines = (line for line in case.timeline if line.what is What.CARED and line.at >= since)
    return [Told(at=line.at, what=What.DONE, by=line.other or "", remark=Remark(line.note), evidence=line.evidence) for line in lines]


def asks(case: LinkedCase, apart: Isolation, policy: Policy) -> Iterator[Asked]:
    """The services that were asked for during the isolation; and why who was told to stay was not there, until a visit reaches the person."""
    for service in Service:
        work = Work(service)
        lines = _during(case, What.ASKED, apart.at, apart.until, work)
        yield from _open(work, lines, [one.at for one in reports(case, work, 0) if one.ends], [])
    if apart.told is not None:
        lines = _during(case, What.ABSENT, apart.told + policy.breaches.way, apart.until)
        seen = met(case, 0)
        ends = [one.at for one in [*reports(case, Work.BREACH, 0), *seen] if one.ends]
        yield from _open(Work.BREACH, lines, ends, seen)


def offered(case: LinkedCase, apart: Isolation, screened: Iterable[Screened]) -> Screened | None:
    """The first screening that asks to offer support since that was done last; when none did since then, that which was answered; None without any."""
    asks = sorted((one for one in screened if one.offer and apart.at <= one.at < apart.until), key=lambda one: (one.at, one.id))
    if not asks:
        return None
    before = max((one.at for one in reports(case, Work.SUPPORT, 0) if one.ends and one.at < asks[-1].at), default=-1)
    return next(one for one in asks if one.at > before)


def _during(case: LinkedCase, what: What, since: Millis, until: Millis, note: str = "") -> list[Entry]:
    return [line for line in case.timeline if line.what is what and since <= line.at < until and line.note == note]


def _open(work: Work, lines: list[Entry], ends: Collection[Millis], told: list[Told]) -> Iterator[Asked]:
    """What the last of some lines asks for, from the first of them that came after all that ended it before."""
    if lines:
        last = lines[-1].at
        before = max((at for at in ends if at < last), default=-1)
        cause = next(line for line in lines if line.at > before)
        yield Asked(work, cause, last, [one for one in told if one.at >= cause.at])
