"""Chance that falls alike on every machine."""

from __future__ import annotations

import random
from bisect import bisect_right
from collections.abc import Sequence
from itertools import accumulate
from typing import TypeVar

T = TypeVar("T")


class Dice:
    """Draws under a seed and a name, so that each part of the simulation has its own.

    Only `Random.random()` is used, whose sequence Python promises for every version, and arithmetic that IEEE 754 fixes; `gauss`, `choices` and the like
    promise neither.
    """

    def __init__(self, seed: int, name: str) -> None:
        """Take the seed and what the draws are for."""
        self.random = random.Random(f"{seed} {name}").random  # noqa: S311 - chance for a simulation, not for a secret

    def chance(self, part: float) -> bool:
        """True in this part (0 to 1) of all cases."""
        return self.random() < part

    def between(self, low: int, high: int) -> int:
        """A whole number from low to high, both included."""
        return low + int(self.random() * (high - low + 1))

    def pick(self, items: Sequence[T]) -> T:
        """One item, each as likely as the others."""
        return items[int(self.random() * len(items))]

    def some(self, items: Sequence[T], count: int) -> list[T]:
        """`count` different items (all, when there are fewer), in an order of chance."""
        left = list(items)
        for place in range(min(count, len(left))):
            other = self.between(place, len(left) - 1)
            left[place], left[other] = left[other], left[place]
        return left[:count]

    def weighed(self, items: Sequence[T], sums: Sequence[float]) -> T:
        """One item, by the running sums of the weights."""
        return items[min(bisect_right(sums, self.random() * sums[-1]), len(items) - 1)]


def zipf(count: int) -> list[float]:
    """Running sums of Zipf weights: the second of `count` is half as popular as the first, the third a third."""
    return list(accumulate(1 / rank for rank in range(1, count + 1)))
