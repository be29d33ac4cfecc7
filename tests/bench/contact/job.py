"""The contact job, drawn from a seed: scans of a day at places of very different size, and hours at such places that turn out to matter."""

from __future__ import annotations

import random
from array import array
from dataclasses import dataclass
from itertools import accumulate

DAY = 86_400_000
HOUR = 3_600_000
MARGIN = 1_800_000
"""Milliseconds on either side of an exposed hour within which a presence still counts."""
START = 1_579_478_400_000
"""2020-01-20T00:00:00 UTC, in milliseconds."""


@dataclass(frozen=True, slots=True)
class Window:
    """The hour of an exposed person at a place with the margin on both sides: UTC milliseconds, both ends included."""

    person: int
    place: int
    at: int
    until: int


@dataclass(frozen=True, slots=True)
class Job:
    """Scan number n is person `person[n]` at place `place[n]` at `at[n]` (UTC milliseconds, never falling); exposure number n is `windows[n]`."""

    at: array[int]
    place: array[int]
    person: array[int]
    windows: tuple[Window, ...]

    @property
    def scans(self) -> int:
        """How many scans there are."""
        return len(self.at)


def draw(scans: int, *, exposures: int = 600, places: int = 20_000, people: int = 500_000, skew: float = 1.0, seed: int = 1) -> Job:
    """A job: the place of rank r is drawn with weight 1 / r ** skew.

    An exposure is an hour around one of the scans, so that exposed places are as popular as scanned ones, and each exposed person is present at least once
    in the own window and must not be found.
    """
    dice = random.Random(seed)
    weights = list(accumulate(1 / rank**skew for rank in range(1, places + 1)))
    place = array("i", dice.choices(range(places), cum_weights=weights, k=scans))
    person = array("i", dice.choices(range(people), k=scans))
    at = array("q", sorted(START + int(dice.random() * DAY) for _ in range(scans)))
    windows = []
    for scan in dice.choices(range(scans), k=exposures):
        begin = at[scan] - int(dice.random() * HOUR)
        windows.append(Window(person[scan], place[scan], begin - MARGIN, begin + HOUR + MARGIN))
    return Job(at, place, person, tuple(windows))
