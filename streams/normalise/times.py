"""Times in the many ways that sources write them, as UTC milliseconds."""

from __future__ import annotations

import re
import unicodedata
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from functools import lru_cache
from zoneinfo import ZoneInfo

from streams.normalise.clock import time_of_day
from streams.normalise.errors import Unusable

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND = timedelta(milliseconds=1)
_EARLIEST, _LATEST = ((datetime(year, 1, 1, tzinfo=UTC) - _EPOCH) // _MILLISECOND for year in (1900, 2100))
"""An event lies between these. 1900-01-01 in China, the empty date of many systems, does not; what is nearer is for people to judge: a stage reads no clock."""
_COMMON = re.compile(
    r"(\d{4})([-/])(\d{1,2})\2(\d{1,2})(?:[T ](\d{1,2}):(\d{1,2})(?::(\d{1,2})(?:\.(\d{1,6}))?)?(?:(Z)|([+-])(\d\d):(\d\d))?)?", re.ASCII
)
_ISO = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{3}(?:\d{3})?)?(?:Z|[+-](?:(?:0\d|1[0-3]):[0-5]\d|14:00))?", re.ASCII)
"""What Python itself reads as it is meant here, at half the cost."""
_WRITTEN = re.compile(r"(\d{4})\s*(?:([-/.])\s*(\d{1,2})\s*\2\s*(\d{1,2})(?!\d)|年\s*(\d{1,2})\s*月\s*(\d{1,2})(?!\d)\s*[日号]?)")
_PACKED = re.compile(r"(\d{4})(\d\d)(\d\d)(?:T?(\d\d)(\d\d)(?:(\d\d)(?:[.,]?(\d{3}))?)?)?(?!\d)", re.IGNORECASE)
_EPOCHS = re.compile(r"(\d{10})(?:\.(\d+))?|(\d{13})")
_T = re.compile(r"^T", re.IGNORECASE)
_ZONE = re.compile(r"\s*(?:(Z|UTC|GMT|北京时间)|(?:UTC|GMT)?([+-])(\d{1,2})(?::?(\d{2})(?::?(\d{2}))?)?)$", re.IGNORECASE)


def moment(value: str, zone: str) -> int:
    """UTC milliseconds of an ISO time, `2020/1/20 8:05`, `2020年1月20日上午8时`, `20200120080500`, or of epoch seconds (10 digits) or milliseconds (13 digits).

    A time without a zone is in `zone`; of one that came twice there, when clocks were set back, it is the first; a date alone is its first moment. Parts of a
    millisecond are cut off. Raises Unusable.
    """
    found = _common(value, zone)
    return _any(value, zone) if found is None else found


def _common(value: str, zone: str) -> int | None:
    """The same of the forms in which most times come, in one look; None for all others, and for what does not exist, of which `_any` says what is wrong."""
    if _ISO.fullmatch(value):
        return _iso(value, zone)
    match = _COMMON.fullmatch(value)
    if not match:
        return None
    year, _, month, day, hour, minute, second, fraction, utc, sign, hours, minutes = match.groups()
    where = UTC if utc else _offset(sign, int(hours), int(minutes)) if sign else ZoneInfo(zone)
    try:
        when = datetime(int(year), int(month), int(day), int(hour or 0), int(minute or 0), int(second or 0), int((fraction or "").ljust(6, "0")), where)
    except ValueError:
        return None
    return _bounded(when)


def _iso(value: str, zone: str) -> int | None:
    try:
        when = datetime.fromisoformat(value)
    except ValueError:
        return None
    return _bounded(when if when.tzinfo else when.replace(tzinfo=ZoneInfo(zone)))


def _any(value: str, zone: str) -> int:
    text = unicodedata.normalize("NFKC", value).strip().replace("−", "-")
    if epoch := _EPOCHS.fullmatch(text):
        return _bounded(_EPOCH + timedelta(milliseconds=int(epoch[3] or epoch[1] + (epoch[2] or "").ljust(3, "0")[:3])))
    text = _unpacked(text)
    date = _WRITTEN.match(text)
    if not date:
        raise Unusable("expected a time such as 2020-01-20T08:05:00+08:00 or 2020/1/20 8:05")
    rest = text[date.end() :]
    said = _ZONE.search(rest)
    clock = _T.sub("", (rest[: said.start()] if said else rest).strip())
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
    return _offset(sign, int(hours), int(minutes or 0), int(seconds or 0))


@lru_cache(256)
def _offset(sign: str, hours: int, minutes: int, seconds: int = 0) -> timezone:
    offset = timedelta(hours=hours, minutes=minutes, seconds=seconds)
    if offset > timedelta(hours=14) or minutes > 59 or seconds > 59:
        raise Unusable("no zone is that far from UTC")
    return timezone(-offset if sign == "-" else offset)


def _bounded(day: datetime, since: timedelta = timedelta()) -> int:
    """UTC milliseconds of a day and the time since its beginning on the clock there."""
    if day.year <= 2100:  # so that no sum leaves the calendar
        millis = ((day + since if since else day) - _EPOCH) // _MILLISECOND
        if _EARLIEST <= millis < _LATEST:
            return millis
    raise Unusable("the time lies before 1900 or after 2099")
