"""When somebody was born, as it is told: a date, a month or year alone, an age; by the lunar calendar; day and month in each other's place; a digit wrong.

A lunar birthday that is written as if it were solar is found by reading each date as lunar and comparing it with the other.
"""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import date
from functools import cache, lru_cache
from typing import NamedTuple

from lunardate import LunarDate

from streams.identity.kinds.kind import Kind
from streams.identity.kinds.strings import distance

_SAME, _MONTH, _LUNAR, _SWAPPED, _YEAR, _DIGIT, _ABOUT, _DIFFERENT = range(8)
_KEPT = 2**16
_FORM = re.compile(r"([0-9]{4})(?:-([0-9]{2})(?:-([0-9]{2}))?)?")
_ABOUT_DAYS = 731
"""An age as it was once counted (虚岁) is a year or two more."""
_A_MONTH, _A_YEAR = 31, 400


class Born(NamedTuple):
    """The first and last day on which somebody may have been born, as ordinals; `text` is a whole date or '', `solar` the same read as a lunar one, or ''."""

    first: int
    last: int
    text: str = ""
    solar: str = ""


@lru_cache(_KEPT)
def _prepare(text: str) -> Born | None:
    first, slash, last = text.strip().partition("/")
    try:
        if slash:
            days = [date(*_parts(part)).toordinal() for part in (first, last)]
            return Born(min(days), max(days))
        year, *rest = _parts(first)
        if len(rest) == 2:
            day = date(year, *rest).toordinal()
            return Born(day, day, first, _as_lunar(year, *rest))
        months = rest * 2 or [1, 12]
        return Born(date(year, months[0], 1).toordinal(), date(year, months[1], monthrange(year, months[1])[1]).toordinal())
    except (ValueError, TypeError):
        return None  # no date: ValueError of a day that is not there, TypeError of an interval of less than days


def _parts(text: str) -> list[int]:
    """Year, month and day as far as they are told; raises ValueError for another form."""
    if not (found := _FORM.fullmatch(text)):
        raise ValueError("no date")
    return [int(part) for part in found.groups() if part]


def _as_lunar(year: int, month: int, day: int) -> str:
    """The solar date of a day that is read as one of the lunar calendar; '' where there is none (before 1900, or no such day)."""
    first, days = _lunar_month(year, month)
    return str(date.fromordinal(first + day - 1)) if day <= days else ""


@cache
def _lunar_month(year: int, month: int) -> tuple[int, int]:
    """The first day of a month of the lunar calendar, as an ordinal, and how many days it has; none where there is no such month."""
    try:
        first = LunarDate(year, month, 1).to_solar_date().toordinal()
    except ValueError:
        return 0, 0
    try:
        LunarDate(year, month, 30).to_solar_date()
    except ValueError:
        return first, 29
    return first, 30


def _level(a: Born, b: Born) -> int:
    if a.text and b.text:
        return _of_dates(a, b)
    if a.first <= b.last and b.first <= a.last:
        return _MONTH if max(a.last - a.first, b.last - b.first) <= _A_MONTH else _YEAR
    apart = max(a.first - b.last, b.first - a.last)
    return _ABOUT if apart <= _ABOUT_DAYS else _DIFFERENT


def _of_dates(a: Born, b: Born) -> int:
    if a.first == b.first:
        return _SAME
    if a.solar == b.text or b.solar == a.text:
        return _LUNAR
    x, y = a.text, b.text
    if x[:4] == y[:4] and x[5:7] == y[8:] and x[8:] == y[5:7]:
        return _SWAPPED
    return _DIGIT if distance(x, y, score_cutoff=1) == 1 else _DIFFERENT


def _days(born: Born) -> tuple[str, ...]:
    """The date, day and month in order of size so that they may be swapped, and what it is if it was told as lunar."""
    return tuple(f"{text[:4]}{min(text[5:7], text[8:])}{max(text[5:7], text[8:])}" for text in (born.text, born.solar) if text)


def _years(born: Born) -> tuple[str, ...]:
    """The year, or the two that an age leaves open; none for longer intervals."""
    if born.last - born.first > _A_YEAR:
        return ()
    return tuple(dict.fromkeys(str(date.fromordinal(day).year) for day in (born.first, born.last)))


KIND = Kind(
    name="born",
    levels=("same", "same month", "lunar", "swapped", "same year", "one digit", "about", "different"),
    prepare=_prepare,
    level=_level,
    keys={"day": lambda born: (born.text,) if born.text else (), "days": _days, "years": _years},
)
