"""Two profiles compared field by field: how alike they are, as levels, without weights."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import product
from typing import Any

from streams.identity.kinds import JOIN, NOTHING, Kind
from streams.identity.spec import Spec

Prepared = tuple[tuple[Any, ...], ...]
"""A profile ready to compare: for each field of the spec its prepared values."""
Levels = tuple[int | None, ...]
"""For each field of the spec the index of its level; None where it says nothing."""
MOST = 16
"""Values of a field that are compared; a profile with more keeps the first in order."""


class Comparer:
    """Compares profiles as a spec says."""

    def __init__(self, spec: Spec) -> None:
        """Compile the spec."""
        self._reads = tuple((field.sources, kind.prepare) for field, kind in zip(spec.fields, spec.kinds, strict=True))
        self._plan = tuple((1 << place, kind.level, silences(spec, place)) for place, kind in enumerate(spec.kinds))
        self._contradictions = tuple((_meant(spec, one.when), one.says) for one in spec.contradictions)

    def prepare(self, profile: Mapping[str, Sequence[str]]) -> Prepared:
        """A profile ready to compare; fields that the spec does not name are left out. The order of values says nothing."""
        return tuple([_prepared(profile, sources, prepare) for sources, prepare in self._reads])

    def levels(self, a: Prepared, b: Prepared) -> Levels:
        """For each field the best level over all pairs of values; None where a side says nothing, or a field before it says all that it would say."""
        found: list[int | None] = []
        silent = 0
        for (bit, level, silencing), xs, ys in zip(self._plan, a, b, strict=True):
            place = best(level, xs, ys) if xs and ys and not silent & bit else NOTHING
            if place == NOTHING:
                found.append(None)
            else:
                found.append(place)
                silent |= silencing[place]
        return tuple(found)

    def contradiction(self, levels: Levels) -> str:
        """The sentence of the first contradiction of the spec that the levels make, or ''."""
        for when, says in self._contradictions:
            for place, named in when:
                if levels[place] not in named:
                    break
            else:
                return says
        return ""


def best(level: Callable[[Any, Any], int], xs: tuple[Any, ...], ys: tuple[Any, ...]) -> int:
    """The best level over all pairs of values that say something of each other; NOTHING when none does."""
    if len(xs) == 1 and len(ys) == 1:
        return level(xs[0], ys[0])
    return min((place for x in xs for y in ys if (place := level(x, y)) != NOTHING), default=NOTHING)


def shared(kind: Kind, found: int, xs: tuple[Any, ...], ys: tuple[Any, ...]) -> Iterator[str]:
    """The terms that a pair of values at the level found has in common; none at the last level."""
    term, level = kind.term, kind.level
    if term is None or found == len(kind.levels) - 1:
        return
    for x in xs:
        for y in ys:
            if (one := term(x)) == term(y) and level(x, y) == found:
                yield one


def silences(spec: Spec, place: int) -> tuple[int, ...]:
    """For each level of a field, which fields say nothing more: a bit for each, by place."""
    field, levels = spec.fields[place].name, spec.kinds[place].levels
    return tuple(sum(1 << other for other, one in enumerate(spec.fields) if level in one.implied_by.get(field, ())) for level in levels)


def _meant(spec: Spec, levels: Mapping[str, Sequence[str]]) -> tuple[tuple[int, frozenset[int]], ...]:
    """Fields by place and levels by index."""
    places = {name: spec.place(name) for name in levels}
    return tuple((places[name], frozenset(spec.kinds[places[name]].levels.index(level) for level in named)) for name, named in levels.items())


def _prepared(profile: Mapping[str, Sequence[str]], sources: Sequence[str], prepare: Callable[[str], Any]) -> tuple[Any, ...]:
    """The prepared values of a field that is read of some fields of the profile, each value once, in the order of their texts."""
    if len(sources) == 1:
        if not (said := profile.get(sources[0])):
            return ()
        if len(said) == 1:
            return _one(said[0], prepare)
        texts = sorted(said)
    else:
        values = [sorted(text.replace(JOIN, " ") for text in profile.get(source, ())) or [""] for source in sources]
        texts = [JOIN.join(each) for each in product(*values)] if any(map(any, values)) else []
    found = [value for text in texts if text and (value := prepare(text)) is not None]
    return tuple(found) if len(found) < 2 else tuple(dict.fromkeys(found))[:MOST]


def _one(text: str, prepare: Callable[[str], Any]) -> tuple[Any, ...]:
    value = prepare(text) if text else None
    return () if value is None else (value,)
