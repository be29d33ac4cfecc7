"""The privacy class of each field of a linked case, read from vocabulary/privacy.yaml."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from functools import cache

from schemas.vocabulary import vocabulary


class Privacy(StrEnum):
    """How far a field touches the person, from the strictest."""

    IDENTIFYING = "identifying"
    SENSITIVE = "sensitive"
    QUASI = "quasi"
    CODED = "coded"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Classed:
    """A field with its class and its names."""

    name: str
    privacy: Privacy
    zh: str
    en: str


@cache
def fields() -> dict[str, Classed]:
    """Every field by name, the strictest class first."""
    found = [Classed(name, Privacy(one["class"]), one["zh"], one["en"]) for name, one in vocabulary("privacy")["fields"].items()]
    return {one.name: one for one in sorted(found, key=lambda one: rank(one.privacy))}


def rank(privacy: Privacy) -> int:
    """0 for the strictest class."""
    return list(Privacy).index(privacy)


def strictest_first(names: Iterable[str]) -> list[str]:
    """Names of fields by class and then by name."""
    return sorted(names, key=lambda name: (rank(fields()[name].privacy), name))


def of_class(names: Iterable[str], privacy: Privacy) -> list[str]:
    """Those of the fields that are of a class, sorted."""
    return sorted(name for name in names if fields()[name].privacy is privacy)
