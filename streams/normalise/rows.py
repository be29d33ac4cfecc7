"""What the stage `normalise` keeps of a record: which versions came, and what stands written of it, so that this can be taken back word for word.

There is a row for every record that ever came, so it is small: tokens, digests and ids are bytes, what the key of the row says is left out, and so is what a
mention shares with its record, the seal too.

Row: the number of versions; each with one byte of flags, numbers, digest and topic; then the facts that stand, each record fact before its mention. What is
particular to a kind of record is its Avro body, in which the fields that are told elsewhere are empty.
"""

from __future__ import annotations

import struct
from collections.abc import Iterable
from io import BytesIO
from typing import Any, NamedTuple

from schemas.avro import pack, unpack
from schemas.models.identity import Handle, Mention
from schemas.models.record import Record
from schemas.source import KINDS
from schemas.trusted import construct
from streams.rows import short, token
from streams.stage import Emit

_SHORT, _LONG, _NUMBERS = struct.Struct(">H"), struct.Struct(">I"), struct.Struct(">BqIqq")
_RETRACTS, _VALID, _HEX, _REPLAYED, _REFUSED = 1, 2, 4, 8, 16
"""Flags of a version; with the last two, the number of the replay and the id of the reject follow."""
_TOKEN = 16
_RECORD, _MENTION = b"r", b"m"
_APART: dict[str, Any] = {"id": "", "causes": [], "source": "", "record": "", "alias": "", "sealed": b""}
"""Fields of a record fact that are empty in its body: they stand beside it as bytes, or are said by whoever asks for the row."""


class Version(NamedTuple):
    """One version of a record, as it was first seen: where its raw message is (topic '' for that of its source), and when it came (UTC milliseconds).

    `replay` is the number of the last replay in which it was understood anew (0: none), `reject` the id of its standing reject ('' without one).
    """

    version: int
    retracts: bool
    digest: str
    valid: bool
    topic: str
    partition: int
    offset: int
    at: int
    replay: int = 0
    reject: str = ""


class Seen(NamedTuple):
    """Everything about one record: its versions, and the facts that stand written, as `keep` makes them."""

    versions: tuple[Version, ...] = ()
    said: bytes = b""


def rank(one: Version) -> tuple[int, bool, str]:
    """What versions are ordered by, and no two of a record have in common."""
    return one[:3]


def hold(seen: Seen) -> bytes:
    """The value of a row."""
    return b"".join([_LONG.pack(len(seen.versions)), *map(_version, seen.versions), seen.said])


def held(data: bytes) -> Seen:
    """What a row says."""
    row = BytesIO(data)
    (count,) = _LONG.unpack(row.read(_LONG.size))
    return Seen(tuple([_next_version(row) for _ in range(count)]), row.read())


def keep(facts: Iterable[Emit]) -> bytes:
    """The facts of one version of a record, each record fact before its mention, as a row keeps them."""
    parts: list[bytes] = []
    for emit in facts:
        fact = emit.value
        if isinstance(fact, Mention):
            parts += (_MENTION, bytes.fromhex(fact.id), short(fact.only), bytes((len(fact.handles),)))
            parts += [part for handle in fact.handles for part in (bytes.fromhex(handle.alias), short(handle.reason))]
        else:
            assert isinstance(fact, Record)
            (cause,) = fact.causes
            more = pack(construct(type(fact), fact.__dict__ | _APART, set()))
            parts += (_RECORD, bytes.fromhex(fact.id + cause + fact.alias), short(emit.topic.removeprefix("record.")), _long(more), _long(fact.sealed))
    return b"".join(parts)


def kept(said: bytes, source: str, record: str) -> list[Emit]:
    """The facts that a row keeps, of a source and a record."""
    row = BytesIO(said)
    facts: list[Emit] = []
    while tag := row.read(1):
        if tag == _RECORD:
            of, emit = _next_record(row, source, record)
        else:
            emit = _next_mention(row, of)
        facts.append(emit)
    return facts


def _version(one: Version) -> bytes:
    digest = token(one.digest)
    flags = _RETRACTS * one.retracts | _VALID * one.valid | _HEX * (digest is not None) | _REPLAYED * bool(one.replay) | _REFUSED * bool(one.reject)
    more = (_LONG.pack(one.replay) if one.replay else b"") + bytes.fromhex(one.reject)
    return _NUMBERS.pack(flags, one.version, one.partition, one.offset, one.at) + (digest or short(one.digest)) + short(one.topic) + more


def _next_version(row: BytesIO) -> Version:
    flags, version, partition, offset, at = _NUMBERS.unpack(row.read(_NUMBERS.size))
    digest = row.read(_TOKEN).hex() if flags & _HEX else _next_short(row)
    topic = _next_short(row)
    (replay,) = _LONG.unpack(row.read(_LONG.size)) if flags & _REPLAYED else (0,)
    reject = row.read(_TOKEN).hex() if flags & _REFUSED else ""
    return Version(version, bool(flags & _RETRACTS), digest, bool(flags & _VALID), topic, partition, offset, at, replay, reject)


def _next_record(row: BytesIO, source: str, record: str) -> tuple[Record, Emit]:
    own, cause, alias = (row.read(_TOKEN).hex() for _ in range(3))
    kind, more, sealed = _next_short(row), _next_long(row), _next_long(row)
    told = {"id": own, "causes": [cause], "source": source, "record": record, "alias": alias, "sealed": sealed}
    fact = unpack(KINDS[kind], more).model_copy(update=told)
    return fact, Emit(f"record.{kind}", alias, fact)


def _next_mention(row: BytesIO, of: Record) -> Emit:
    own, only = row.read(_TOKEN).hex(), _next_short(row)
    handles = [Handle(alias=row.read(_TOKEN).hex(), reason=_next_short(row)) for _ in range(row.read(1)[0])]
    fact = Mention(id=own, causes=[of.id], at=of.at, alias=of.alias, source=of.source, handles=handles, only=only, sealed=of.sealed)
    return Emit("identity.mention", of.alias, fact)


def _long(data: bytes) -> bytes:
    """Some bytes behind their length."""
    return _LONG.pack(len(data)) + data


def _next_long(row: BytesIO) -> bytes:
    return row.read(_LONG.unpack(row.read(_LONG.size))[0])


def _next_short(row: BytesIO) -> str:
    return row.read(_SHORT.unpack(row.read(_SHORT.size))[0]).decode()
