"""What the stage `pairs` keeps under a blocking key: the profiles there, the pairs that stand written, and whether it holds too many to compare.

All rows about a key share their beginning, so that one look finds all of it; with most keys there is one profile and nothing else.
"""

from __future__ import annotations

import struct
from itertools import islice
from typing import NamedTuple

from schemas.models.fact import fact_id
from schemas.models.identity import TIMELESS, Block, Grade, Match
from schemas.trusted import construct
from streams.rows import PREFIX, Table, name, short
from streams.stage import State

TABLE = Table(1, "Under a blocking key: that it is crowded; a pair that stands written, by its aliases; a profile, by alias and what is compared.", few=True)
_CROWDED, _PAIR, _MEMBER = b"\0", b"\1", b"\2"
_ONE, _OTHER = PREFIX + 1, PREFIX + 17
_WEIGHED = struct.Struct(">qqB16s16s")


class Member(NamedTuple):
    """A profile under a key: the alias, the name of what is compared of it, the rule of the key, and what is sealed."""

    alias: str
    compared: str
    rule: str
    sealed: bytes


class Under(NamedTuple):
    """Everything under a key; members up to one more than may be there, in order. What is not asked for is not unpacked."""

    crowded: bool
    pairs: list[tuple[bytes, bytes]]
    members: list[tuple[bytes, bytes]]


def under(block: str, crowd: int, state: State) -> Under:
    """What is kept under a key."""
    found = Under(crowded=False, pairs=[], members=[])
    for row, data in state.scan(*TABLE.under(block)):
        sort = row[PREFIX]
        if sort == _MEMBER[0]:
            found.members.append((row, data))
            if len(found.members) > crowd:
                break
        elif sort == _PAIR[0]:
            found.pairs.append((row, data))
        else:
            found = found._replace(crowded=True)
    return found


def take(block: Block, state: State) -> bool | None:
    """Let a profile stand under a key, or fall; None when that changes nothing, else whether nothing else is or was under the key."""
    row, data = member_row(block)
    start = row[:PREFIX]
    there = [key for key, _ in islice(state.scan(start, start + b"\xff"), 2)]
    stands = row in there or (len(there) == 2 and state.get(row) is not None)
    if stands != block.retracted:
        return None
    if block.retracted:
        state.delete(row)
    else:
        state.put(row, data)
    return len(there) == int(stands)


def member_row(block: Block) -> tuple[bytes, bytes]:
    """The row of a profile under a key."""
    (compared,) = block.causes
    row = TABLE.about(block.block) + _MEMBER + name(block.alias) + name(compared)
    return row, short(block.reason) + block.sealed


def crowd(block: str, state: State, *, is_crowded: bool) -> None:
    """Keep in mind that a key holds too many, or no longer."""
    row = TABLE.about(block) + _CROWDED
    if is_crowded:
        state.put(row, b"")
    else:
        state.delete(row)


def blocks(beginning: bytes, state: State) -> list[str]:
    """The tokens of all keys that begin so and have profiles."""
    start = TABLE.tag + beginning
    return list(dict.fromkeys(row[1:PREFIX].hex() for row, _ in state.sweep(start, start + b"\xff" * 64) if is_member(row)))


def is_member(row: bytes) -> bool:
    """Whether a row is that of a profile."""
    return row[PREFIX] == _MEMBER[0]


def alias_of(row: bytes) -> str:
    """The alias of a member's row."""
    return row[_ONE:_OTHER].hex()


def member(row: bytes, data: bytes) -> Member:
    """The member of a row."""
    end = 2 + int.from_bytes(data[:2], "big")
    return Member(alias_of(row), row[_OTHER:].hex(), data[2:end].decode(), data[end:])


def pair(block: str, row: bytes, data: bytes) -> Match:
    """The match of a pair's row."""
    weight, model, link, one, other = _WEIGHED.unpack_from(data)
    rule, grade = data[_WEIGHED.size :].decode(), Grade.LINK if link else Grade.REVIEW
    return match(block, [one.hex(), other.hex()], a=row[_ONE:_OTHER].hex(), b=row[_OTHER:].hex(), reason=rule, grade=grade, weight=weight, model=model)


def match(block: str, causes: list[str], **content: object) -> Match:
    """A match. All of it follows from the key, the profiles and the model, so its id is theirs."""
    own = fact_id("match", block, *causes, content["model"])
    fields = {"id": own, "retracted": False, "causes": causes, "at": TIMELESS, **content}
    return construct(Match, fields, set(fields))


def pair_row(block: str, match: Match) -> tuple[bytes, bytes]:
    """The row of a match under a key."""
    one, other = map(name, match.causes)
    weighed = _WEIGHED.pack(match.weight, match.model, match.grade is Grade.LINK, one, other)
    return TABLE.about(block) + _PAIR + name(match.a) + name(match.b), weighed + match.reason.encode()
