"""People from pairs: groups that the surest pairs join, in which no two members contradict each other.

Pairs are taken from the surest to the least sure, and each joins the two groups that it touches unless a member of the one contradicts a member of the
other (Kruskal's algorithm with cannot-link constraints; Davidson and Ravi, Clustering with constraints, 2005). Which pair comes first is settled to the last
token, so the result is a function of the set of pairs and contradictions. A pair that may not join is told with what contradicts, for a steward to see.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import NamedTuple


class Pair(NamedTuple):
    """Two aliases that are one person. `rank` orders pairs, the surest smallest."""

    rank: tuple[int, ...]
    a: str
    b: str


class Refused(NamedTuple):
    """A pair that did not join, and what contradicts."""

    pair: Pair
    says: str


Contradicts = Callable[[str, str], str]
"""Why two aliases cannot be one person, or ''."""


def groups(pairs: Iterable[Pair], contradicts: Contradicts) -> tuple[dict[str, list[str]], list[Refused]]:
    """The group of each alias in some pair (members of one group share one list, in no order), and the pairs that were refused."""
    of: dict[str, list[str]] = {}
    refused: list[Refused] = []
    for pair in sorted(pairs):
        one, other = of.setdefault(pair.a, [pair.a]), of.setdefault(pair.b, [pair.b])
        if one is other:
            continue
        if says := _contradiction(one, other, contradicts):
            refused.append(Refused(pair, says))
            continue
        if len(one) < len(other):
            one, other = other, one
        one += other
        of.update(dict.fromkeys(other, one))
    return of, refused


def _contradiction(one: list[str], other: list[str], contradicts: Contradicts) -> str:
    """The first contradiction between the members of two groups, or ''; first in the order of their tokens, so that it is always the same."""
    return next((says for a in sorted(one) for b in sorted(other) if (says := contradicts(a, b))), "")
