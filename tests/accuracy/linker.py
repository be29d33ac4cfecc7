"""The path from records to people in memory, one record at a time: keys, candidates under them, scores, pairs, groups."""

from __future__ import annotations

import random
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from streams.identity.compare import Comparer, Prepared
from streams.identity.groups import Pair, Refused, groups
from streams.identity.keys import Blocking
from streams.identity.model import Model
from streams.identity.records import Record
from streams.identity.score import Scorer
from streams.identity.spec import Spec

Weights = dict[tuple[str, str], int]
"""By pair of record ids, the smaller first, what the pair weighs in thousandths of a bit."""


class Linked(NamedTuple):
    """What came of the records: all compared pairs with their weights, the groups of more than one, and the pairs that a contradiction kept apart."""

    weights: Weights
    groups: list[list[str]]
    refused: list[Refused]


class Linker:
    """Takes records one at a time. What comes of them is the same in every order."""

    def __init__(self, spec: Spec, model: Model) -> None:
        """Take what to compare, and what it weighs."""
        self._spec, self._compare, self._blocking, self._scorer = spec, Comparer(spec), Blocking(spec), Scorer(spec, model)
        self._prepared: dict[str, Prepared] = {}
        self._blocks: dict[tuple[str, str], list[str]] = {}
        self._shared: dict[tuple[str, str], int] = {}
        self._weights: Weights = {}

    def take(self, name: str, profile: Mapping[str, Sequence[str]]) -> None:
        """Take a record: compare it with all under its keys, and forget the pairs of keys that it makes too many under."""
        self._prepared[name] = one = self._compare.prepare(profile)
        for key in self._blocking.keys(one):
            members = self._blocks.setdefault(key, [])
            if len(members) < self._spec.crowd:
                for other in members:
                    self._share(name, other)
            elif len(members) == self._spec.crowd:
                self._crowded(members)
            members.append(name)

    def linked(self) -> Linked:
        """What has come of the records so far."""
        of, refused = groups(self._pairs(), self._contradicts)
        return Linked(dict(self._weights), [sorted(group) for group in {id(group): group for group in of.values()}.values() if len(group) > 1], refused)

    def _share(self, a: str, b: str) -> None:
        pair = min(a, b), max(a, b)
        self._shared[pair] = self._shared.get(pair, 0) + 1
        if pair not in self._weights:
            self._weights[pair] = self._scorer.score(self._prepared[a], self._prepared[b])

    def _crowded(self, members: list[str]) -> None:
        for place, a in enumerate(members):
            for b in members[place + 1 :]:
                pair = min(a, b), max(a, b)
                self._shared[pair] -= 1
                if not self._shared[pair]:
                    del self._shared[pair], self._weights[pair]

    def _pairs(self) -> Iterable[Pair]:
        link = self._spec.link * 1000
        return (Pair((-weight,), a, b) for (a, b), weight in self._weights.items() if weight >= link and not self._contradicts(a, b))

    def _contradicts(self, a: str, b: str) -> str:
        return self._compare.contradiction(self._compare.levels(self._prepared[a], self._prepared[b]))


def link(spec: Spec, model: Model, records: Iterable[Record], seed: int = 1) -> Linked:
    """What comes of some records that arrive in an order drawn with the seed."""
    arriving = sorted(records)
    random.Random(seed).shuffle(arriving)
    linker = Linker(spec, model)
    for record in arriving:
        linker.take(record.id, record.profile)
    return linker.linked()
