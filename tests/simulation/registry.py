"""The schema registry in memory: only the numbering is a stand-in, the encoding is real."""

from __future__ import annotations

from functools import cache
from typing import Any

from schemas.codec import Codec
from schemas.topics import MODELS


class Registry:
    """Ids for schemas."""

    def __init__(self) -> None:
        """None."""
        self._schemas: list[dict[str, Any]] = []

    def lookup(self, subject: str, schema: dict[str, Any]) -> int:
        """Number a schema."""
        self._schemas.append(schema)
        return len(self._schemas) - 1

    def by_id(self, number: int) -> dict[str, Any] | None:
        """A numbered schema."""
        return self._schemas[number] if number < len(self._schemas) else None


@cache
def codec() -> Codec:
    """One for all schedules: it keeps nothing but schemas."""
    return Codec(Registry(), MODELS)
