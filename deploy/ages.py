"""Cases of a region by bands of ages and by the week or day of their report, from the linked cases that stand, and what is shown of them.

It is a table of its own and no measure on the bus: the cases of each day and of each band are shown besides, so all three are protected together. What
`lianfang statistics show --measure age` shows of the region is the last row here, and is left out here just where it is there.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import date, timedelta
from typing import Literal

from deploy.statistics import Key, chosen
from deploy.suppress import Counts, Shown, suppressed
from schemas.models.case import LinkedCase
from schemas.models.statistic import Counted, Measure
from streams.statistics.cells import counted, in_regions, matters

ALL = "all"
"""The row of the sums."""
Every = Literal["day", "week"]


def by_report(cases: Iterable[LinkedCase], region: str, every: Every) -> Counts:
    """How many cases of a region, by the day of their report in Asia/Shanghai or the Monday of its ISO week, and by band; with the sums under `all`."""
    return _by_report(_within(cases, region), every)


def _by_report(people: Iterable[Counted], every: Every) -> Counts:
    found: Counter[tuple[str, str]] = Counter()
    for one in people:
        says = {cell.measure: cell for cell in one.cells}
        if Measure.AGE in says and Measure.REPORT in says:
            band = says[Measure.AGE].value
            found.update([(_begins(says[Measure.REPORT].day, every), band), (ALL, band)])
    return dict(found)


def shown(cases: Iterable[LinkedCase], region: str, every: Every, smallest: int) -> Shown:
    """The same without small counts, and without what would give one away to who sees the sums of rows and bands too."""
    people = _within(cases, region)
    counts = Counter(Key(each.region, Measure.AGE, cell.value, "") for one in people for each in in_regions(one) for cell in one.cells
                     if cell.measure is Measure.AGE)  # fmt: skip
    sums = suppressed(chosen(counts, region, Measure.AGE), smallest, region)
    return suppressed(_by_report(people, every), smallest, ALL, {(ALL, band): count for (row, band), count in sums.items() if row == region})


def _within(cases: Iterable[LinkedCase], region: str) -> list[Counted]:
    found = [counted(case) for case in cases if matters(case)]
    return [one for one in found if any(each.region == region for each in in_regions(one))]


def _begins(day: str, every: Every) -> str:
    if every == "day":
        return day
    then = date.fromisoformat(day)
    return (then - timedelta(days=then.weekday())).isoformat()
