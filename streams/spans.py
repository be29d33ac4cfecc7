"""Durations and days as the policy writes them."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Annotated

from pydantic import BeforeValidator

from schemas.models.fact import Millis

_UNITS = {"m": 60_000, "h": 3_600_000, "d": 86_400_000}


def _duration(text: str) -> int:
    match = re.fullmatch(r"(\d+)([mhd])", text)
    if not match:
        raise ValueError("a duration is a whole number with m, h or d, such as 30m")
    return int(match[1]) * _UNITS[match[2]]


def _day(text: str) -> int:
    return int(datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp() * 1000)


Duration = Annotated[int, BeforeValidator(_duration)]
"""Milliseconds, written as a whole number with m, h or d, such as 30m."""
Day = Annotated[Millis, BeforeValidator(_day)]
"""Midnight UTC of a day in UTC milliseconds, written as ISO 8601."""
