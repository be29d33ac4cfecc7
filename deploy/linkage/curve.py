"""Precision and recall of the compared pairs over the threshold."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Mapping
from typing import NamedTuple

from deploy.linkage.measure import Pair, Rates

STEP = 500
"""Thousandths of a bit between two points."""


class Point(NamedTuple):
    """The rates of all pairs that weigh at least so many bits."""

    bits: float
    rates: Rates


def curve(weights: Mapping[Pair, int], true: set[Pair], step: int = STEP) -> list[Point]:
    """A point each half bit from the lightest to the heaviest pair; none when there are no pairs. True pairs that were not compared count as missed."""
    if not weights:
        return []
    found = sorted(weights.values())
    right = sorted(weight for each, weight in weights.items() if each in true)
    at = range(found[0] // step * step, found[-1] + step, step)
    return [Point(bits / 1000, Rates(len(found) - bisect_left(found, bits), len(right) - bisect_left(right, bits), len(true))) for bits in at]
