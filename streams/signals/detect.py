"""A day judged by the days before: EARS C1, C2 and C3 (Hutwagner et al., J. Urban Health 80, 2003), and the negative binomial of four weeks.

C1 compares with the seven days before, C2 with seven days that end two days earlier, so that the beginning of an outbreak does not hide what follows. C3 adds
up what C2 found on three days. Their standard deviation is at least that of the policy (Tokars et al., Emerg. Infect. Dis. 15, 2009: 1.0 finds more at the same
rate of alarms). Thresholds are rounded to thousandths, so that no machine judges otherwise.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from math import floor, sqrt

from schemas.models.signal import Exceeded, Method
from streams.policy import Warn
from streams.signals.chance import beyond, level, most

REACH = 30
"""How many days before a day it is judged by."""
_GUARD, _WEEK = 2, 7
Counts = Mapping[int, int]
"""By day (days since 1970); a day that is not there had none."""


def exceeded(counts: Counts, day: int, warn: Warn, least: int) -> list[Exceeded]:
    """The methods by which a day had too many, if it had at least so many."""
    observed = counts.get(day, 0)
    if observed < least:
        return []
    normal = level([counts.get(one, 0) for one in range(day - REACH, day - _GUARD)])
    found = []
    for method, judge in _METHODS.items():
        expected, threshold = (round(number, 3) for number in judge(counts, day, warn))
        if observed > threshold:
            rate = round(365 * beyond(normal, floor(threshold)), 2)
            found.append(Exceeded(method=method, expected=expected, threshold=threshold, false_alarms=rate))
    return found


def _c1(counts: Counts, day: int, warn: Warn) -> tuple[float, float]:
    mean, deviation = _usual(counts, day, 1, warn)
    return mean, mean + warn.deviations * deviation


def _c2(counts: Counts, day: int, warn: Warn) -> tuple[float, float]:
    mean, deviation = _usual(counts, day, 1 + _GUARD, warn)
    return mean, mean + warn.deviations * deviation


def _c3(counts: Counts, day: int, warn: Warn) -> tuple[float, float]:
    """What is left of the sum for this day; nothing when the two days before are enough."""
    before = sum(_surplus(counts, one, warn) for one in (day - 1, day - 2))
    mean, deviation = _usual(counts, day, 1 + _GUARD, warn)
    return mean, 0.0 if before > warn.sum_of_three else mean + (1 + warn.sum_of_three - before) * deviation


def _negative_binomial(counts: Counts, day: int, warn: Warn) -> tuple[float, float]:
    normal = level([counts.get(one, 0) for one in range(day - REACH, day - _GUARD)])
    return normal.mean, float(most(normal, warn.rare))


_METHODS: dict[Method, Callable[[Counts, int, Warn], tuple[float, float]]] = {
    Method.C1: _c1, Method.C2: _c2, Method.C3: _c3, Method.NEGATIVE_BINOMIAL: _negative_binomial,
}  # fmt: skip


def _surplus(counts: Counts, day: int, warn: Warn) -> float:
    mean, deviation = _usual(counts, day, 1 + _GUARD, warn)
    return max(0.0, (counts.get(day, 0) - mean) / deviation - 1)


def _usual(counts: Counts, day: int, back: int, warn: Warn) -> tuple[float, float]:
    """Mean and standard deviation of the seven days that end so many days before a day."""
    week = [counts.get(one, 0) for one in range(day - back - _WEEK + 1, day - back + 1)]
    total, squares = sum(week), sum(count * count for count in week)
    return total / _WEEK, max(warn.smallest_deviation, sqrt((_WEEK * squares - total * total) / (_WEEK * (_WEEK - 1))))
