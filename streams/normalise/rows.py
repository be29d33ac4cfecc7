"""What the stage `normalise` keeps of a record: which versions came, and what stands written of it, so that this can be taken back word for word.

There is a row for every record that is not forgotten yet, so it is small: tokens, digests and ids are bytes, and what a mention shares with its record is left
out, the seal too.

Row: the kind of what stands (0 for nothing), how it is used and when that happened; source and record; the number of versions; each with one byte of flags,
numbers, digest and topic; then the facts that stand, each record fact, with the generation of the key that it is sealed under, before its mention. What is
particular to a kind of record is its Avro body, in which the fields that are told elsewhere are empty. Kind, use and moment come first, since the passing of
time looks at nothing else of most rows (`streams.normalise.expiry`).
"""

from __future__ import annotations

import struct
from collections.abc import Callable, Iterable, Iterator, Mapping
from io import BytesIO
from typing import Any, NamedTuple

from schemas.avro import pack, unpack
from schemas.models.control import Level
from schemas.models.identity import Handle, Mention
from schemas.models.record import Record
from schemas.source import KINDS
from schemas.trusted import construct
from streams.rows import short, token
from streams.stage import Emit

_SHORT, _LONG, _NUMBERS, _HEAD = struct.Struct(">H"), struct.Struct(">I"), struct.Struct(">BqIqq"), struct.Struct(">BBq")
_KINDS = {kind: number for number, kind in enumerate(KINDS, 1)}
_NAMES = ["", *KINDS]
_RETRACTS, _VALID, _HEX, _REPLAYED, _REFUSED = 1, 2, 4, 8, 16
"""Flags of a version; with the last two, the number of the replay and the id of the reject follow."""
_TOKEN, _EXPIRED = 16, 128
_VERSIONS = 500
"""Versions of one record that are remembered; each takes some fifty bytes of its row, which is written anew with each."""
_LEVELS, _HELD = list(Level), 8
"""The byte of the use: the place of the level in their order, and a flag."""
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


class Use(NamedTuple):
    """Under which level what a record says happened (peace where levels do not matter), and whether it is only held: nothing is written of it."""

    level: Level = Level.PEACE
    held: bool = False


FREE = Use()


class Said(NamedTuple):
    """What stands written of a record, or is held: the facts as a row keeps them, their kind ('' for none), when it happened, and how it is used.

    Without facts, `at` is when what stood happened, if it has expired, and else 0.
    """

    facts: bytes = b""
    kind: str = ""
    at: int = 0
    use: Use = FREE


class Seen(NamedTuple):
    """Everything about one record."""

    versions: tuple[Version, ...] = ()
    said: Said = Said()


class Due(NamedTuple):
    """What the beginning of a row says: the kind of what stands, or '', since when the row waits for its end (UTC milliseconds), and how what stands is used.

    That is when what stands happened; where it has expired, the same; and where nothing ever stood or it was taken back, when the last version came.
    """

    kind: str
    at: int
    use: Use = FREE


_USES = {place | _HELD * held: Use(level, held) for place, level in enumerate(_LEVELS) for held in (False, True)}


def rank(one: Version) -> tuple[int, bool, str]:
    """What versions are ordered by, and no two of a record have in common."""
    return one[:3]


def standing(versions: Iterable[Version]) -> Version | None:
    """The version that stands: the highest that is valid."""
    return max((one for one in versions if one.valid), key=rank, default=None)


def remembered(versions: Iterable[Version]) -> tuple[Version, ...]:
    """The highest of some versions in order, and the highest that is valid."""
    found = sorted(versions, key=rank)
    highest = found[-_VERSIONS:]
    if any(one.valid for one in highest):
        return tuple(highest)
    return (*[one for one in found if one.valid][-1:], *highest)


def hold(seen: Seen, source: str, record: str) -> bytes:
    """The value of a row."""
    said = seen.said
    if said.kind:
        head = _HEAD.pack(_KINDS[said.kind], _LEVELS.index(said.use.level) | _HELD * said.use.held, said.at)
    else:
        head = _HEAD.pack(_EXPIRED if said.at else 0, 0, said.at or max(one.at for one in seen.versions))
    sixteen = token(record)
    named = short(source) + (b"\1" + sixteen if sixteen else b"\0" + short(record))
    return b"".join([head, named, _LONG.pack(len(seen.versions)), *map(_version, seen.versions), said.facts])


def due(data: bytes) -> Due:
    """The beginning of a row."""
    kind, use, at = _HEAD.unpack_from(data)
    return Due(_NAMES[kind % _EXPIRED], at, _USES[use])


def held(data: bytes) -> Seen:
    """What a row says."""
    return whose(data)[2]


def whose(data: bytes) -> tuple[str, str, Seen]:
    """Source and record of a row, and what it says."""
    row = BytesIO(data)
    kind, use, at = _HEAD.unpack(row.read(_HEAD.size))
    source = _next_short(row)
    record = row.read(_TOKEN).hex() if row.read(1) == b"\1" else _next_short(row)
    (count,) = _LONG.unpack(row.read(_LONG.size))
    versions = tuple([_next_version(row) for _ in range(count)])
    return source, record, Seen(versions, Said(row.read(), _NAMES[kind % _EXPIRED], at if kind else 0, _USES[use]))


def keep(facts: Iterable[Emit], generations: Mapping[str, int], use: Use = FREE) -> Said:
    """The facts of one version of a record, each record fact before its mention, as a row keeps them, and how they are used.

    `generations` are those of the keys under which the record was sealed, by alias; 0 stands for none.
    """
    parts: list[bytes] = []
    kind, at = "", 0
    for emit in facts:
        fact = emit.value
        if isinstance(fact, Mention):
            parts += (_MENTION, bytes.fromhex(fact.id), short(fact.only), bytes((len(fact.handles),)))
            parts += [part for handle in fact.handles for part in (bytes.fromhex(handle.alias), short(handle.reason))]
        else:
            assert isinstance(fact, Record)
            (cause,) = fact.causes
            kind, at = emit.topic.removeprefix("record."), fact.at
            more = pack(construct(type(fact), fact.__dict__ | _APART, set()))
            under = bytes((generations.get(fact.alias, 0),))
            parts += (_RECORD, bytes.fromhex(fact.id + cause + fact.alias), under, short(kind), _long(more), _long(fact.sealed))
    return Said(b"".join(parts), kind, at, use if kind else FREE)


def kept(said: Said, source: str, record: str) -> list[Emit]:
    """The facts that a row keeps, of a source and a record."""
    return [emit for emit, _ in _kept(said, source, record)]


def sealed_under(said: Said) -> dict[str, int]:
    """Each alias of whom a row keeps a fact, with the generation of its key."""
    return {emit.key: generation for emit, generation in _kept(said, "", "") if generation is not None}


def _kept(said: Said, source: str, record: str) -> Iterator[tuple[Emit, int | None]]:
    """The facts that a row keeps, each that is no mention with the generation of its key."""
    row = BytesIO(said.facts)
    while tag := row.read(1):
        if tag == _RECORD:
            of, generation, emit = _next_record(row, source, record)
            yield emit, generation
        else:
            yield _next_mention(row, of), None


def wider(*kinds: str) -> Callable[[bytes, bytes], Iterable[tuple[bytes, bytes]]]:
    """The migration of rows of some kinds, whose records have an optional field more at their end: nothing is said of it."""
    numbers = {_KINDS[kind] for kind in kinds}

    def widened(key: bytes, value: bytes) -> Iterable[tuple[bytes, bytes]]:
        source, record, seen = whose(value) if value[0] in numbers else ("", "", Seen())
        return [(key, hold(seen._replace(said=seen.said._replace(facts=_wider(seen.said.facts))), source, record) if source else value)]

    return widened


def _wider(facts: bytes) -> bytes:
    """Facts whose bodies end with an optional field that is not there."""
    row, parts = BytesIO(facts), list[bytes]()
    while tag := row.read(1):
        parts.append(tag)
        if tag == _RECORD:
            parts += (row.read(3 * _TOKEN + 1), short(_next_short(row)), _long(_next_long(row) + b"\0"), _long(_next_long(row)))
        else:
            parts += (row.read(_TOKEN), short(_next_short(row)), count := row.read(1))
            parts += [part for _ in range(count[0]) for part in (row.read(_TOKEN), short(_next_short(row)))]
    return b"".join(parts)


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


def _next_record(row: BytesIO, source: str, record: str) -> tuple[Record, int, Emit]:
    own, cause, alias = (row.read(_TOKEN).hex() for _ in range(3))
    generation = row.read(1)[0]
    kind, more, sealed = _next_short(row), _next_long(row), _next_long(row)
    told = {"id": own, "causes": [cause], "source": source, "record": record, "alias": alias, "sealed": sealed}
    fact = unpack(KINDS[kind], more).model_copy(update=told)
    return fact, generation, Emit(f"record.{kind}", alias, fact)


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
