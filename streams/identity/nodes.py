"""What the stage `links` keeps of an alias, read in one look, and the aliases that joining ties reach.

All rows about an alias share their beginning: its link that stands written, its profile, what stewards decided, the reviews that stand written, and last its
ties, so that of a handle with ever so many of them only some are read. A pair that shares several keys is matched under each: matches that say the same are
one tie, and the row of the smaller alias has their ids.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from hashlib import blake2b
from itertools import groupby, islice
from typing import NamedTuple

from schemas.models.identity import Grade, Judgement, Match, Profile, Shared, Verdict
from streams.rows import PREFIX, Table, moment, name, short
from streams.stage import State

MOST = 50
"""Others that one alias may be joined with; a handle of more is a shared device, or typed for want of another, and joins nobody."""
TABLE = Table(
    1, "Of an alias: its link, its profile by id, a decision and a review by the other alias, what matches say or a shared handle by the other.", few=True
)
LINK, _PROFILE, _DECISION, REVIEW, _TIE = (bytes((sort,)) for sort in range(5))
_OTHER = PREFIX + 17
"""Where the other alias ends in a key."""
_PACKED = struct.Struct(">BqB")
_LINKS, _SCORED = 1, 2
_VERDICTS = list(Verdict)
Rows = dict[bytes, bytes]


class Tie(NamedTuple):
    """What matches say, or a shared handle: its id ('' for matches), grade, weight (None for a shared handle), the facts behind it, why ('' for matches)."""

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


def near(alias: str, state: State) -> Iterator[str]:
    """The others with which an alias has ties that join, each once."""
    start = TABLE.about(alias) + _TIE
    rows = (row for row, data in state.scan(start, start + b"\xff" * 40) if data[0] & _LINKS)
    return (other.hex() for other, _ in groupby(row[PREFIX + 1 : _OTHER] for row in rows))


def is_crowded(alias: str, state: State) -> bool:
    """Whether an alias has too many ties to be of one person."""
    return next(islice(near(alias, state), MOST, None), None) is not None


def tell(match: Match, state: State) -> bool | None:
    """Let a match stand or fall; None when that changes nothing, else whether what is said of the two has changed: other matches may say the same."""
    said, own = _said(match), name(match.id)
    row, other = _pair_rows(match.a, match.b, blake2b(said, digest_size=16).digest())
    data = state.get(row)
    ids = [] if data is None else [data[place : place + 16] for place in range(len(said), len(data), 16)]
    if (own in ids) != match.retracted:
        return None
    ids = [one for one in ids if one != own] if match.retracted else sorted([*ids, own])
    if ids:
        state.put(row, said + b"".join(ids))
        if data is None:
            state.put(other, said)
        return data is None
    state.delete(row)
    state.delete(other)
    return True


def is_tied(alias: str, state: State) -> bool:
    """Whether an alias has any tie or decision."""
    start = TABLE.about(alias)
    return any(row[PREFIX] in (_DECISION[0], _TIE[0]) for row, _ in state.scan(start + _DECISION, start + b"\xff" * 40))


def shared_rows(fact: Shared) -> Rows:
    """The two rows of a shared handle."""
    data = _said(fact) + short(fact.reason)
    return dict.fromkeys(_pair_rows(fact.a, fact.b, name(fact.id)), data)


def _pair_rows(a: str, b: str, own: bytes) -> tuple[bytes, bytes]:
    return TABLE.about(a) + _TIE + name(b) + own, TABLE.about(b) + _TIE + name(a) + own


def _said(fact: Match | Shared) -> bytes:
    """All that a match says but for its rule and model."""
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
    scored, grade = flags & _SCORED, Grade.LINK if flags & _LINKS else Grade.REVIEW
    behind = tuple([data[place : place + 16].hex() for place in range(_PACKED.size, end, 16)])
    return Tie("", grade, weight, behind, "") if scored else Tie(row[_OTHER:].hex(), grade, None, behind, data[end + 2 :].decode())


def _told(data: bytes) -> Told:
    end = 2 + int.from_bytes(data[:2], "big")
    return Told(data[2:end].decode(), data[end:])
