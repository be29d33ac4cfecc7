"""A model from profiles of which nobody says who is who."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import combinations
from math import log2

from deploy.linkage.em import Estimate, Pairs, estimate
from streams.identity.compare import Comparer, Prepared
from streams.identity.keys import Blocking
from streams.identity.model import FieldWeights, LevelWeight, Model, weight
from streams.identity.spec import Spec

SAMPLE = 200_000
"""Random pairs that stand for those without a common blocking key."""
LISTED = 5
"""A term is told in the model from so many profiles on, and from one in `COMMON` on: a rarer one says more of a person than of a population."""
COMMON = 10_000


def train(spec: Spec, profiles: Iterable[Mapping[str, Sequence[str]]], trained_on: str, version: int = 1, seed: int = 1) -> Model:
    """The model that fits the profiles, whose order says nothing. Raises ValueError when no two profiles share a blocking key."""
    compare = Comparer(spec)
    prepared = [compare.prepare(profile) for profile in sorted(profiles, key=_text)]
    found = estimate(pairs(spec, prepared, seed), [len(kind.levels) for kind in spec.kinds])
    fields = {}
    for place, (field, kind) in enumerate(zip(spec.fields, spec.kinds, strict=True)):
        terms, rare = rarity([one[place] for one in prepared], kind.term) if kind.term else ({}, 0)
        fields[field.name] = FieldWeights(levels=_levels(field.name, kind.levels, found, place), terms=terms, rare=rare)
    return Model(version=version, spec=spec.name, trained_on=trained_on, prior=round(1000 * log2(found.share)), fields=fields)


def _text(profile: Mapping[str, Sequence[str]]) -> list[tuple[str, list[str]]]:
    """What a profile says, to sort by: so that sums, which floats round, are the same in every order of arrival."""
    return sorted((field, sorted(values)) for field, values in profile.items())


def near(spec: Spec, prepared: Sequence[Prepared]) -> set[tuple[int, int]]:
    """The pairs, by their places, that share a blocking key which is not crowded."""
    blocking = Blocking(spec)
    blocks: dict[tuple[str, str], list[int]] = {}
    for place, one in enumerate(prepared):
        for key in blocking.keys(one):
            blocks.setdefault(key, []).append(place)
    return {pair for members in blocks.values() if len(members) <= spec.crowd for pair in combinations(members, 2)}


def pairs(spec: Spec, prepared: Sequence[Prepared], seed: int) -> Pairs:
    """All pairs of some profiles, as `em` wants them."""
    compare = Comparer(spec)
    found = near(spec, prepared)
    rest = len(prepared) * (len(prepared) - 1) // 2 - len(found)
    sample = Counter(compare.levels(prepared[a], prepared[b]) for a, b in _rest(len(prepared), found, rest, random.Random(seed)))  # noqa: S311 - a sample, no secret
    return Pairs(Counter(compare.levels(prepared[a], prepared[b]) for a, b in sorted(found)), sample, rest)


def _rest(size: int, found: set[tuple[int, int]], rest: int, drawn: random.Random) -> Iterator[tuple[int, int]]:
    """The pairs that are not found: all when they are few, or else as many drawn."""
    if rest <= SAMPLE:
        yield from (pair for pair in combinations(range(size), 2) if pair not in found)
        return
    left = SAMPLE
    while left:
        a, b = drawn.randrange(size), drawn.randrange(size)
        if a != b and (min(a, b), max(a, b)) not in found:
            left -= 1
            yield a, b


def _levels(field: str, levels: Sequence[str], found: Estimate, place: int) -> dict[str, LevelWeight]:
    """What the levels weigh. A level never weighs more than one that is more alike: where the estimates say so, for want of pairs, they are put together."""
    pooled = pool(list(zip(found.m[place], found.u[place], strict=True)))
    return {
        level: LevelWeight(m=m, u=u, weight=weight(*ratio), says=_says(field, level, *ratio))
        for level, m, u, ratio in zip(levels, found.m[place], found.u[place], pooled, strict=True)
    }


def pool(levels: Sequence[tuple[float, float]]) -> list[tuple[float, float]]:
    """For each level (m, u) the sums of m and of u over the levels it is put together with, so that m / u never rises (pool adjacent violators; Ayer 1955)."""
    groups: list[tuple[float, float, int]] = []
    for m, u in levels:
        group = (m, u, 1)
        while groups and group[0] * groups[-1][1] > groups[-1][0] * group[1]:
            last = groups.pop()
            group = (last[0] + group[0], last[1] + group[1], last[2] + group[2])
        groups.append(group)
    return [(m, u) for m, u, size in groups for _ in range(size)]


def _says(field: str, level: str, m: float, u: float) -> str:
    ratio = m / u
    if ratio >= 1:
        return f"{field} {level}: {ratio:.3g} times as frequent among pairs of one person as among pairs of two."
    return f"{field} {level}: {1 / ratio:.3g} times as frequent among pairs of two people as among pairs of one."


def rarity(values: Iterable[Sequence[object]], term: Callable[[object], str]) -> tuple[dict[str, int], int]:
    """What is added for each frequent term, and for all others: log2 of how much rarer it is than the terms that two people share by chance."""
    counts = Counter(term(value) for some in values for value in some)
    whole = sum(counts.values())
    chance = sum(count * count for count in counts.values())
    if not whole:
        return {}, 0
    least = max(LISTED, whole / COMMON)
    listed = {word: count for word, count in counts.items() if count >= least}
    others = [count for count in counts.values() if count < least]
    rare = weight(chance / whole, sum(count * count for count in others) / sum(others)) if others else 0
    return {word: weight(chance / whole, count) for word, count in sorted(listed.items())}, rare
