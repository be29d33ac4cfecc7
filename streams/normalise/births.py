"""When somebody was born, as records say it: a date, whole or in part, or an age at a day. Both are of the calendar alone, without a time zone.

A date is given as ISO 8601 writes it: `1980-01-01`, `1980-01` or `1980`. An age is an interval of dates of birth, `1979-02-04/1980-02-03`, both included.
"""

from __future__ import annotations

import calendar
import re
import unicodedata
from datetime import date, timedelta

from streams.normalise.errors import Unusable

_FIRST, _LAST, _OLDEST = 1880, 2099, 130
"""Years of birth, and the age in years, beyond which somebody mistyped."""
_EMPTY = "1900-01-01"
"""What many systems write for no date; hardly anybody alive was born on it."""
_MIDNIGHT = re.compile(r"[T ]0?0:00(?::00(?:\.0+)?)?$")
_SPLIT = re.compile(r"(\d{4})(?:([-/.])(\d{1,2})(?:\2(\d{1,2}))?)?", re.ASCII)
_CHINESE = re.compile(r"(\d{4})年(?:(\d{1,2})月(?:(\d{1,2})[日号]?)?)?", re.ASCII)
_PACKED = re.compile(r"(\d{4})(\d\d)(\d\d)", re.ASCII)
_YEARS = re.compile(r"(\d{1,3})(?:\.0+)?(?:周?[岁歲]|y(?:ears?)?)?", re.IGNORECASE | re.ASCII)
_MONTHS = re.compile(r"(?:(\d{1,3})(?:周?[岁歲]|y(?:ears?)?))?(?:零|又)?(\d{1,2})(?:个?月|m(?:onths?)?)", re.IGNORECASE | re.ASCII)
_DAYS = re.compile(r"(\d{1,3})(?:天|日|d(?:ays?)?)", re.IGNORECASE | re.ASCII)


def born(value: str, day: str = "") -> str:
    """A date of birth such as `1980-1-1`, `1980/01`, `1980年1月1日`, `19800101` or `1980`, not after a day (ISO 8601) where one is given; raises Unusable.

    Zeros for the day, or for the month and the day, say that these are not known.
    """
    text = _MIDNIGHT.sub("", unicodedata.normalize("NFKC", value).strip())
    year, month, number = _parts("".join(text.split()))
    try:
        date(int(year), month or 1, number or 1)
    except ValueError:
        raise Unusable("the date of birth does not exist") from None
    found = "-".join([year, *[f"{part:02d}" for part in (month, number) if part]])
    if not _FIRST <= int(year) <= _LAST or found == _EMPTY:
        raise Unusable(f"expected a year of birth from {_FIRST} to {_LAST}, and not {_EMPTY}, which stands for no date")
    if day and found > day[: len(found)]:
        raise Unusable("the date of birth lies after the record")
    return found


def _parts(text: str) -> tuple[str, int, int]:
    """Year, month and day; 0 for what is not said."""
    if match := _SPLIT.fullmatch(text):
        year, _, month, number = match.groups()
    elif match := _CHINESE.fullmatch(text) or _PACKED.fullmatch(text):
        year, month, number = match.groups()
    else:
        raise Unusable("expected a date of birth such as 1980-01-31, 1980年1月31日, 1980-01 or 1980")
    if number and int(number) and not int(month):
        raise Unusable("the date of birth has a day and no month")
    return year, int(month or 0), int(number or 0)


def aged(value: str, day: date) -> str:
    """The dates between which somebody was born who is of an age on a day: `35`, `35岁`, `8个月`, `1岁2个月`, `15天`; raises Unusable.

    Years are whole ones, as of a birthday; who was born on 29 February has it on 1 March of other years. Traditional ages (虚岁) are refused. Of an age in
    days it is not known whether the first day counts.
    """
    text = "".join(unicodedata.normalize("NFKC", value).split())
    if match := _DAYS.fullmatch(text):
        days = int(match[1])
        first, last = day - timedelta(days), day - timedelta(max(days - 1, 0))
    elif match := _YEARS.fullmatch(text):
        first, last = _between(day, 12 * int(match[1]), 12)
    elif match := _MONTHS.fullmatch(text):
        first, last = _between(day, 12 * int(match[1] or 0) + int(match[2]), 1)
    else:
        raise Unusable("expected an age such as 35, 35岁, 8个月 or 15天")
    return f"{first}/{last}"


def _between(day: date, months: int, span: int) -> tuple[date, date]:
    """The first and the last date of birth of who has completed some months on a day, but not `span` months more."""
    if months > 12 * _OLDEST:
        raise Unusable(f"expected an age of at most {_OLDEST} years")
    return _before(day, months + span) + timedelta(1), _before(day, months)


def _before(day: date, months: int) -> date:
    """The same day some months before, or the last of that month where it has no such day."""
    year, month = divmod(12 * day.year + day.month - 1 - months, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))
