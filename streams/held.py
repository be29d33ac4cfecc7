"""What stages keep of somebody's being somewhere: a few bytes, for there are more of these rows than of all others.

Key: the table, what the row is about, when it began, the id of the fact (41 bytes). Value: one byte of flags, a name (the alias where the row is about a
place, the place where it is about an alias), how long it lasted unless it was a moment, the division code, and what is sealed.
"""

from __future__ import annotations

import struct
from typing import NamedTuple

from schemas.models.fact import Millis
from streams.rows import PREFIX, Table, moment, name, short, since, token

_DURATION = struct.Struct(">q")
_LENGTH = struct.Struct(">H")
_ID = PREFIX + 8
"""Where the id begins in a key."""
_TOKEN, _LASTS, _REGION = 1, 2, 4
_FLAGS = [bytes((flags,)) for flags in range(8)]


class Held(NamedTuple):
    """A row; times in UTC milliseconds."""

    id: str
    name: str
    region: str | None
    at: Millis
    until: Millis
    sealed: bytes


def key(about: bytes, at: Millis, fact: str) -> bytes:
    """The key of a row: the first part from `Table.about`, when it began, the id of the fact."""
    return about + moment(at) + name(fact)


def between(table: Table, about: str, start: Millis, end: Millis) -> tuple[bytes, bytes]:
    """The range of the rows about something that began from `start` to `end`, both included."""
    first = table.about(about)
    return first + moment(start), first + moment(end + 1)


def hold(named: str, region: str | None, lasted: Millis, sealed: bytes) -> bytes:
    """The value of a row; `lasted` in milliseconds."""
    sixteen = token(named)
    flags = (_TOKEN if sixteen else 0) | (_LASTS if lasted else 0) | (_REGION if region is not None else 0)
    return b"".join((
        _FLAGS[flags],
        sixteen or short(named),
        _DURATION.pack(lasted) if lasted else b"",
        b"" if region is None else short(region),
        sealed,
    ))  # fmt: skip


def held(row: bytes, value: bytes) -> Held:
    """The row of a key and a value."""
    at = until = since(row[PREFIX:_ID])
    flags, place = value[0], 17
    if flags & _TOKEN:
        named = value[1:17].hex()
    else:
        named, place = _text(value, 1)
    if flags & _LASTS:
        until, place = at + _DURATION.unpack_from(value, place)[0], place + _DURATION.size
    region = None
    if flags & _REGION:
        region, place = _text(value, place)
    return Held(row[_ID:].hex(), named, region, at, until, value[place:])


def _text(value: bytes, place: int) -> tuple[str, int]:
    start = place + _LENGTH.size
    end = start + _LENGTH.unpack_from(value, place)[0]
    return value[start:end].decode(), end
