"""Keys of rows in a stage's state: fixed width, and ordered so that a range of time is a range of bytes.

A key is one byte for the table, sixteen for what the row is about (an alias, a place, a person), and then, as the table wants, a byte for the sort of row,
moments of eight bytes and further names of sixteen. All rows that one scan reads are about one thing, so they share the first seventeen bytes, and the store
finds out in one look at a Bloom filter that there are none.
"""

from __future__ import annotations

from functools import lru_cache
from hashlib import blake2b

from pydantic import BaseModel

PREFIX = 17
"""Bytes that all rows of one scan share: the table and what they are about."""
_BIAS = 1 << 63


def token(text: str) -> bytes | None:
    """The sixteen bytes of 32 hexadecimal digits (a token, the id of a fact), or None for any other text."""
    if len(text) != 32:
        return None
    try:
        data = bytes.fromhex(text)
    except ValueError:
        return None
    return data if data.hex() == text else None


def name(text: str, *more: str) -> bytes:
    """Sixteen bytes for a text, or for several in order: those of a token as they are, of all else by BLAKE2b-128.

    Two different names have different bytes, but for a chance of 2^-64 among four thousand million names.
    """
    if not more and (data := token(text)):
        return data
    return blake2b("".join(f"{len(part)}:{part}" for part in (text, *more)).encode(), digest_size=16, person=b"lianfang.name").digest()


_again = lru_cache(2**16)(name)
"""For names that come again and again; bounded, and only in memory."""


def moment(at: int) -> bytes:
    """Eight bytes whose order is that of milliseconds, also before 1970; raises OverflowError beyond 64 bits."""
    return (at + _BIAS).to_bytes(8, "big")


def since(data: bytes) -> int:
    """The milliseconds of what `moment` made."""
    return int.from_bytes(data, "big") - _BIAS


def short(text: str) -> bytes:
    """A text of at most 65,535 bytes behind its length in two."""
    data = text.encode()
    return len(data).to_bytes(2, "big") + data


class Table:
    """The rows of one kind in the state of one stage.

    `number` (1 to 254) is unique in the stage. With `few`, there are few rows about one thing, and they are read much more often than written: the store
    keeps those of the things last asked for in memory, also that there are none. `models` are those whose Avro bodies lie in the rows: when one of them
    changes, the form of the rows does.
    """

    __slots__ = ("few", "models", "number", "says", "tag")

    def __init__(self, number: int, says: str, *models: type[BaseModel], few: bool = False) -> None:
        """Take the number, a sentence that says what a row is, the models in it, and whether there are few about one thing."""
        self.number, self.says, self.models, self.few = number, says, models, few
        self.tag = bytes((number,))

    def about(self, *names: str) -> bytes:
        """The first seventeen bytes of all rows about something; the key of the row where there is one only."""
        return self.tag + _again(*names)

    def under(self, *names: str) -> tuple[bytes, bytes]:
        """The range of all rows about something."""
        start = self.about(*names)
        return start, (int.from_bytes(start, "big") + 1).to_bytes(PREFIX, "big")
