"""The time of day as Chinese and international systems and people write it."""

from __future__ import annotations

import re
from datetime import timedelta

from streams.normalise.errors import Unusable


def _hours(same: range, later: range = range(0), **others: int) -> dict[int, int]:
    """For each hour that is written, the hour of the day: as it is, twelve hours later, or another."""
    return {hour: hour for hour in same} | {hour: hour + 12 for hour in later} | {int(hour[1:]): meant for hour, meant in others.items()}


_MORNING = _hours(range(1, 12))
_EVENING = _hours(range(17, 25), range(5, 12), h12=24)
_PARTS = {
    "凌晨": _hours(range(7), h12=0), "清晨": _MORNING, "早晨": _MORNING, "早上": _MORNING, "早": _MORNING, "上午": _hours(range(12), h12=0),
    "中午": _hours(range(11, 15), range(1, 3)), "下午": _hours(range(12, 24), range(1, 12)), "午后": _hours(range(12, 24), range(1, 12)),
    "傍晚": _hours(range(16, 21), range(4, 9)), "晚上": _EVENING, "晚间": _EVENING, "夜里": _EVENING, "深夜": _EVENING, "晚": _EVENING,
    "AM": _hours(range(1, 12), h12=0), "PM": _hours(range(12, 24), range(1, 12)),
}  # fmt: skip
"""Which hours each part of the day has. 晚上12点 is the end of the day; 晚上1点 may be of this night or the last one, so it is refused."""
_CLOCK = re.compile(
    rf"(?P<part>{'|'.join(_PARTS)})?\s*(?P<hour>\d{{1,2}})\s*(?:"
    r":\s*(?P<minute>\d{1,2})(?:\s*:\s*(?P<second>\d{1,2})(?:[.,](?P<fraction>\d{1,9}))?)?"
    r"|(?P<spoken>[时時点點])(?:钟|整)?\s*(?:(?P<minutes>半|一刻|三刻|\d{1,2})\s*分?\s*(?:(?P<seconds>\d{1,2})\s*秒)?)?"
    r")\s*(?P<half>[AP]M)?",
    re.IGNORECASE,
)
_SPOKEN = {"半": 30, "一刻": 15, "三刻": 45}


def time_of_day(text: str) -> timedelta:
    """Time since midnight of `8:05:30.250`, `08:05 PM`, `上午8时5分`, `晚8点半`; up to 24:00, after 晚上12点 even beyond. Raises Unusable."""
    match = _CLOCK.fullmatch(text)
    if not match or (match["part"] and match["half"]):
        raise Unusable("expected a time of day such as 08:05, 08:05:30 or 上午8时5分")
    hour = _hour(match)
    minute = _SPOKEN.get(match["minutes"], 0) or int(match["minute"] or match["minutes"] or 0)
    second = int(match["second"] or match["seconds"] or 0)
    since = timedelta(hours=hour, minutes=minute, seconds=second, microseconds=int((match["fraction"] or "0").ljust(6, "0")[:6]))
    # A leap second, :59:60, counts as the second after it, as in POSIX.
    if minute > 59 or second > 60 - (minute != 59) or (since > timedelta(hours=24) and not match["part"]):
        raise Unusable("the time of day does not exist")
    return since


def _hour(match: re.Match[str]) -> int:
    part, hour = (match["part"] or match["half"] or "").upper(), int(match["hour"])
    if part == "上午" and hour == 12 and match["spoken"]:
        raise Unusable("12 o'clock with 上午 is midnight to a computer and noon to a person: write 0 or 12 without it")
    meant = _PARTS[part].get(hour) if part else hour
    if meant is None:
        raise Unusable("the hour does not belong to that part of the day")
    return meant
