"""What a report of absence counts as: how many were missing because they were ill, by the day in China and by what the place is."""

from __future__ import annotations

from schemas.models.record import Absence
from schemas.models.statistic import Cell, Counted, Measure
from streams.statistics.cells import LEVELS, UNKNOWN, day


def absent(fact: Absence) -> Counted:
    """What a report counts as; under no cell when nobody was ill."""
    when = day(fact.at)
    cells = [Cell(measure=Measure.ABSENCE, value=fact.institution.value, day=when)] if fact.ill else []
    region = (fact.region or UNKNOWN)[: LEVELS[-1]]
    return Counted.of(causes=[fact.id], at=fact.at, person=f"{fact.place} {when}", region=region, cells=cells, count=fact.ill or 1)
