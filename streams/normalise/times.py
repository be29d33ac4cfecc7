"""Times in the many ways that sources write them, as UTC milliseconds."""

from __future__ import annotations

import re
import unicodedata
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from streams.normalise.errors import Unusable

_EARLIEST = datetime(1900, 1, 1, tzinfo=UTC)
_LATEST = datetime(2100, 1, 1, tzinfo=UTC)
_WRITTEN = re.compile(
    r"^(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?"
    r"(?:[T\s]*(凌晨|早上|上午|中午|下午|晚上|晚)?\s*(\d{1,2})\s*[:时点]\s*(?:(\d{1,2})\s*分?)?(?:[:\s]*(\d{1,2})(?:\.\d+)?\s*秒?)?)?\s*(Z|[+-]\d{2}:?\d{2})?$"
)
_LATER = {"下午", "晚上", "晚"}


def moment(value: str, zone: str) -> int:
    """UTC milliseconds of an ISO time, `2020/1/20 8:05`, `2020年1月20日上午8时`, or epoch seconds or milliseconds.

    A time without a zone is in `zone`; a date alone is its first moment there. Raises Unusable.
    """
    text = unicodedata.normalize("NFKC", value).strip()
    if re.fullmatch(r"\d{10}|\d{13}", text):
        return _bounded(datetime.fromtimestamp(int(text) / (1000 if len(text) == 13 else 1), UTC))
    match = _WRITTEN.match(text)
    if not match:
        raise Unusable("expected a time such as 2020-01-20T08:05:00+08:00 or 2020/1/20 8:05")
    year, month, day, part, hour, minute, second, offset = match.groups()
    hours = int(hour or 0) + (12 if part in _LATER and int(hour) < 12 else 0)
    try:
        when = datetime(int(year), int(month), int(day), tzinfo=_zone(offset, zone)) + timedelta(
            hours=hours, minutes=int(minute or 0), seconds=int(second or 0)
        )
    except ValueError:
        raise Unusable("the date does not exist") from None
    if hours > 24 or int(minute or 0) > 59 or int(second or 0) > 60:
        raise Unusable("the time of day does not exist")
    return _bounded(when)


def _zone(offset: str | None, zone: str) -> ZoneInfo:
    if offset in (None, ""):
        return ZoneInfo(zone)
    if offset == "Z":
        return ZoneInfo("UTC")
    return datetime.strptime(str(offset), "%z").tzinfo  # type: ignore[return-value]


def _bounded(when: datetime) -> int:
    if not _EARLIEST <= when < _LATEST:
        raise Unusable("the time lies before 1900 or after 2100")
    return int(when.timestamp() * 1000)
