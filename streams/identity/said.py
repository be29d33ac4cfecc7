"""What the stage `profiles` keeps of an alias: what is said of it, which mentions say it, and what stands written, as small as it goes.

All rows about an alias share their beginning: one row of what stands written; what is said, by its name; a mention that says it, by that name and its id.

What is said has a name of its own (`saying`), and stands while any mention says it. What follows names it as its cause, and none of the mentions: so another
record that says the same, or the expiry of one of them, writes nothing anew.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from itertools import islice
from typing import NamedTuple, TypeVar

from schemas.avro import pack, unpack
from schemas.models.fact import Model, digest_of, fact_id
from schemas.models.identity import TIMELESS, Block, Handle, Mention, Profile, Shared
from schemas.trusted import construct
from streams.rows import PREFIX, Table, name, short
from streams.stage import State

_WRITTEN, _SAID, _MENTION = b"\0", b"\1", b"\2"
_HEAD = struct.Struct(">HHH")
_SHARED = struct.Struct(">16s16s")
F = TypeVar("F", Profile, Block, Shared)


class Said(Model):
    """What one or more mentions of an alias say, word for word the same."""

    source: str
    only: str
    handles: list[Handle]
    sealed: bytes


TABLE = Table(1, "Of an alias: what stands written, something that is said of it, a mention that says it.", Said)


class Told(NamedTuple):
    """Something that is said of an alias, and its name."""

    saying: str
    said: Said


def saying(mention: Mention) -> str:
    """The name of what a mention says, the same for all mentions of its alias that say the same: it stands while one of them does."""
    return _named(mention.alias, _packed(mention))


def say(mention: Mention, state: State) -> bool | None:
    """Let a mention stand or fall; None when that changes nothing, else whether what is said has changed."""
    said = _packed(mention)
    own, about = name(_named(mention.alias, said)), TABLE.about(mention.alias)
    what, start = about + _SAID + own, about + _MENTION + own
    row = start + name(mention.id)
    known = state.get(what) is not None
    if (known and state.get(row) is not None) != mention.retracted:
        return None
    if mention.retracted:
        state.delete(row)
        last = next(iter(state.scan(start, start + b"\xff" * 17)), None) is None
        if last:
            state.delete(what)
        return last
    state.put(row, b"")
    if not known:
        state.put(what, said)
    return not known


def kept(alias: str, most: int, state: State) -> tuple[bytes, list[Told]]:
    """What stands written of an alias as it is kept (b"" when nothing does), and what is said of it in the order of its names, at most one more than counts."""
    start = TABLE.about(alias)
    rows = list(islice(state.scan(start, start + _MENTION), most + 2))
    written = rows.pop(0)[1] if rows and rows[0][0] == start + _WRITTEN else b""
    return written, [Told(row[PREFIX + 1 :].hex(), unpack(Said, data)) for row, data in rows[: most + 1]]


def _packed(mention: Mention) -> bytes:
    """What a mention says, as it is kept."""
    said = {"source": mention.source, "only": mention.only, "handles": mention.handles, "sealed": mention.sealed}
    return pack(construct(Said, said, set(said)))


def _named(alias: str, said: bytes) -> str:
    return fact_id("said", alias, digest_of(said))


class Written(NamedTuple):
    """What stands written of an alias: the profile, the rule and token of each block, and each shared handle with what says so, and why."""

    only: str
    causes: tuple[str, ...]
    sealed: bytes
    sources: list[str]
    blocks: tuple[tuple[str, str], ...]
    shared: tuple[tuple[str, str, str], ...]


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
        _HEAD.pack(len(one.causes), len(one.blocks), len(one.shared)), short(one.only), *map(name, one.causes),
        len(one.sealed).to_bytes(4, "big"), one.sealed, short("\n".join(one.sources)),
        *(part for rule, token in one.blocks for part in (short(rule), name(token))),
        *(part for other, says, reason in one.shared for part in (_SHARED.pack(name(other), name(says)), short(reason))),
    ])  # fmt: skip


def held(data: bytes) -> Written:
    """What `hold` made."""
    causes, blocks, shared = _HEAD.unpack_from(data)
    only, place = _text(data, _HEAD.size)
    end = place + 16 * causes
    ids = tuple([data[start : start + 16].hex() for start in range(place, end, 16)])
    size = int.from_bytes(data[end : end + 4], "big")
    sealed = data[end + 4 : end + 4 + size]
    sources, place = _text(data, end + 4 + size)
    under = []
    for _ in range(blocks):
        rule, place = _text(data, place)
        under.append((rule, data[place : place + 16].hex()))
        place += 16
    others = []
    for _ in range(shared):
        other, says = _SHARED.unpack_from(data, place)
        reason, place = _text(data, place + _SHARED.size)
        others.append((other.hex(), says.hex(), reason))
    return Written(only, ids, sealed, sources.split("\n") if sources else [], tuple(under), tuple(others))


def _text(data: bytes, place: int) -> tuple[str, int]:
    end = place + 2 + int.from_bytes(data[place : place + 2], "big")
    return data[place + 2 : end].decode(), end


def facts(alias: str, one: Written) -> Iterator[Profile | Block | Shared]:
    """The facts that stand written. All that a fact says follows from its causes, so its id is theirs."""
    compared = fact_id("compared", alias, digest_of(one.sealed))
    profile = {"causes": list(one.causes), "at": TIMELESS, "alias": alias, "only": one.only, "sealed": one.sealed, "compared": compared, "sources": one.sources}
    yield _made(Profile, fact_id("profile", alias, compared, *one.causes), profile)
    for rule, token in one.blocks:
        own = fact_id("block", compared, token)
        yield _made(Block, own, {"causes": [compared], "at": TIMELESS, "block": token, "alias": alias, "reason": rule, "sealed": one.sealed})
    for other, says, reason in one.shared:
        a, b = (alias, other) if alias < other else (other, alias)
        own = fact_id("shared", a, b, reason, says)
        yield _made(Shared, own, {"causes": [says], "at": TIMELESS, "a": a, "b": b, "reason": reason})


def _made(kind: type[F], own: str, content: dict[str, object]) -> F:
    fields = {"id": own, "retracted": False, **content}
    return construct(kind, fields, set(fields))
