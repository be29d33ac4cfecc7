"""What stands on the topic `statistic`, now or at a past moment; its revisions; and whether it is the fold of linked cases, tasks and absences.

The moment of a revision is when the broker took it, so that what was known at a moment can be told although later records belong to earlier days.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from connectors.reader import Entry
from deploy.suppress import Counts
from schemas.models.case import LinkedCase
from schemas.models.fact import Millis
from schemas.models.record import Absence
from schemas.models.statistic import Measure, Statistic
from schemas.models.task import Task
from streams.standing import standing
from streams.statistics.cells import LEVELS, counted, in_regions, matters
from streams.statistics.places import absent
from streams.statistics.work import kept


class Key(NamedTuple):
    """A cell of a region."""

    region: str
    measure: str
    value: str
    day: str


class Revision(NamedTuple):
    """How many counted under a cell from a moment on, UTC milliseconds of the broker; 0 when nobody did any more."""

    key: Key
    written: Millis
    people: int


class Wrong(NamedTuple):
    """A cell whose count is not that of what stands."""

    key: Key
    says: int
    stands: int


def stands(entries: Iterable[Entry], until: Millis | None = None) -> dict[Key, int]:
    """The counts that stood when the broker had taken what it had until a moment, UTC milliseconds; without one, now."""
    told = ((one.key, one.value) for one in entries if one.value is not None and (until is None or one.written <= until))
    return {key(one): one.count for one in standing("statistic", told).values() if isinstance(one, Statistic)}


def absences(entries: Iterable[Entry]) -> list[Absence]:
    """The reports of absence that stand."""
    told = ((one.key, one.value) for one in entries if one.value is not None)
    return [one for one in standing("record.absence", told).values() if isinstance(one, Absence)]


def revisions(entries: Iterable[Entry]) -> list[Revision]:
    """Every change of a count, in the order of the broker; two within a millisecond are one."""
    found: dict[tuple[Key, Millis], int] = {}
    last: dict[Key, int] = {}
    for entry in entries:
        if isinstance(entry.value, Statistic):
            found[key(entry.value), entry.written] = 0 if entry.value.retracted else entry.value.count
    changes = []
    for (cell, written), count in sorted(found.items(), key=lambda one: one[0][1]):
        if last.get(cell, 0) != count:
            changes.append(Revision(cell, written, count))
            last[cell] = count
    return changes


def compared(facts: Iterable[LinkedCase | Task | Absence], counts: dict[Key, int]) -> list[Wrong]:
    """The cells in which what stands is not the number of the linked cases, tasks and absences that count there."""
    fold: Counter[Key] = Counter()
    for fact in facts:
        own = (counted(fact) if matters(fact) else None) if isinstance(fact, LinkedCase) else kept(fact) if isinstance(fact, Task) else absent(fact)
        for one in in_regions(own) if own else []:
            fold.update({Key(one.region, cell.measure.value, cell.value, cell.day): one.count for cell in one.cells})
    return [Wrong(cell, counts.get(cell, 0), fold[cell]) for cell in sorted({*fold, *counts}) if counts.get(cell, 0) != fold[cell]]


def chosen(counts: dict[Key, int], region: str, measure: Measure) -> Counts:
    """The counts of a region and of those one level below it, by region and then by value and day with a space between."""
    below = next((digits for digits in LEVELS if digits > len(region)), None)
    return {
        (one.region, f"{one.value} {one.day}".strip()): count for one, count in counts.items()
        if one.measure == measure and (one.region == region or (below and len(one.region) == below and one.region.startswith(region)))
    }  # fmt: skip


def of_region(found: Sequence[Revision], region: str, measure: Measure) -> list[Revision]:
    """The revisions of one region and measure."""
    return [one for one in found if one.key.region == region and one.key.measure == measure]


def key(one: Statistic) -> Key:
    """The cell of a fact."""
    return Key(one.region, one.measure.value, one.value, one.day)
