"""Clusters in space and time: the space-time permutation scan (Kulldorff et al., PLoS Medicine 2, 2005), which needs cases alone and no population.

Zones are the divisions, from the community up to those one level below the region that is scanned; the bus has no coordinates. Windows are the last days, up to
half of the period, since a cluster that is over warns nobody. If place and time have nothing to do with each other, any day may belong to any case: so days are
drawn anew among the cases, again and again, and a cluster counts as much as few of these draws have one as strong.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from streams.statistics.cells import LEVELS

Numbers = NDArray[np.float64]


class Case(NamedTuple):
    """Where and on which day (days since 1970)."""

    region: str
    day: int


class Cluster(NamedTuple):
    """A division with more cases on its last days than place and time alone make likely; `first` is the first of these days (days since 1970)."""

    region: str
    first: int
    observed: int
    expected: float
    ratio: float
    p: float


def clusters(cases: Sequence[Case], region: str, last: int, days: int, rounds: int = 999, seed: int = 1, most: float = 0.05) -> list[Cluster]:
    """The clusters of `days` days until `last` whose p-value is at most `most`, the strongest first; of divisions within each other the strongest only.

    `ratio` is the logarithm of the likelihood ratio, `p` the share of `rounds` random draws (and of the cases themselves) with a cluster at least as strong.
    """
    mine = [one for one in cases if one.region.startswith(region) and last - days < one.day <= last]
    zones = sorted({one.region[:digits] for one in mine for digits in LEVELS if len(region) < digits <= len(one.region)})
    if len(mine) < 2 or not zones:
        return []
    inside = np.array([[one.region.startswith(zone) for one in mine] for zone in zones], dtype=np.float64)
    age = np.array([last - one.day for one in mine])
    windows = range(1, max(1, days // 2) + 1)
    observed, expected = _counts(inside, age, windows)
    ratios = _ratios(observed, expected, len(mine))
    random = np.random.default_rng(seed)
    drawn = np.sort([_ratios(*_counts(inside, random.permutation(age), windows), len(mine)).max() for _ in range(rounds)])
    found: list[Cluster] = []
    for place in np.argsort(-ratios, axis=None, kind="stable"):
        zone, window = divmod(int(place), len(windows))
        p = (1 + rounds - int(np.searchsorted(drawn, ratios[zone, window] - 1e-9))) / (1 + rounds)
        if p > most:
            break
        if not any(one.region.startswith(zones[zone]) or zones[zone].startswith(one.region) for one in found):
            first = last - windows[window] + 1
            found.append(Cluster(zones[zone], first, int(observed[zone, window]), float(expected[zone, window]), float(ratios[zone, window]), p))
    return found


def _counts(inside: Numbers, age: NDArray[Any], windows: range) -> tuple[Numbers, Numbers]:
    """By zone and window how many cases there are, and how many there would be if the window took its share of each zone."""
    within = np.array([age < window for window in windows], dtype=np.float64).T
    return inside @ within, np.outer(inside.sum(axis=1), within.sum(axis=0)) / len(age)


def _ratios(observed: Numbers, expected: Numbers, cases: int) -> Numbers:
    """Logarithms of likelihood ratios; 0 where there are no more cases than expected."""
    with np.errstate(divide="ignore", invalid="ignore"):
        left = np.where(observed < cases, (cases - observed) * np.log((cases - observed) / (cases - expected)), 0.0)
        ratio = observed * np.log(observed / expected) + left
    return np.where((observed > expected) & (expected > 0), ratio, 0.0)
