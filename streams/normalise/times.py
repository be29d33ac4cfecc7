"""Times in the many ways that sources write them, as UTC milliseconds."""

from __future__ import annotations

import re
import unicodedata
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from zoneinfo import ZoneInfo

from streams.normalise.clock import time_of_day
from streams.normalise.errors import Unusable

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND = timedelta(milliseconds=1)
_EARLIEST, _LATEST = ((datetime(year, 1, 1, tzinfo=UTC) - _EPOCH) // _MILLISECOND for year in (1900, 2100))
"""An event lies between these. 1900-01-01 in China, the empty date of many systems, does not; what is nearer is for people to judge: a stage reads no clock."""
_WRITTEN = re.compile(r"(\d{4})\s*(?:([-/.])\s*(\d{1,2})\s*\2\s*(\d{1,2})(?!\d)|年\s*(\d{1,2})\s*月\s*(\d{1,2})(?!\d)\s*[日号]?)")
_PACKED = re.compile(r"(\d{4})(\d\d)(\d\d)(?:T?(\d\d)(\d\d)(?:(\d\d)(?:[.,]?(\d{3}))?)?)?(?!\d)", re.IGNORECASE)
_ZONE = re.compile(r"\s*(?:(Z|UTC|GMT|北京时间)|(?:UTC|GMT)?([+-])(\d{1,2})(?::?(\d{2})(?::?(\d{2}))?)?)$", re.IGNORECASE)


def moment(value: str, zone: str) -> int:
    """UTC milliseconds of an ISO time, `2020/1/20 8:05`, `2020年1月20日上午8时`, `20200120080500`, or of epoch seconds (10 digits) or milliseconds (13 digits).

    A time without a zone is in `zone`; of one that came twice there, when clocks were set back, it is the first; a date alone is its first moment. Parts of a
    millisecond are cut off. Raises Unusable.
    """
    text = unicodedata.normalize("NFKC", value).strip().replace("−", "-")
    if epoch := re.fullmatch(r"(\d{10})(?:\.(\d+))?|(\d{13})", text):
        return _bounded(_EPOCH + timedelta(milliseconds=int(epoch[3] or epoch[1] + (epoch[2] or "").ljust(3, "0")[:3])))
    text = _unpacked(text)
    date = _WRITTEN.match(text)
    if not date:
        raise Unusable("expected a time such as 2020-01-20T08:05:00+08:00 or 2020/1/20 8:05")
    rest = text[date.end() :]
    said = _ZONE.search(rest)
    clock = re.sub(r"^T", "", (rest[: said.start()] if said else rest).strip(), flags=re.IGNORECASE)
    where = _zone(said) if said else ZoneInfo(zone)
    try:
        midnight = datetime(int(date[1]), int(date[3] or date[5]), int(date[4] or date[6]), tzinfo=where)
    except ValueError:
        raise Unusable("the date does not exist") from None
    return _bounded(midnight, time_of_day(clock) if clock else timedelta())


def _unpacked(text: str) -> str:
    """A date and time without separators, with them; any other text as it is."""
    packed = _PACKED.match(text)
    if not packed:
        return text
    year, month, day, hour, minute, second, fraction = packed.groups()
    clock = f"T{hour}:{minute}:{second or '00'}.{fraction or '0'}" if hour else ""
    return f"{year}-{month}-{day}{clock}{text[packed.end() :]}"


def _zone(said: re.Match[str]) -> tzinfo:
    name, sign, hours, minutes, seconds = said.groups()
    if name:
        return ZoneInfo("Asia/Shanghai") if name == "北京时间" else UTC
    offset = timedelta(hours=int(hours), minutes=int(minutes or 0), seconds=int(seconds or 0))
    if offset > timedelta(hours=14) or int(minutes or 0) > 59 or int(seconds or 0) > 59:
        raise Unusable("no zone is that far from UTC")
    return timezone(-offset if sign == "-" else offset)


def _bounded(day: datetime, since: timedelta = timedelta()) -> int:
    """UTC milliseconds of a day and the time since its beginning on the clock there."""
    if day.year <= 2100:  # so that no sum leaves the calendar
        millis = (day + since - _EPOCH) // _MILLISECOND
        if _EARLIEST <= millis < _LATEST:
            return millis
    raise Unusable("the time lies before 1900 or after 2099")
