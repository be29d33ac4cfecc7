"""What the stage `links` keeps of an alias: its profile, its ties to others, and what stewards decided about it; and the aliases that joining ties reach."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from typing import NamedTuple

from schemas.models.fact import Millis
from schemas.models.identity import Decision, Grade, Match, Profile, Shared, Verdict
from streams.rows import PREFIX, Table, moment, name, short
from streams.stage import State

MOST = 50
"""Others that one alias may be joined with; a handle of more is a shared device, or typed for want of another, and joins nobody."""
MATCHES = Table(1, "A match or a shared handle, under each of its two aliases, by the other and id.")
PROFILES = Table(2, "A standing profile of an alias, by id.")
DECISIONS = Table(3, "A steward's decision, under each of its two aliases, by the other, time and id.")
_OTHER = PREFIX + 16
"""Where the other alias ends in a key."""
_TIE = struct.Struct(">BqqB")
_AT = struct.Struct(">q")
_LINKS, _SCORED = 1, 2
Rows = dict[bytes, bytes]


class Tie(NamedTuple):
    """A match or a shared handle: id, grade, weight (None for a shared handle), moment, the facts behind it, and why."""

    id: str
    grade: Grade
    weight: int | None
    at: Millis
    causes: tuple[str, ...]
    reason: str


class Told(NamedTuple):
    """A profile: when the alias was first mentioned, what it is that nobody has two of, and what is sealed."""

    at: Millis
    only: str
    sealed: bytes


class Node(NamedTuple):
    """Everything about an alias. `crowded` says that it has too many ties to be of one person; they are left out then."""

    profile: Told | None
    ties: dict[str, list[Tie]]
    decided: dict[str, tuple[Verdict, str]]
    crowded: bool

    def joins(self) -> list[str]:
        """The others with whom this one is joined, as far as this one is concerned."""
        same = [other for other, (verdict, _) in self.decided.items() if verdict is Verdict.SAME]
        return same + [other for other, ties in self.ties.items() if other not in self.decided and any(tie.grade is Grade.LINK for tie in ties)]


def component(alias: str, state: State) -> dict[str, Node]:
    """The alias and all that can be reached from it over joining ties."""
    found: dict[str, Node] = {}
    waiting = [alias]
    while waiting:
        one = waiting.pop()
        if one not in found:
            found[one] = node(one, state)
            waiting += found[one].joins()
    return found


def node(alias: str, state: State) -> Node:
    """Everything about an alias."""
    ties: dict[str, list[Tie]] = {}
    joined: set[str] = set()
    for other, tie in _ties(alias, state):
        ties.setdefault(other, []).append(tie)
        if tie.grade is Grade.LINK:
            joined.add(other)
            if len(joined) > MOST:
                break
    crowded = len(joined) > MOST
    decided = {row[PREFIX:_OTHER].hex(): (_VERDICTS[data[0]], row[_OTHER + 8 :].hex()) for row, data in state.scan(*DECISIONS.under(alias))}
    return Node(_told(alias, state), {} if crowded else ties, decided, crowded)


def degree(alias: str, state: State) -> list[str]:
    """The others with which an alias has ties that join, at most two more than it may have."""
    found: dict[str, None] = {}
    for other, tie in _ties(alias, state):
        if tie.grade is Grade.LINK:
            found[other] = None
            if len(found) > MOST + 1:
                break
    return list(found)


def between(a: str, b: str, state: State) -> list[Tie]:
    """All ties between two aliases."""
    start = MATCHES.about(a) + name(b)
    return [_tie(row, data) for row, data in state.scan(start, start + b"\xff" * 17)]


def tie_rows(fact: Match | Shared) -> Rows:
    """The two rows of a match or a shared handle."""
    flags, weight = (_SCORED | _LINKS * (fact.grade is Grade.LINK), fact.weight) if isinstance(fact, Match) else (_LINKS, 0)
    data = _TIE.pack(flags, weight, fact.at, len(fact.causes)) + b"".join(name(cause) for cause in fact.causes) + short(fact.reason)
    return {MATCHES.about(one) + name(other) + name(fact.id): data for one, other in ((fact.a, fact.b), (fact.b, fact.a))}


def decision_rows(decision: Decision) -> Rows:
    """The two rows of a decision."""
    rest = moment(decision.at) + name(decision.id)
    data = bytes((_VERDICTS.index(decision.verdict),))
    return {DECISIONS.about(one) + name(other) + rest: data for one, other in ((decision.a, decision.b), (decision.b, decision.a))}


def profile_rows(profile: Profile) -> Rows:
    """The row of a profile."""
    return {PROFILES.about(profile.alias) + name(profile.id): _AT.pack(profile.at) + short(profile.only) + profile.sealed}


_VERDICTS = list(Verdict)


def _ties(alias: str, state: State) -> Iterator[tuple[str, Tie]]:
    return ((row[PREFIX:_OTHER].hex(), _tie(row, data)) for row, data in state.scan(*MATCHES.under(alias)))


def _tie(row: bytes, data: bytes) -> Tie:
    flags, weight, at, causes = _TIE.unpack_from(data)
    places = range(_TIE.size, _TIE.size + 16 * causes, 16)
    reason = data[_TIE.size + 16 * causes + 2 :].decode()
    return Tie(row[_OTHER:].hex(), Grade.LINK if flags & _LINKS else Grade.REVIEW, weight if flags & _SCORED else None, at,
               tuple([data[place : place + 16].hex() for place in places]), reason)  # fmt: skip


def _told(alias: str, state: State) -> Told | None:
    data = next((data for _, data in state.scan(*PROFILES.under(alias))), None)
    if data is None:
        return None
    start = _AT.size + 2
    end = start + int.from_bytes(data[start - 2 : start], "big")
    return Told(_AT.unpack_from(data)[0], data[start:end].decode(), data[end:])
