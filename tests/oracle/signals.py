"""Which days had too many people, and which facilities are silent, each asked by itself with all counts at hand."""

from __future__ import annotations

import math
import statistics
from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from streams.policy import Policy
from tests.oracle.cases import Content
from tests.oracle.facts import Told

_DIGITS = {"community": 12, "township": 9, "county": 6, "prefecture": 4, "province": 2}


def signals(counts: Iterable[Content], policy: Policy, now: int) -> list[Content]:
    """A signal for every day that is over and had too many by some method."""
    series: dict[tuple[str, str, str], dict[date, int]] = {}
    for one in counts:
        if one["measure"] in policy.signals.measures and len(one["region"]) in [_DIGITS[level] for level in policy.signals.levels]:
            days = series.setdefault((one["region"], one["measure"], one["value"] if one["measure"] == "symptom" else ""), {})
            day = date.fromisoformat(one["day"])
            days[day] = days.get(day, 0) + one["count"]
    found = []
    for (region, measure, value), days in series.items():
        for day, count in days.items():
            exceeded = list(_exceeded(days, day, policy)) if count >= (policy.signals.least_absent if measure == "absence" else policy.signals.least) and _end(day) <= now else []
            if exceeded:
                found.append({"region": region, "measure": measure, "value": value, "day": day.isoformat(), "observed": count, "at": _end(day), "exceeded": exceeded})
    return found


def silences(told: Iterable[Told], policy: Policy, now: int) -> list[Content]:
    """Every facility that reported on most days of a week, and on none since for long enough."""
    days: dict[str, set[date]] = {}
    weekly: set[str] = set()
    for one in told:
        if one.kind in ("visit", "absence"):
            weekly = weekly | {one.says["place"]} if one.kind == "absence" else weekly
            days.setdefault(one.says["place"], set()).add(datetime.fromtimestamp(one.at // 1000, ZoneInfo("Asia/Shanghai")).date())
    found = []
    for place, mine in days.items():
        last = max(mine)
        week = [day for day in mine if last - day < timedelta(days=7)]
        missed = [day for day in (last + timedelta(days=more) for more in range(1, 99)) if place not in weekly or day.weekday() < 5]
        end = _end(missed[policy.signals.silent_days - 1])
        if len(week) >= policy.signals.usual_days and end <= now:
            found.append({"place": place, "last": last.isoformat(), "days": len(week), "at": end})
    return found


def _exceeded(days: dict[date, int], day: date, policy: Policy) -> Iterator[Content]:
    warn, count = policy.signals, days[day]
    mean, dispersion = _level(_before(days, day, 30, 3))
    thresholds = {"c1": _ears(days, day, 1, warn.deviations, policy), "c2": _ears(days, day, 3, warn.deviations, policy)}
    already = sum(max(0.0, (days.get(one, 0) - _ears(days, one, 3, 1, policy)[1]) / _deviation(days, one, policy)) for one in (day - timedelta(1), day - timedelta(2)))
    thresholds["c3"] = _ears(days, day, 3, 1 + warn.sum_of_three - already, policy)
    if already > warn.sum_of_three:
        thresholds["c3"] = (thresholds["c3"][0], 0.0)
    rare = 0
    while _more_than(rare, mean, dispersion) > warn.rare:
        rare += 1
    thresholds["negative_binomial"] = (mean, float(rare))
    for method, (expected, most) in thresholds.items():
        if count > round(most, 3):
            chance = round(365 * _more_than(math.floor(round(most, 3)), mean, dispersion), 2)
            yield {"method": method, "expected": round(expected, 3), "threshold": round(most, 3), "false_alarms": chance}


def _before(days: dict[date, int], day: date, first: int, last: int) -> list[int]:
    return [days.get(day - timedelta(days=back), 0) for back in range(first, last - 1, -1)]


def _ears(days: dict[date, int], day: date, last: int, times: float, policy: Policy) -> tuple[float, float]:
    week = _before(days, day, last + 6, last)
    return sum(week) / 7, sum(week) / 7 + times * max(policy.signals.smallest_deviation, statistics.stdev(week))


def _deviation(days: dict[date, int], day: date, policy: Policy) -> float:
    return max(policy.signals.smallest_deviation, statistics.stdev(_before(days, day, 9, 3)))


def _level(counts: list[int]) -> tuple[float, float]:
    """Mean and dispersion of the four weeks, those of an earlier outbreak with less weight."""
    weights = [1.0] * 28
    for _ in range(2):
        mean = (sum(weight * count for weight, count in zip(weights, counts, strict=True)) + 0.5) / sum(weights)
        dispersion = max(1.0, sum(weight * (count - mean) ** 2 for weight, count in zip(weights, counts, strict=True)) / mean / 27)
        last = mean, dispersion
        residuals = [1.5 * (count ** (2 / 3) - mean ** (2 / 3)) / (mean ** (1 / 6) * math.sqrt(dispersion * 27 / 28)) for count in counts]
        weights = [1 / residual**2 if residual > 2.58 else 1.0 for residual in residuals]
        weights = [28 * weight / sum(weights) for weight in weights]
    return last


def _more_than(count: int, mean: float, dispersion: float) -> float:
    """One less the sum of the probabilities until there, each by its formula."""
    return 1 - sum(_probability(number, mean, dispersion) for number in range(count + 1))


def _probability(number: int, mean: float, dispersion: float) -> float:
    if dispersion == 1:
        return math.exp(number * math.log(mean) - mean - math.lgamma(number + 1))
    size = mean / (dispersion - 1)
    ways = math.lgamma(number + size) - math.lgamma(size) - math.lgamma(number + 1)
    return math.exp(ways - size * math.log(dispersion) + number * math.log((dispersion - 1) / dispersion))


def _end(day: date) -> int:
    return int(datetime(day.year, day.month, day.day, tzinfo=ZoneInfo("Asia/Shanghai")).timestamp() + 86_400) * 1000
