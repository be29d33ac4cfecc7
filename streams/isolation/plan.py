"""What the plan asks for: the last isolation that follows from a linked case.

Contacts and returns ask for it, and the discharge of a patient. Whoever is ill is treated and not observed; whoever died or left the country is not looked for.
A contact or return while the person is apart prolongs an isolation, one after it begins another.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from schemas.models.case import Entry, LinkedCase, Role, Status, What
from schemas.models.fact import Millis
from schemas.models.record import Direction
from streams.isolation.days import Due, due
from streams.policy import Policy

GROUNDS = {What.CONTACT: Role.CONTACT, What.RETURNED: Role.RETURNEE, What.RECOVERED: Role.CASE}
"""What asks for isolation, and the reason that it is."""


@dataclass(frozen=True, slots=True)
class Planned:
    """An isolation: what it follows from in order of time, what makes it last longest, and until when."""

    grounds: tuple[Entry, ...]
    longest: Entry
    due: Due


def planned(case: LinkedCase, policy: Policy) -> Planned | None:
    """The last one of a case, if any."""
    found: Planned | None = None
    for line in _grounds(case):
        term = due(line.until, GROUNDS[line.what], policy.isolation)
        if term:
            goes_on = found and line.at < found.due.until and not _left(case, found.grounds[-1].at, line.at)
            found = _longer(found, line, term) if found and goes_on else Planned((line,), line, term)
    return None if found is None or _left(case, found.grounds[-1].at, found.due.until) else found


def _longer(found: Planned, line: Entry, term: Due) -> Planned:
    longest, later = (line, term) if term.until > found.due.until else (found.longest, found.due)
    return Planned((*found.grounds, line), longest, replace(later, site_until=latest([term.site_until, found.due.site_until])))


def latest(moments: Iterable[Millis | None]) -> Millis | None:
    """The last of some moments, None when there is none."""
    return max((one for one in moments if one is not None), default=None)


def _grounds(case: LinkedCase) -> list[Entry]:
    if case.status is Status.DIED:
        return []
    if case.classification is None:
        return [line for line in case.timeline if line.what in (What.CONTACT, What.RETURNED)]
    return [line for line in case.timeline if line.what is What.RECOVERED and case.status is Status.RECOVERED]


def _left(case: LinkedCase, since: Millis, until: Millis) -> bool:
    """Whether the person crossed the border outwards from a moment on and before another."""
    return any(line.what is What.STAY and line.note == Direction.OUT and since <= line.at < until for line in case.timeline)
