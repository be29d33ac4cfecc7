"""How rare a count is, by the negative binomial distribution of the days before.

Farrington's method as improved by Noufaily et al. (Statistics in Medicine 32, 2013), reduced to what four weeks of days can bear: a level without trend and
season. Kept are the quasi-Poisson dispersion, the smaller weight of earlier outbreaks (Anscombe residuals over 2.58), and the negative binomial quantile.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from math import exp, log, sqrt
from typing import NamedTuple

_OUTLYING = 2.58
_PRIOR = 0.5
"""What is added to the sum, so that four weeks without anybody do not make one person impossible (Jeffreys)."""


class Level(NamedTuple):
    """Mean and dispersion (variance over mean, at least 1) of counts."""

    mean: float
    dispersion: float


def level(counts: Sequence[int]) -> Level:
    """That of some days, in which outliers count less."""
    first = _weighted(counts, [1.0] * len(counts))
    scale = first.mean ** (1 / 6) * sqrt(first.dispersion * (1 - 1 / len(counts)))
    residuals = [1.5 * (count ** (2 / 3) - first.mean ** (2 / 3)) / scale for count in counts]
    weights = [residual**-2 if residual > _OUTLYING else 1.0 for residual in residuals]
    whole = sum(weights) / len(weights)
    return _weighted(counts, [weight / whole for weight in weights])


def most(of: Level, rare: float) -> int:
    """The largest count that is no rarer than that: the probability of more is at most `rare`."""
    for count, beyond in enumerate(_beyond(of)):
        if beyond <= rare:
            return count
    raise AssertionError("probabilities fall to nothing")


def beyond(of: Level, count: int) -> float:
    """The probability of more than a count."""
    return 1.0 if count < 0 else next(left for place, left in enumerate(_beyond(of)) if place == count)


def _weighted(counts: Sequence[int], weights: Sequence[float]) -> Level:
    mean = (sum(weight * count for weight, count in zip(weights, counts, strict=True)) + _PRIOR) / sum(weights)
    squares = sum(weight * (count - mean) ** 2 for weight, count in zip(weights, counts, strict=True))
    return Level(mean, max(1.0, squares / mean / (len(counts) - 1)))


def _beyond(of: Level) -> Iterator[float]:
    """The probability of more than 0, than 1, and so on, without end; of Poisson where nothing is dispersed."""
    size = of.mean / (of.dispersion - 1) if of.dispersion > 1 else None
    logarithm = -of.mean if size is None else -size * log(of.dispersion)
    left, count = 1.0, 0
    while True:
        left = max(left - exp(logarithm), 0.0)
        yield left
        step = of.mean / (count + 1) if size is None else (count + size) / (count + 1) * (of.dispersion - 1) / of.dispersion
        logarithm, count = logarithm + log(step), count + 1
