"""A person as a record tells of one: handles, what else tells the person from others, and what could not be used."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TypeVar

from schemas.models.raw import Reason
from schemas.tokens import Keys
from streams.normalise.errors import Unusable, bounded

REASONS = {
    "document": "same document",
    "account": "same account",
    "patient": "same patient number",
    "case": "same published case",
    "phone": "same phone and name",
    "number": "same phone alone",
    "alias": "same key of the bus",
}
"""Kinds of handle, strongest first, and why two records that share one speak of one person. The last two, whoever answers a
phone and a key that the bus itself gave, are only of who has no other. A key is its own token."""
T = TypeVar("T")


@dataclass(slots=True)
class Person:
    """Handles by kind as their parts, what identifies the person directly, the household as its parts, and what could not be used."""

    handles: dict[str, tuple[str, ...]] = field(default_factory=dict)
    identifiers: dict[str, str] = field(default_factory=dict)
    household: tuple[str, ...] = ()
    reasons: list[Reason] = field(default_factory=list)

    def tokens(self, keys: Keys) -> dict[str, str]:
        """The token of each handle by its kind, strongest first."""
        return {kind: self.handles[kind][0] if kind == "alias" else keys.token(kind, *self.handles[kind]) for kind in REASONS if kind in self.handles}

    def identified(self, keys: Keys) -> dict[str, str]:
        """What is sealed: what identifies the person, and the token of the household."""
        return {**self.identifiers, "household": keys.token("household", *self.household)} if self.household else self.identifiers

    def take(self, value: str, path: str | None, use: Callable[[str], T]) -> T | None:
        """What a text means, or None; a text that cannot be used is a reason at its path."""
        if not value:
            return None
        try:
            return use(bounded(value))
        except Unusable as error:
            self.reasons.append(Reason(field=str(path), problem=str(error)))
            return None
