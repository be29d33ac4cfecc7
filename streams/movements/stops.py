"""From records to presences: which records say that someone was somewhere, and how scans in and out pair up.

A scan in is paired with the next scan at the same place when that is a scan out within the longest stay. What one scan means depends only on it and
its neighbours, so a late, corrected or retracted scan changes at most two presences, however long the history is.
"""

from __future__ import annotations

from typing import NamedTuple

from schemas.models.fact import Millis
from schemas.models.movement import Presence
from schemas.models.record import Crossing, Direction, Disposition, Gate, Record, Scan, Step, Visit
from streams.policy import Policy

_AT_THE_CLINIC = {Disposition.OBSERVED, Disposition.SUSPECTED}


class Stop(NamedTuple):
    """One end of a stay: a scan in or out."""

    id: str
    at: Millis
    direction: Direction
    region: str | None
    sealed: bytes


def passing(record: Record, policy: Policy) -> tuple[str, Millis] | None:
    """Place and end of the presence that a record states by itself, or None when it states none.

    A gate or a port is passed in a moment: who then is inside a community is not at one place with all others there.
    """
    match record:
        case Scan(direction=Direction.PASS) | Gate() | Crossing():
            return record.place, record.at
        case Visit() if record.disposition in _AT_THE_CLINIC:
            return record.place, record.at + policy.assumed_stay
        case Step(precise=True, place=str()) if record.until - record.at <= policy.longest_step:
            return str(record.place), record.until
    return None


def staying(alias: str, place: str, stop: Stop, before: Stop | None, after: Stop | None, policy: Policy) -> Presence | None:
    """The presence that begins with this scan, given the scans next to it at the place, or None when an earlier one has it."""
    if stop.direction is Direction.IN:
        if after and after.direction is Direction.OUT:
            return _presence(alias, place, [stop.id, after.id], stop.at, after.at, stop)
        return _presence(alias, place, [stop.id], stop.at, stop.at + policy.assumed_stay, stop)
    if before and before.direction is Direction.IN:
        return None
    return _presence(alias, place, [stop.id], stop.at - policy.assumed_stay, stop.at, stop)


def _presence(alias: str, place: str, causes: list[str], at: Millis, until: Millis, stop: Stop) -> Presence:
    return Presence.of(causes=causes, at=at, alias=alias, place=place, region=stop.region, until=until, sealed=stop.sealed)
