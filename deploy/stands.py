"""The facts that stand on a topic, as whoever reads it to its end sees them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Protocol, TypeVar

from pydantic import BaseModel

from connectors.reader import Entry
from streams.standing import standing

F = TypeVar("F", bound=BaseModel)


class Reads(Protocol):
    """What is asked of a reader; connectors.reader.Reader does it."""

    def read(self, topic: str) -> Iterator[Entry]:
        """Every message of a topic."""


def stands(reader: Reads, topic: str, model: type[F]) -> list[F]:
    """Those of a model that stand on a topic; raises CannotRead as the reader does."""
    told = ((entry.key, entry.value) for entry in reader.read(topic) if entry.value is not None)
    return [one for one in standing(topic, told).values() if isinstance(one, model)]
