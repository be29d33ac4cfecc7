"""Who met whom: cases are traced over the days in which they could pass the disease on, and all who were near them then are contacts."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from schemas.models.case import What
from schemas.models.control import Level, LevelInForce
from streams.policy import Policy
from tests.oracle.course import SURE, Course, course
from tests.oracle.evidence import Piece
from tests.oracle.grouped import grouped
from tests.oracle.persons import Identifiers
from tests.oracle.presences import Presence


@dataclass(frozen=True)
class Window:
    """When a person is traced, and how far from a case: 1 for a case, 2 for its contacts."""

    person: str
    start: int
    end: int
    depth: int


@dataclass(frozen=True)
class Contact:
    """A presence of an alias near a traced person, from `at` to `until`, both included."""

    alias: str
    person: str
    place: str
    region: str | None
    at: int
    until: int
    depth: int
    identifiers: Identifiers


@dataclass
class Traced:
    """The windows by person, the presences found in them, and the contacts."""

    windows: dict[str, Window] = field(default_factory=dict)
    found: set[Presence] = field(default_factory=set)
    contacts: set[Contact] = field(default_factory=set)
    exposed: set[tuple[str, str | None, int, int, int]] = field(default_factory=set)
    """Places with their region, from when until when a traced person exposed others there, lingering included, and the depth of the window."""


def trace(known: dict[str, list[Piece]], person_of: dict[str, str], presences: set[Presence], policy: Policy, levels: Iterable[LevelInForce]) -> Traced:
    """Trace the cases, then depth after depth those whom the last round found, if they are not traced already.

    `known` holds what records tell about each person, and `person_of` the person of each alias with a link. `levels` are those that stand.
    """
    declared = list(levels)
    traced = Traced()
    own = grouped(presences, lambda one: person_of.get(one.alias, one.alias))
    at_place = grouped(presences, lambda one: one.place)
    windows = [window for person, pieces in known.items() if (window := _of_case(person, pieces, course(pieces, policy), policy, declared))]
    for depth in range(1, policy.depth + 1):
        traced.windows |= {window.person: window for window in windows}
        for window in windows:
            _follow(window, traced, own.get(window.person, []), at_place, policy)
        further = [one for one in traced.contacts if one.depth == depth and allowed(one.region, one.at, policy, declared) > depth]
        windows = _of_contacts(further, person_of, traced.windows, policy)
    return traced


def allowed(region: str | None, at: int, policy: Policy, levels: list[LevelInForce]) -> int:
    """How many rounds the highest level at a place and moment allows; where none is in force, peace does."""
    most = policy.levels[Level.PEACE].depth
    for one in levels:
        entry = policy.levels[one.level]
        if region is not None and one.region == region[: len(one.region)] and one.at <= at < min(one.until, one.at + (entry.longest or 0)):
            most = max(most, entry.depth)
    return most


def _of_case(person: str, pieces: list[Piece], path: Course, policy: Policy, levels: list[LevelInForce]) -> Window | None:
    """From two days before onset, or without onset before what found the case, until the case was put apart, at most so long after it was found.

    A level that allows it must have been in force where the case was found or where the person lives.
    """
    if path.found is None or path.classification not in policy.tracing_statuses:
        return None
    homes = sorted((piece.at, piece.region or "", piece.note) for piece in pieces if piece.what is What.RESIDENCE)
    where = [piece.region for piece in pieces if piece.what in SURE and piece.at == path.found] + [region for _, region, _ in homes[-1:]]
    if not any(allowed(region, path.found, policy, levels) for region in [*where, None]):
        return None
    first = path.found if path.onset is None else min(path.onset, path.found)
    apart = [piece.at for piece in path.episode if piece.what in (What.ISOLATED, What.ADMITTED, What.DIED) and piece.at >= first]
    return Window(person, first - policy.before_onset, min([*apart, path.found + policy.infectious_after]), 1)


def _of_contacts(contacts: list[Contact], person_of: dict[str, str], windows: dict[str, Window], policy: Policy) -> list[Window]:
    """A contact is traced from the first contact of the smallest depth on."""
    first: dict[str, Contact] = {}
    for one in contacts:
        person = person_of.get(one.alias, one.alias)
        if person != one.person and person not in windows and (person not in first or one.at < first[person].at):
            first[person] = one
    return [Window(person, one.at, one.at + policy.infectious_after, one.depth + 1) for person, one in first.items()]


def _follow(window: Window, traced: Traced, mine: list[Presence], at_place: dict[str, list[Presence]], policy: Policy) -> None:
    """Everybody who was at a place while the traced person was there or shortly after; not the same alias, which meets itself everywhere."""
    for own in mine:
        if own.until < window.start or own.at > window.end:
            continue
        traced.found.add(own)
        start, end = max(own.at, window.start), min(own.until, window.end) + policy.lingering
        traced.exposed.add((own.place, own.region, start, end, window.depth))
        for other in at_place[own.place]:
            if other.alias != own.alias and other.at <= end and other.until >= start:
                traced.contacts.add(
                    Contact(other.alias, window.person, other.place, other.region, max(other.at, start), min(other.until, end), window.depth, other.identifiers)
                )
