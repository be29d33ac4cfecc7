"""What a kind is: how the values of one field are compared, and how they take part in blocking keys."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from types import MappingProxyType
from typing import Any, NamedTuple

_NO_KEYS: Mapping[str, Callable[[Any], Iterable[str]]] = MappingProxyType({})


class Kind(NamedTuple):
    """How values of one field are compared. Functions are pure, never raise, and give no floats.

    `prepare` reads the profile's text into what is compared (hashable); None means that the text says nothing, and the value is left out.
    A field that is read `of` several fields gets their texts joined with `JOIN`.
    `level` is symmetric and gives an index into `levels`; or NOTHING, when the two values say nothing of each other.
    Where `term` of both values is the same and the level is not the last, how rare that term is counts too (term-frequency adjustment).
    `keys` are the ways in which a value takes part in blocking keys, by name: each gives the texts, none where it gives no useful key.
    """

    name: str
    levels: tuple[str, ...]
    """Names of the levels, most alike first; the last is `different`."""
    prepare: Callable[[str], Any]
    level: Callable[[Any, Any], int]
    term: Callable[[Any], str] | None = None
    keys: Mapping[str, Callable[[Any], Iterable[str]]] = _NO_KEYS


NOTHING = -1
"""The level of two values that say nothing of each other."""
JOIN = "\x1f"
"""Stands between the texts of the fields that one field is read of; a text is empty where the profile says nothing."""
