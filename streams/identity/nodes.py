"""What the stage `links` keeps of an alias, read in one look, and the aliases that joining ties reach.

All rows about an alias share their beginning: its link that stands written, its profile, what stewards decided, the reviews that stand written, and last its
ties, so that of a handle with ever so many of them only some are read.
"""

from __future__ import annotations

import struct
from itertools import islice
from typing import NamedTuple

from schemas.models.identity import Grade, Judgement, Match, Profile, Shared, Verdict
from streams.rows import PREFIX, Table, moment, name, short
from streams.stage import State

MOST = 50
"""Others that one alias may be joined with; a handle of more is a shared device, or typed for want of another, and joins nobody."""
TABLE = Table(
    1, "Of an alias: its link, its profile by id, a decision and a review by the other alias, a match or a shared handle by the other and id.", few=True
)
LINK, _PROFILE, _DECISION, REVIEW, _TIE = (bytes((sort,)) for sort in range(5))
_OTHER = PREFIX + 17
"""Where the other alias ends in a key."""
_PACKED = struct.Struct(">BqB")
_LINKS, _SCORED = 1, 2
_VERDICTS = list(Verdict)
Rows = dict[bytes, bytes]


class Tie(NamedTuple):
    """A match or a shared handle: id, grade, weight (None for a shared handle), the facts behind it, and why."""

    id: str
    grade: Grade
    weight: int | None
    causes: tuple[str, ...]
    reason: str


class Told(NamedTuple):
    """A profile: what it is that nobody has two of, and what is sealed."""

    only: str
    sealed: bytes


class Node:
    """Everything about an alias. `crowded` says that it has too many ties to be of one person; they are left out then."""

    __slots__ = ("crowded", "decided", "joins", "link", "profile", "reviews", "ties")

    def __init__(self, alias: str, state: State) -> None:
        """Read it."""
        self.link, self.profile = b"", None
        self.crowded = False
        self.decided: dict[str, tuple[Verdict, str]] = {}
        self.reviews: dict[str, bytes] = {}
        self.ties: dict[str, list[Tie]] = {}
        joined: dict[str, None] = {}
        for row, data in state.scan(*TABLE.under(alias)):
            sort = row[PREFIX]
            if sort == _TIE[0]:
                tie, other = _tie(row, data), row[PREFIX + 1 : _OTHER].hex()
                self.ties.setdefault(other, []).append(tie)
                if tie.grade is Grade.LINK:
                    joined[other] = None
                    if len(joined) > MOST:
                        self.crowded, self.ties, joined = True, {}, {}
                        break
            elif sort == _PROFILE[0]:
                self.profile = _told(data)
            elif sort == LINK[0]:
                self.link = data
            elif sort == REVIEW[0]:
                self.reviews[row[PREFIX + 1 : _OTHER].hex()] = data
            else:
                self.decided[row[PREFIX + 1 : _OTHER].hex()] = _VERDICTS[data[0]], row[_OTHER + 8 :].hex()
        same = [other for other, (verdict, _) in self.decided.items() if verdict is Verdict.SAME]
        self.joins = dict.fromkeys([*same, *(other for other in joined if other not in self.decided)])
        """The others with whom this one is joined, as far as this one is concerned."""


def component(alias: str, state: State) -> dict[str, Node]:
    """The alias and all that can be reached from it over joining ties."""
    found: dict[str, Node] = {}
    waiting = [alias]
    while waiting:
        one = waiting.pop()
        if one not in found:
            found[one] = node = Node(one, state)
            waiting += node.joins
    return found


def near(alias: str, state: State) -> list[str]:
    """The others with which an alias has ties that join, when they are about as many as it may have, or more; none when they are fewer."""
    start = TABLE.about(alias) + _TIE
    rows = list(islice(state.scan(start, start + b"\xff" * 40), MOST))
    if len(rows) < MOST:
        return []
    found: dict[str, None] = {}
    for row, data in state.scan(start, start + b"\xff" * 40):
        if data[0] & _LINKS:
            found[row[PREFIX + 1 : _OTHER].hex()] = None
            if len(found) > MOST + 1:
                break
    return list(found) if len(found) >= MOST else []


def is_told(match: Match, state: State) -> bool:
    """Whether another match says the same of the two but for its rule."""
    start, own = TABLE.about(match.a) + _TIE + name(match.b), name(match.id)
    said = _said(match)
    return any(data[: len(said)] == said and row[_OTHER:] != own for row, data in state.scan(start, start + b"\xff" * 17))


def is_tied(alias: str, state: State) -> bool:
    """Whether an alias has any tie or decision."""
    start = TABLE.about(alias)
    return any(row[PREFIX] in (_DECISION[0], _TIE[0]) for row, _ in state.scan(start + _DECISION, start + b"\xff" * 40))


def tie_rows(fact: Match | Shared) -> Rows:
    """The two rows of a match or a shared handle."""
    data = _said(fact) + short(fact.reason)
    a, b, own = name(fact.a), name(fact.b), name(fact.id)
    return {TABLE.about(fact.a) + _TIE + b + own: data, TABLE.about(fact.b) + _TIE + a + own: data}


def _said(fact: Match | Shared) -> bytes:
    """All that a match says but for its rule."""
    flags, weight = (_SCORED | _LINKS * (fact.grade is Grade.LINK), fact.weight) if isinstance(fact, Match) else (_LINKS, 0)
    return b"".join((_PACKED.pack(flags, weight, len(fact.causes)), *map(name, fact.causes)))


def decision_rows(decision: Judgement) -> Rows:
    """The two rows of a decision."""
    rest = moment(decision.at) + name(decision.id)
    data = bytes((_VERDICTS.index(decision.verdict),))
    return {TABLE.about(one) + _DECISION + name(other) + rest: data for one, other in ((decision.a, decision.b), (decision.b, decision.a))}


def profile_rows(profile: Profile) -> Rows:
    """The row of a profile."""
    return {TABLE.about(profile.alias) + _PROFILE + name(profile.id): short(profile.only) + profile.sealed}


def _tie(row: bytes, data: bytes) -> Tie:
    flags, weight, causes = _PACKED.unpack_from(data)
    end = _PACKED.size + 16 * causes
    return Tie(row[_OTHER:].hex(), Grade.LINK if flags & _LINKS else Grade.REVIEW, weight if flags & _SCORED else None,
               tuple([data[place : place + 16].hex() for place in range(_PACKED.size, end, 16)]), data[end + 2 :].decode())  # fmt: skip


def _told(data: bytes) -> Told:
    end = 2 + int.from_bytes(data[:2], "big")
    return Told(data[2:end].decode(), data[end:])
