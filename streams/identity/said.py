"""What the stage `profiles` keeps of an alias: what is said of it, which mentions say it, and what stands written, as small as it goes.

All rows about an alias share their beginning: one row of what stands written; what is said, by its digest; a mention that says it, by digest, id and time.

Of the mentions that say the same one stands for all: that of the smallest id. Ids are hashes, so it is a sample that no order and no time has drawn (min-wise
hashing; Broder, On the resemblance and containment of documents, 1997). Where n are kept and one comes as one goes, each has a chance of 1 in n to become the
smallest when it comes, and of 1 in n to be it when it goes; so what follows is written anew about twice while n come and go. The first by time goes with each.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from itertools import islice
from typing import NamedTuple, TypeVar

from schemas.avro import pack, unpack
from schemas.models.fact import Millis, Model, fact_id
from schemas.models.identity import Block, Handle, Mention, Profile, Shared
from schemas.trusted import construct
from streams.rows import PREFIX, Table, moment, name, short, since
from streams.stage import State

_WRITTEN, _SAID, _MENTION = b"\0", b"\1", b"\2"
_DIGEST, _ID = PREFIX + 17, PREFIX + 33
"""Where the digest and the id of a mention's row end."""
_HEAD = struct.Struct(">qHHH")
_SHARED = struct.Struct(">16sq16s")
F = TypeVar("F", Profile, Block, Shared)


class Said(Model):
    """What one or more mentions of an alias say, word for word the same."""

    source: str
    only: str
    handles: list[Handle]
    sealed: bytes


TABLE = Table(1, "Of an alias: what stands written, something that is said of it, a mention that says it.", Said)


class Told(NamedTuple):
    """Something that is said of an alias, and the mention that stands for it: its id and moment."""

    mention: str
    at: Millis
    said: Said


def say(mention: Mention, digest: bytes, said: bytes, state: State) -> bool | None:
    """Let a mention stand or fall; None when that changes nothing, else whether what is said, or which mention stands for it, has changed."""
    about = TABLE.about(mention.alias)
    start = about + _MENTION + digest
    row, chosen = start + name(mention.id) + moment(mention.at), _chosen(start, state)
    stands = chosen is not None and (chosen == row or state.get(row) is not None)
    if stands != mention.retracted:
        return None
    if mention.retracted:
        state.delete(row)
        if chosen == row and _chosen(start, state) is None:
            state.delete(about + _SAID + digest)
    else:
        state.put(row, b"")
        if chosen is None:
            state.put(about + _SAID + digest, said)
    return chosen is None or row <= chosen


def told(alias: str, most: int, state: State) -> list[Told]:
    """What is said of an alias in the order of the mentions that stand for it, at most one more than counts."""
    about = TABLE.about(alias)
    found = []
    for row, data in islice(state.scan(about + _SAID, about + _MENTION), most + 1):
        mention = _chosen(about + _MENTION + row[PREFIX + 1 :], state)
        assert mention is not None
        found.append(Told(mention[_DIGEST:_ID].hex(), since(mention[_ID:]), unpack(Said, data)))
    return sorted(found, key=lambda one: one.mention)


def packed(mention: Mention) -> bytes:
    """What a mention says, as it is kept."""
    said = {"source": mention.source, "only": mention.only, "handles": mention.handles, "sealed": mention.sealed}
    return pack(construct(Said, said, set(said)))


def _chosen(start: bytes, state: State) -> bytes | None:
    """The row of the mention that stands for something."""
    row, _ = next(state.scan(start, start + b"\xff" * 32), (None, b""))
    return row


class Written(NamedTuple):
    """What stands written of an alias: the profile, the rule and token of each block, and each shared handle with the moment and id of a mention, and why."""

    at: Millis
    only: str
    causes: tuple[str, ...]
    sealed: bytes
    blocks: tuple[tuple[str, str], ...]
    shared: tuple[tuple[str, Millis, str, str], ...]


def written(alias: str, state: State) -> bytes:
    """What stands written, as it is kept; nothing when nothing does."""
    return state.get(TABLE.about(alias) + _WRITTEN) or b""


def write(alias: str, data: bytes, state: State) -> None:
    """Keep what stands written from now on."""
    row = TABLE.about(alias) + _WRITTEN
    if data:
        state.put(row, data)
    else:
        state.delete(row)


def hold(one: Written) -> bytes:
    """What stands written, as it is kept."""
    return b"".join([
        _HEAD.pack(one.at, len(one.causes), len(one.blocks), len(one.shared)), short(one.only), *map(name, one.causes),
        len(one.sealed).to_bytes(4, "big"), one.sealed,
        *(part for rule, token in one.blocks for part in (short(rule), name(token))),
        *(part for other, at, mention, reason in one.shared for part in (_SHARED.pack(name(other), at, name(mention)), short(reason))),
    ])  # fmt: skip


def held(data: bytes) -> Written:
    """What `hold` made."""
    at, causes, blocks, shared = _HEAD.unpack_from(data)
    only, place = _text(data, _HEAD.size)
    end = place + 16 * causes
    ids = tuple([data[start : start + 16].hex() for start in range(place, end, 16)])
    size = int.from_bytes(data[end : end + 4], "big")
    sealed, place = data[end + 4 : end + 4 + size], end + 4 + size
    under = []
    for _ in range(blocks):
        rule, place = _text(data, place)
        under.append((rule, data[place : place + 16].hex()))
        place += 16
    others = []
    for _ in range(shared):
        other, seen, mention = _SHARED.unpack_from(data, place)
        reason, place = _text(data, place + _SHARED.size)
        others.append((other.hex(), seen, mention.hex(), reason))
    return Written(at, only, ids, sealed, tuple(under), tuple(others))


def _text(data: bytes, place: int) -> tuple[str, int]:
    end = place + 2 + int.from_bytes(data[place : place + 2], "big")
    return data[place + 2 : end].decode(), end


def facts(alias: str, one: Written) -> Iterator[Profile | Block | Shared]:
    """The facts that stand written. All that a fact says follows from its causes, so its id is theirs."""
    causes = list(one.causes)
    profile = fact_id("profile", alias, *causes)
    yield _made(Profile, profile, {"causes": causes, "at": one.at, "alias": alias, "only": one.only, "sealed": one.sealed})
    for rule, token in one.blocks:
        own = fact_id("block", profile, token)
        yield _made(Block, own, {"causes": [profile], "at": one.at, "block": token, "alias": alias, "reason": rule, "sealed": one.sealed})
    for other, at, mention, reason in one.shared:
        a, b = (alias, other) if alias < other else (other, alias)
        own = fact_id("shared", a, b, reason, mention)
        yield _made(Shared, own, {"causes": [mention], "at": at, "a": a, "b": b, "reason": reason})


def _made(kind: type[F], own: str, content: dict[str, object]) -> F:
    fields = {"id": own, "retracted": False, **content}
    return construct(kind, fields, set(fields))
