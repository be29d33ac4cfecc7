"""A schema registry in memory."""

from __future__ import annotations

from typing import Any


class Ids:
    """Gives ids from 1 on, to each schema its own, and notes what it was asked."""

    def __init__(self) -> None:
        """Empty."""
        self.schemas: list[Any] = []
        self.asked: list[object] = []

    def lookup(self, subject: str, schema: dict[str, Any]) -> int:
        """The id of a schema, new or not."""
        self.asked.append(subject)
        if schema not in self.schemas:
            self.schemas.append(schema)
        return self.schemas.index(schema) + 1

    def by_id(self, number: int) -> Any:
        """The schema of an id, or None."""
        self.asked.append(number)
        return self.schemas[number - 1] if 0 < number <= len(self.schemas) else None
