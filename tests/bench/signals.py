"""`python -m tests.bench.signals`: how early warning does on outbreaks whose answer is known, beside published figures.

Counts by day are drawn as Noufaily et al. (Bioinformatics 35, 2019) drew theirs: a negative binomial around a year, a week and a level, with one outbreak of a
Poisson number of cases, a multiple of seven standard deviations, spread lognormally over days, in the last 49 weeks. Six of their sixteen series come every day
of the week and have no yearly epidemic besides; their parameters are those of the published program. A seventh is ours: a county with one case in a fortnight.
Their doubled weekends of outbreaks and their holidays are left out.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from deploy.cli.output import table
from schemas.models.signal import Method
from streams.policy import load
from streams.signals.detect import REACH, exceeded

_YEARS, _LAST = 2, 343
"""Years of days that are drawn, and the days at the end in which an outbreak begins."""


class Series(NamedTuple):
    """Parameters of the mean exp(level + trend t + year + week) and of the dispersion (variance over mean)."""

    name: str
    level: float
    trend: float
    year: tuple[float, float]
    week: tuple[float, float]
    dispersion: float
    shift: int


SERIES = (
    Series("1, 400 a day", 6, 0, (0.2, 0.2), (0.5, 0.4), 2, 29), Series("2, 2 a day, yearly", 0.5, 0, (1.5, 1.4), (0.5, 0.4), 1, -167),
    Series("3, 250 a day", 5.5, 0, (0, 0), (0.3, 0.25), 1, 1), Series("4, 7 a day", 2, 0, (0, 0), (0.3, 0.25), 1, 1),
    Series("13, 7 a day, rising", 2, 0.0005, (0.8, 0.8), (0.8, 0.4), 4, 57), Series("16, 400 a day", 6, 0, (0, 0), (0.8, 0.4), 4, 1),
    Series("ours, 1 a fortnight", -2.64, 0, (0, 0), (0, 0), 1, 0),
)  # fmt: skip


class Judged(NamedTuple):
    """Of one method in some series: outbreaks, of which found; days without outbreak, of which alarmed; days until each was found; runs of alarms, of which true."""

    outbreaks: int = 0
    found: int = 0
    quiet: int = 0
    false: int = 0
    delays: tuple[int, ...] = ()
    alarms: int = 0
    true: int = 0

    def plus(self, other: Judged) -> Judged:
        """Both."""
        return Judged(*(mine + theirs for mine, theirs in zip(self, other, strict=True)))  # type: ignore[operator]


def drawn(series: Series, size: float, random: np.random.Generator) -> tuple[list[int], list[int]]:
    """Counts by day with the outbreak in them, and the outbreak alone."""
    days = np.arange(1, 364 * _YEARS + 1) + series.shift
    angles = [2 * np.pi * days / 364] + [2 * np.pi * days * one / 7 for one in (1, 2)]
    waves = [series.year, series.week, series.week]
    mean = np.exp(series.level + series.trend * days + sum(a * np.cos(angle) + b * np.sin(angle) for (a, b), angle in zip(waves, angles, strict=True)))
    over = series.dispersion - 1
    counts = random.negative_binomial(mean / over, 1 / series.dispersion) if over else random.poisson(mean)
    start = len(days) - _LAST + int(random.integers(_LAST - 28))
    cases = max(2, random.poisson(size * 7 * np.sqrt(mean[start] * series.dispersion)))
    outbreak = np.bincount(start + np.floor(random.lognormal(0, 0.5, cases) / 0.25).astype(int), minlength=len(days))[: len(days)]
    return [int(one) for one in counts + outbreak], [int(one) for one in outbreak]


def judged(series: Series, size: float, runs: int) -> dict[str, Judged]:
    """Each method, and any of them, over some draws."""
    found = {name: Judged() for name in (*(method.value for method in Method), "any")}
    for run in range(runs):
        counts, outbreak = drawn(series, size, np.random.default_rng([run, round(size), SERIES.index(series)]))
        alarms = list(_alarms(counts))
        for name, before in found.items():
            days = {day for day, methods in alarms if methods and (name == "any" or name in methods)}
            found[name] = before.plus(_judge(days, outbreak))
    return found


def _alarms(counts: list[int]) -> Iterator[tuple[int, set[str]]]:
    warn, known = load().signals, dict(enumerate(counts))
    for day in range(len(counts) - _LAST, len(counts)):
        assert day >= REACH
        yield day, {one.method.value for one in exceeded(known, day, warn, warn.least)}


def _judge(days: set[int], outbreak: list[int]) -> Judged:
    """An outbreak is found when a day of it is alarmed; alarms on following days are one."""
    ill = [day for day, cases in enumerate(outbreak) if cases]
    within = range(ill[0], ill[-1] + 1)
    hits = sorted(days & set(within))
    begins = [day for day in days if day - 1 not in days]
    true = [day for day in begins if day in within or (day + 1 in days and day + 1 in within)]
    return Judged(1, bool(hits), _LAST - len(within), len(days - set(within)), (hits[0] - within[0],) if hits else (), len(begins), len(true))


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.signals", description=__doc__)
    parser.add_argument("--runs", type=int, default=10, help="draws of each series and size (10: a few minutes)")
    runs = parser.parse_args().runs
    rows = []
    for series in SERIES:
        sums: dict[str, Judged] = {}
        for size in (2.0, 5.0, 10.0):
            for name, one in judged(series, size, runs).items():
                sums[name] = sums.get(name, Judged()).plus(one)
        rows += [_row(series.name, name, one) for name, one in sums.items()]
    columns = ("series", "method", "outbreaks found", "median days to it", "false alarms a year", "specificity", "runs of alarms that are true")
    table(f"One outbreak a year of 2, 5 or 10 times seven standard deviations, {runs} draws of each", columns, rows)
    table("Published", ("what", "figures"), _PUBLISHED)


def _row(series: str, name: str, one: Judged) -> tuple[object, ...]:
    delay = f"{np.median(one.delays):.0f}" if one.delays else "-"
    return (series, name, f"{one.found / one.outbreaks:.0%}", delay, f"{365 * one.false / one.quiet:.1f}", f"{1 - one.false / one.quiet:.2%}",
            f"{one.true / one.alarms:.0%}" if one.alarms else "-")  # fmt: skip


_PUBLISHED = [
    ("CIDARS, China, two years, counties", "533,829 signals, of which 1.24 % were suspected events"),
    ("PMC6011277", "sensitivity 93.3 % without a false alarm"),
    ("Watkins et al. 2008 (Ross River virus, real outbreaks, false alarms on at most 0.1 % of days)", "mean sensitivity C1 27 %, C2 40 %, C3 47 %, negative binomial CUSUM of 28 days 93 %"),
    ("Bédubourg and Le Strat 2017 (simulated weeks, 21 methods)", "false positives 0.7 to 59.9 %, probability of detection 43.3 to 88.7 %"),
]


if __name__ == "__main__":
    main()
