"""The schema registry in memory: only the numbering is a stand-in, the encoding is real."""

from __future__ import annotations

from functools import cache
from typing import Any
from zlib import crc32

from schemas.codec import Codec
from schemas.topics import MODELS


class Registry:
    """Ids for schemas, which follow from their subjects alone: what a schedule writes must not depend on the one before it."""

    def __init__(self) -> None:
        """None."""
        self._schemas: dict[int, dict[str, Any]] = {}

    def lookup(self, subject: str, schema: dict[str, Any]) -> int:
        """Number a schema."""
        number = crc32(subject.encode())
        assert self._schemas.setdefault(number, schema) == schema
        return number

    def by_id(self, number: int) -> dict[str, Any] | None:
        """A numbered schema."""
        return self._schemas.get(number)


@cache
def codec() -> Codec:
    """One for all schedules: it keeps nothing but schemas."""
    return Codec(Registry(), MODELS)
