"""Precision, recall and F1 of pairs, as is usual for linkage: of the pairs that are linked, and of all pairs inside the final groups."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import combinations
from typing import NamedTuple

from streams.identity.records import Record
from streams.identity.spec import Spec
from tests.accuracy.linker import Linked

Pairs = set[tuple[str, str]]
"""Pairs of record ids, the smaller first."""


class Rates(NamedTuple):
    """Pairs found, how many of them are true, and how many there are to find."""

    found: int
    right: int
    true: int

    @property
    def precision(self) -> float:
        """Of the pairs found, the share that is true; 1 when none is found."""
        return self.right / self.found if self.found else 1.0

    @property
    def recall(self) -> float:
        """Of the true pairs, the share that is found; 1 when there are none."""
        return self.right / self.true if self.true else 1.0

    @property
    def f1(self) -> float:
        """The harmonic mean of the two."""
        return 2 * self.right / (self.found + self.true) if self.found + self.true else 1.0


class Accuracy(NamedTuple):
    """How good a linkage is: `candidates` are the pairs compared, `links` and `review` those of a grade, `clusters` all pairs inside the groups."""

    candidates: Rates
    links: Rates
    review: Rates
    clusters: Rates


def true_pairs(records: Iterable[Record]) -> Pairs:
    """The pairs of records of one person."""
    people: dict[str, list[str]] = {}
    for record in records:
        people.setdefault(record.person, []).append(record.id)
    return inside(people.values())


def inside(groups: Iterable[Iterable[str]]) -> Pairs:
    """All pairs inside some groups."""
    return {pair for group in groups for pair in combinations(sorted(group), 2)}


def accuracy(spec: Spec, linked: Linked, true: Pairs) -> Accuracy:
    """How good a linkage is."""
    link, review = spec.link * 1000, spec.review * 1000
    links = {pair for pair, weight in linked.weights.items() if weight >= link}
    doubted = {pair for pair, weight in linked.weights.items() if review <= weight < link}
    return Accuracy(*(rates(found, true) for found in (set(linked.weights), links, doubted, inside(linked.groups))))


def rates(found: Pairs, true: Pairs) -> Rates:
    """The rates of some pairs."""
    return Rates(len(found), len(found & true), len(true))
