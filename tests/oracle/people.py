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
    touching: dict[str, list[Pair]] = {}
    for pair in pairs:
        touching.setdefault(pair.a, []).append(pair)
        touching.setdefault(pair.b, []).append(pair)
    seen = {alias: min(pair.at for pair in mine) for alias, mine in touching.items()}
    found = {}
    for alias, group in _groups(pairs).items():
        person = min(group, key=lambda member: (seen[member], member))
        reasons = {pair.reason for pair in touching[alias]}
        found[alias] = Link(alias, person, tuple(sorted(reasons)), seen[alias], seen[person])
    return found


def _groups(pairs: list[Pair]) -> dict[str, set[str]]:
    """The group of each alias: pair after pair, the groups of its two become one."""
    groups = {alias: {alias} for pair in pairs for alias in (pair.a, pair.b)}
    for pair in pairs:
        both = groups[pair.a] | groups[pair.b]
        groups |= dict.fromkeys(both, both)
    return groups
