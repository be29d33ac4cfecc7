"""A profile: what the mentions of an alias say of the person, several values of a field side by side with the sources that give them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from schemas.tokens import Keys

Values = dict[str, dict[str, list[str]]]
"""By field the values, and by value the sources, all sorted."""
Fields = dict[str, list[str]]
"""The same without sources."""


def together(said: Iterable[tuple[str, Mapping[str, str]]]) -> Values:
    """The profile of what some records say: for each its source and the value of each field."""
    first, *more = list(said) or [("", {})]
    if not more:  # most profiles are of one record
        source, only = first
        return {field: {value: [source]} for field, value in sorted(only.items())}
    found: dict[str, dict[str, set[str]]] = {}
    for source, fields in (first, *more):
        for field, value in fields.items():
            found.setdefault(field, {}).setdefault(value, set()).add(source)
    return {field: {value: sorted(sources) for value, sources in sorted(values.items())} for field, values in sorted(found.items())}


def fields(values: Values) -> Fields:
    """The values of each field, sorted: what is compared."""
    return {field: list(said) for field, said in values.items()}


def sources(values: Values) -> list[str]:
    """The sources of each value, with blanks between, in the order of fields and values."""
    return [" ".join(each) for said in values.values() for each in said.values()]


def seal(keys: Keys, alias: str, said: Fields, generation: int = 0) -> bytes:
    """The values encrypted under their alias (0: with its present key); nothing gives empty bytes."""
    return keys.encrypt(alias, said, generation) if said else b""


def unseal(keys: Keys, alias: str, sealed: bytes) -> Fields:
    """What `seal` made, nothing when its key was destroyed; raises cryptography's InvalidTag when alias or key are others."""
    said: Fields | None = keys.decrypt(alias, sealed) if sealed else None
    return said or {}
