"""Short dates of messages: without a year it is the last such day before the gateway had the message."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

SHANGHAI = ZoneInfo("Asia/Shanghai")
_AHEAD, _BEFORE = timedelta(days=1), timedelta(days=300)
"""A date without a year lies between these: a clock may be wrong by a day, and one some weeks ahead is a slip, and not of last year."""
_WRITTEN = re.compile(r"(?:((?:20)?\d\d)[./年])?(\d{1,2})[./月](\d{1,2})[日号]?(?:[-T]?(?<!\d)(\d{1,2})(?:[:时.点](\d{2})?分?|(\d{2}))?)?", re.ASCII)
_PACKED = re.compile(r"(20\d\d)?(\d\d)(\d\d)(?:-?(\d\d):?(\d\d))?", re.ASCII)


def moment(text: str, sent: datetime) -> str | None:
    """A date as 2020-02-01, with a time as 2020-02-01 09:30, both Asia/Shanghai; None for what is none.

    `2.1`, `2/1-9:30`, `2月1日9时30分`, `0201`, `02010930`, and with a year `20.2.1`, `2020.2.1-9:30`, `20200201`. `sent` has a time zone.
    """
    packed = _PACKED.fullmatch(text)
    if packed:
        year, month, day, hour, minute = packed.groups()
    else:
        match = _WRITTEN.fullmatch(text)
        if not match:
            return None
        year, month, day, hour, colon, joined = match.groups()
        minute = colon or joined or ("00" if hour else None)
    latest = sent.astimezone(SHANGHAI) + _AHEAD
    years = [2000 + int(year) % 100] if year else [latest.year, latest.year - 1]
    for one in years:
        try:
            found = datetime(one, int(month), int(day), int(hour or 0), int(minute or 0), tzinfo=SHANGHAI)
        except ValueError:
            continue
        if year or latest - _BEFORE <= found <= latest:
            return found.strftime("%Y-%m-%d %H:%M" if hour else "%Y-%m-%d")
    return None
