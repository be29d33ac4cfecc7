"""Days in China as numbers."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from schemas.models.fact import Millis

_CHINA = ZoneInfo("Asia/Shanghai")
_FIRST = date(1970, 1, 1)


def number(day: str) -> int:
    """Days since 1970-01-01 of a day such as 2020-01-22."""
    return (date.fromisoformat(day) - _FIRST).days


def text(day: int) -> str:
    """The day of a number."""
    return (_FIRST + timedelta(days=day)).isoformat()


def over(day: int) -> Millis:
    """When a day is over: the first moment of the next, UTC milliseconds."""
    return int(datetime.combine(_FIRST + timedelta(days=day + 1), time(), _CHINA).timestamp()) * 1000
