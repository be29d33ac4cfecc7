"""Crossings of the border in the timeline of a linked case: pairs of entry and exit, what is missing of them, and how somebody who crosses is known.

All of it follows from the lines that stand, whatever came first. Nothing is made up about a crossing that is missing.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from schemas.models.case import Entry, LinkedCase, What
from schemas.models.crossing import KnownBy
from schemas.models.fact import Millis
from schemas.models.record import Direction, Papers
from streams.policy import Policy

_ABROAD = frozenset(one.value for one in Papers if one is not Papers.RESIDENT)
"""Papers of somebody who is not at home here, as the note of a crossing begins with them."""


class Pair(NamedTuple):
    """An entry with the exit that ends the stay; either may not be there. `again` is the next entry, where the person entered again with no exit between."""

    entry: Entry | None
    exit: Entry | None
    again: Entry | None = None


def pairs(case: LinkedCase) -> list[Pair]:
    """The stays of somebody from abroad, by time. An exit at the moment of an entry ends that stay; an exit of a resident misses no entry."""
    found: list[Pair] = []
    inside: Entry | None = None
    for line in sorted(_crossings(case), key=lambda line: (line.at, line.what is What.STAY)):
        if line.what is What.ENTERED:
            found += [Pair(inside, None, line)] if inside else []
            inside = line
        elif inside or _foreign(case, line):
            found.append(Pair(inside, line))
            inside = None
    return [*found, Pair(inside, None)] if inside else found


def left_country(case: LinkedCase, since: Millis) -> list[Entry]:
    """Crossings of the border outwards from a moment on."""
    return [entry for entry in case.timeline if entry.what is What.STAY and entry.note == Direction.OUT and entry.at >= since]


def overstay(case: LinkedCase, policy: Policy) -> tuple[Entry, Millis] | None:
    """The last entry, with the moment at which the stay is over by its papers (UTC milliseconds); None for who was out again by then, or may stay."""
    entry = next((entry for entry in reversed(case.timeline) if entry.what is What.ENTERED), None)
    over = until(entry, policy) if entry else None
    if entry is None or over is None or any(left.at <= over for left in left_country(case, entry.at)):
        return None
    return entry, over


def until(entry: Entry, policy: Policy) -> Millis | None:
    """How long who entered so may stay, UTC milliseconds; None where the policy sets no end for such papers."""
    allowed = policy.stays.get(Papers(entry.note))
    return None if allowed is None else entry.at + allowed


def known_by(case: LinkedCase) -> frozenset[KnownBy] | None:
    """What the crossings of a person write down of who it is, all together; None when no crossing tells."""
    lines = identified(case)
    return frozenset(kind for kind in KnownBy for line in lines if kind in line.note.split(" ")) if lines else None


def without_phone(case: LinkedCase) -> bool:
    """Whether a person crosses of whom no crossing writes down a phone, and whose household nobody has registered."""
    return _never(case, KnownBy.PHONE)


def unnamed(case: LinkedCase) -> bool:
    """Whether a person crosses of whom no crossing writes down a name, and whose household nobody has registered."""
    return _never(case, KnownBy.NAME)


def often(case: LinkedCase, policy: Policy) -> Entry | None:
    """The crossing with which a person without a name had crossed as often within the window as the policy lets pass; None before that."""
    lines, count = identified(case), policy.crossings.often
    if not unnamed(case):
        return None
    closed = zip(lines, lines[count - 1 :], strict=False)
    return next((last for first, last in closed if last.at - first.at <= policy.crossings.window), None)


def lately(case: LinkedCase, policy: Policy) -> int:
    """How many crossings there were within the window that ends with the last one."""
    lines = identified(case)
    return sum(lines[-1].at - line.at <= policy.crossings.window for line in lines)


def identified(case: LinkedCase) -> list[Entry]:
    """The lines that say by what somebody who crossed is known, one for each crossing, by time."""
    return [line for line in case.timeline if line.what is What.IDENTIFIED]


def _never(case: LinkedCase, kind: KnownBy) -> bool:
    known = known_by(case)
    return known is not None and kind not in known and not any(line.what is What.RESIDENCE for line in case.timeline)


def _crossings(case: LinkedCase) -> Iterator[Entry]:
    """Entries of who is from abroad, and all exits."""
    yield from (line for line in case.timeline if line.what is What.ENTERED)
    yield from left_country(case, 0)


def _foreign(case: LinkedCase, exit_: Entry) -> bool:
    """Whether a crossing at this moment and place is known to be that of somebody from abroad."""
    return any(line.note.split(" ")[0] in _ABROAD for line in identified(case) if (line.at, line.place) == (exit_.at, exit_.place))
