"""Ages in completed years, as dates of birth tell them, and the bands in which people of an age are counted."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Annotated

from pydantic import AfterValidator

OLD = 90
"""Years from which all are in one band: so few are older that the band would name them (45 CFR 164.514(b)(2)(i)(C), the best known rule for this)."""
_NARROWEST = 5
"""Years: what is narrower is nearly a date of birth. Forms of releases have none that is narrower either (`schemas.forms`)."""


def _coarse(starts: list[int]) -> list[int]:
    widths = [later - earlier for earlier, later in itertools.pairwise(starts)]
    if not widths or starts[0] != 0 or min(widths) < _NARROWEST or starts[-1] > OLD:
        raise ValueError(f"age_bands needs two starts or more: 0, then each at least {_NARROWEST} years after the one before, the last at {OLD} at most")
    return starts


Bands = Annotated[list[int], AfterValidator(_coarse)]
"""The ages in completed years with which bands begin, rising from 0; the last band has no end."""


def between(born: str, day: date) -> tuple[int, int]:
    """The least and the most years that somebody can have completed on a day; below 0 for who is born later.

    `born` is a date of birth, whole or in part (ISO 8601), or an interval of such (`first/last`, both included).
    """
    first, _, last = born.partition("/")
    return _completed(_edge(last or first, last=True), day), _completed(_edge(first, last=False), day)


def band(born: str, day: date, starts: Sequence[int]) -> str | None:
    """The band of ages, such as `30-39` or `80+`, in which somebody surely is on a day; None where more than one may be, or who is born later.

    `starts` are the ages in years with which the bands begin, rising, the first 0.
    """
    low, high = between(born, day)
    begins, ends = (max((start for start in starts if start <= age), default=None) for age in (max(low, 0), high))
    if begins is None or begins != ends:
        return None
    following = next((start for start in starts if start > begins), None)
    return f"{begins}+" if following is None else f"{begins}-{following - 1}"


def _edge(born: str, *, last: bool) -> date:
    """The first or the last day that a date of birth, whole or in part, may mean."""
    year, month, day = (*map(int, born.split("-")), 0, 0)[:3]
    if day:
        return date(year, month, day)
    if not last:
        return date(year, month or 1, 1)
    return date(year + (month in (0, 12)), month % 12 + 1 if month else 1, 1) - timedelta(days=1)


def _completed(born: date, day: date) -> int:
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))
