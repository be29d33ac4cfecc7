"""Blocking keys: profiles that share one are compared (Fellegi and Sunter 1969; Christen, A survey of indexing techniques, 2012).

A key follows from the profile and the spec alone, never from what has arrived, so the pairs are the same in every order.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from itertools import product
from typing import Any

from streams.identity.compare import Prepared
from streams.identity.kinds import JOIN
from streams.identity.spec import Spec


class Blocking:
    """The blocking keys of profiles, as a spec says."""

    def __init__(self, spec: Spec) -> None:
        """Compile the rules: each part is read once, however many rules have it."""
        parts = sorted({part for rule in spec.rules for part in rule.parts})
        self._parts = tuple(_part(spec, part) for part in parts)
        self._rules = tuple(sorted((rule.name, tuple(map(parts.index, rule.parts))) for rule in spec.rules))

    def keys(self, prepared: Prepared) -> list[tuple[str, str]]:
        """The name of the rule and the text of each key, each once, sorted. A rule gives none when a part of it gives none."""
        texts = [_texts(prepared[place], way) for place, way in self._parts]
        return [(name, key) for name, parts in self._rules for key in _joined([texts[part] for part in parts])]


def _part(spec: Spec, part: str) -> tuple[int, Callable[[Any], Iterable[str]]]:
    """The place of a field, and the way in which its values take part in a key."""
    name, _, way = part.partition(".")
    place = spec.place(name)
    return place, spec.kinds[place].keys[way]


def _texts(values: tuple[Any, ...], way: Callable[[Any], Iterable[str]]) -> Sequence[str]:
    """What the values of a field, mostly none or one, give to keys."""
    if len(values) == 1:
        return tuple(way(values[0]))
    return [text for value in values for text in way(value)]


def _joined(texts: list[Sequence[str]]) -> Sequence[str]:
    """One text of each part, in all combinations, each once, sorted."""
    if not all(texts):
        return ()
    if max(map(len, texts)) == 1:
        return (JOIN.join([text for (text,) in texts]),)
    return sorted(set(map(JOIN.join, product(*texts))))
