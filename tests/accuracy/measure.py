"""Precision, recall and F1 of pairs, as is usual for linkage: of the pairs that are linked, and of all pairs inside the final groups."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from deploy.linkage.measure import Rates, inside, rates
from streams.identity.records import Record
from streams.identity.spec import Spec
from tests.accuracy.linker import Linked

Pairs = set[tuple[str, str]]
"""Pairs of record ids, the smaller first."""


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


def accuracy(spec: Spec, linked: Linked, true: Pairs) -> Accuracy:
    """How good a linkage is."""
    link, review = spec.link * 1000, spec.review * 1000
    links = {pair for pair, weight in linked.weights.items() if weight >= link}
    doubted = {pair for pair, weight in linked.weights.items() if review <= weight < link}
    return Accuracy(*(rates(found, true) for found in (set(linked.weights), links, doubted, inside(linked.groups))))
