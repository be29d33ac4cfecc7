"""Expectation maximisation: how frequent each level is among pairs of one person (m) and of two (u), from pairs of which nobody says what they are.

The likelihood is that of Fellegi and Sunter (1969), maximised as Winkler (Using the EM algorithm for weight computation in the Fellegi-Sunter model of record
linkage, 1988) has it, over all pairs of profiles at once: those that share a blocking key one by one, and the rest, which are taken to be of two people each,
as one sum that a random sample stands for. So neither m nor the prior has to be told or guessed, and u is right also where many pairs are of one person.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from math import exp, log
from typing import NamedTuple

from streams.identity.compare import Levels

ROUNDS = 200
"""The most rounds; it ends before when nothing moves any more."""
STILL = 1e-6
"""It has converged when no m has moved by more than this in a round."""
_HALF = 0.5
"""Half a pair: what a level gets that no pair is at, so that no share is nothing."""
Rows = list[list[float]]
"""A number for each level of each field."""


class Pairs(NamedTuple):
    """All pairs of some profiles: those that share a blocking key, by their levels; a sample of the rest; and how many the rest are."""

    near: Mapping[Levels, int]
    sample: Mapping[Levels, int]
    rest: int


class Estimate(NamedTuple):
    """m and u of each level of each field, and the share of all pairs that are of one person."""

    m: Rows
    u: Rows
    share: float


def estimate(pairs: Pairs, sizes: Sequence[int]) -> Estimate:
    """What fits the pairs best; `sizes` tells how many levels each field has. Raises ValueError when no pair shares a key."""
    if not pairs.near:
        raise ValueError("no two profiles share a blocking key: there is nothing to learn from")
    total = sum(pairs.near.values()) + pairs.rest
    scale = pairs.rest / max(1, sum(pairs.sample.values()))
    near = _counts(pairs.near.items(), sizes)
    far = _counts(((levels, count * scale) for levels, count in pairs.sample.items()), sizes)
    now = Estimate([_start(size) for size in sizes], _shares(_rest(near, [[0.0] * size for size in sizes], far)), _agreeing(pairs.near) / total)
    for _ in range(ROUNDS):
        before, now = now, _round(now, pairs.near, near, far, total)
        if max(abs(x - y) for old, new in zip(before.m, now.m, strict=True) for x, y in zip(old, new, strict=True)) < STILL:
            break
    return now


def _round(now: Estimate, pairs: Mapping[Levels, int], near: Rows, far: Rows, total: int) -> Estimate:
    """How likely each pair is of one person, and what follows for m, u and the share."""
    logs = [[log(m / u) for m, u in zip(ms, us, strict=True)] for ms, us in zip(now.m, now.u, strict=True)]
    prior = log(now.share / (1 - now.share))
    weighted = [(levels, count * _likely(prior, logs, levels)) for levels, count in pairs.items()]
    ones = _counts(weighted, [len(row) for row in near])
    return Estimate(_shares(ones), _shares(_rest(near, ones, far)), min(_HALF, max(1.0, sum(count for _, count in weighted)) / total))


def _likely(prior: float, logs: Rows, levels: Levels) -> float:
    """The probability that a pair with these levels is of one person."""
    odds = prior + sum([row[level] for row, level in zip(logs, levels, strict=True) if level is not None])
    return 1 / (1 + exp(-odds)) if odds > -_FAR else 0.0


_FAR = 700
"""Beyond, exp overflows; nothing is that likely."""


def _counts(weighted: Iterable[tuple[Levels, float]], sizes: Sequence[int]) -> Rows:
    """How many pairs are at each level of each field."""
    counts = [[0.0] * size for size in sizes]
    for levels, count in weighted:
        for row, level in zip(counts, levels, strict=True):
            if level is not None:
                row[level] += count
    return counts


def _rest(near: Rows, ones: Rows, far: Rows) -> Rows:
    """The pairs of two people: those that share a key without those of one person, and those that share none."""
    return [[max(0.0, n - one) + f for n, one, f in zip(*rows, strict=True)] for rows in zip(near, ones, far, strict=True)]


def _shares(rows: Rows) -> Rows:
    """Counts as shares of one, with half a pair at a level that has less. Where no pair says anything, all levels are the same."""
    return [[max(count, _HALF) / sum(max(each, _HALF) for each in row) for count in row] for row in rows]


def _start(size: int) -> list[float]:
    """Where m starts: nine in ten equal, and ever fewer at each level on."""
    rest = [0.5**place for place in range(1, size)]
    return [0.9, *(0.1 * one / sum(rest) for one in rest)] if rest else [1.0]


def _agreeing(near: Mapping[Levels, int]) -> float:
    """Where the number of pairs of one person starts: at half of those that agree in most of what they say."""
    most = (count for levels, count in near.items() if 2 * levels.count(0) > sum(level is not None for level in levels))
    return max(1.0, _HALF * sum(most))
