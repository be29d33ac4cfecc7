"""Who is one person: every record that gives two handles says that both are of one."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from tests.oracle.facts import Told
from tests.oracle.persons import REASONS


@dataclass(frozen=True)
class Pair:
    """Two aliases that a record names together, when, and why they belong to one person."""

    a: str
    b: str
    reason: str
    at: int


@dataclass(frozen=True)
class Link:
    """The person of an alias: the token of its earliest alias."""

    alias: str
    person: str
    reasons: tuple[str, ...]
    at: int
    since: int


def links(told: Iterable[Told]) -> dict[str, Link]:
    """The link of every alias that some record names together with another."""
    pairs = [Pair(one.alias, token, REASONS[kind], one.at) for one in told for kind, token in one.tokens.items() if token != one.alias]
    seen = {alias: min(pair.at for pair in pairs if alias in (pair.a, pair.b)) for pair in pairs for alias in (pair.a, pair.b)}
    found = {}
    for group in _groups(pairs):
        person = min(group, key=lambda alias: (seen[alias], alias))
        for alias in group:
            reasons = {pair.reason for pair in pairs if alias in (pair.a, pair.b)}
            found[alias] = Link(alias, person, tuple(sorted(reasons)), seen[alias], seen[person])
    return found


def _groups(pairs: list[Pair]) -> list[set[str]]:
    """Pair after pair, all groups with a member in the pair become one with it."""
    groups: list[set[str]] = []
    for pair in pairs:
        touched = [group for group in groups if group & {pair.a, pair.b}]
        groups = [group for group in groups if group not in touched] + [{pair.a, pair.b}.union(*touched)]
    return groups
