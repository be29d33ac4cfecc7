"""Precision, recall and F1 of pairs, as is usual for linkage: of pairs that are linked, and of all pairs inside the final clusters."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import combinations
from typing import NamedTuple

Pair = tuple[str, str]
"""Two records by their ids, or two aliases by their tokens; the smaller first."""


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
        """The harmonic mean of the two; 1 when there is nothing to find and nothing is found."""
        return 2 * self.right / (self.found + self.true) if self.found + self.true else 1.0

    def document(self) -> dict[str, float]:
        """For programs."""
        return {**self._asdict(), "precision": self.precision, "recall": self.recall, "f1": self.f1}


def pair(one: str, other: str) -> Pair:
    """The two in their order."""
    return (one, other) if one < other else (other, one)


def rates(found: set[Pair], true: set[Pair]) -> Rates:
    """The rates of some pairs."""
    return Rates(len(found), len(found & true), len(true))


def inside(groups: Iterable[Iterable[str]]) -> set[Pair]:
    """All pairs inside some groups."""
    return {found for group in groups for found in combinations(sorted(group), 2)}


def grouped(of: Mapping[str, str]) -> dict[str, list[str]]:
    """By group its members, from the group of each."""
    groups: dict[str, list[str]] = {}
    for member, group in of.items():
        groups.setdefault(group, []).append(member)
    return groups


def together(of: Mapping[str, str]) -> set[Pair]:
    """All pairs that are in one group, from the group of each."""
    return inside(grouped(of).values())
