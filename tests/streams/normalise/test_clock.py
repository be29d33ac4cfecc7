"""The time of day as computers and people write it."""

from __future__ import annotations

from datetime import time, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from streams.normalise.clock import time_of_day
from streams.normalise.errors import Unusable

MEANT = {
    "08:05": "8:05", "8:5": "8:05", "8 : 05": "8:05", "08:05:30": "8:05:30", "08:05:30.25": "8:05:30.25", "08:05:30,25": "8:05:30.25", "08:05:30.123456789": "8:05:30.123456",
    "00:00": "0:00", "23:59:59": "23:59:59", "24:00": "24:00", "24:00:00": "24:00",
    "8时": "8:00", "8時": "8:00", "8点": "8:00", "8点钟": "8:00", "8点整": "8:00", "8时5分": "8:05", "8点5": "8:05", "8点05分30秒": "8:05:30", "20时": "20:00",
    "8点半": "8:30", "8点一刻": "8:15", "8点三刻": "8:45", "晚8点半": "20:30", "24时": "24:00", "0时30分": "0:30",
    "凌晨2点": "2:00", "凌晨0:30": "0:30", "凌晨12点": "0:00", "凌晨12点30分": "0:30", "清晨6点": "6:00", "早上8点": "8:00", "早8点": "8:00", "早晨7点半": "7:30",
    "上午8时": "8:00", "上午 11:59": "11:59", "上午0:05": "0:05", "上午12:05": "0:05",
    "中午11点半": "11:30", "中午12点": "12:00", "中午12:30": "12:30", "中午1点": "13:00", "中午13点": "13:00",
    "下午1点": "13:00", "下午 5:20": "17:20", "下午12点": "12:00", "下午12:05": "12:05", "下午15时": "15:00", "午后3点": "15:00", "傍晚6点": "18:00", "傍晚18:30": "18:30",
    "晚上7点": "19:00", "晚上19点": "19:00", "晚7:05": "19:05", "晚上11点59分": "23:59", "晚上12点": "24:00", "晚上12点30分": "24:30", "深夜11点": "23:00", "夜里10点": "22:00",
    "8:05 AM": "8:05", "8:05am": "8:05", "12:05 AM": "0:05", "8:05 PM": "20:05", "12:05 PM": "12:05", "AM 8:05": "8:05", "pm 8:05:30": "20:05:30", "13:05 PM": "13:05",
}  # fmt: skip
REFUSED = [
    "24:01", "25:00", "8:60", "8:05:61", "8:05:60", "-8:05", "8", "08", "8:", "8.05", "八点", "tomorrow", "",
    "上午12点", "上午12时", "上午13点", "凌晨7点", "早上12点", "早上13点", "早上0点", "中午9点", "中午3点", "下午0点", "傍晚12点", "晚上1点", "晚上4点", "晚上0点", "晚上13点",
    "0:05 AM", "13:05 AM", "0:05 PM", "上午 8:05 AM", "上午下午8点", "8点60分", "8点5分60秒", "晚上25点", "8:05:30.1234567890",
]  # fmt: skip


def since(written: str) -> timedelta:
    """Time since midnight of hours, minutes and seconds with colons."""
    hours, minutes, *seconds = written.split(":")
    return timedelta(hours=int(hours), minutes=int(minutes), seconds=float(seconds[0]) if seconds else 0)


@pytest.mark.parametrize(("written", "meant"), MEANT.items())
def test_what_is_meant(written: str, meant: str) -> None:
    """Each way of writing a time of day, with the part of the day before it or AM and PM after it."""
    assert time_of_day(written) == since(meant)


@pytest.mark.parametrize("written", REFUSED)
def test_what_does_not_exist_or_is_not_clear(written: str) -> None:
    """A time that no clock shows, an hour that its part of the day has not, and what people and computers mean differently."""
    with pytest.raises(Unusable):
        time_of_day(written)


MORNING = {hour: hour for hour in (1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11)}
AFTERNOON = {
    1: 13,
    2: 14,
    3: 15,
    4: 16,
    5: 17,
    6: 18,
    7: 19,
    8: 20,
    9: 21,
    10: 22,
    11: 23,
    **{hour: hour for hour in (12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23)},
}
EVENING = {5: 17, 6: 18, 7: 19, 8: 20, 9: 21, 10: 22, 11: 23, 12: 24, **{hour: hour for hour in (17, 18, 19, 20, 21, 22, 23, 24)}}
PARTS = {
    "凌晨": {12: 0, **{hour: hour for hour in (0, 1, 2, 3, 4, 5, 6)}}, "清晨": MORNING, "早晨": MORNING, "早上": MORNING, "早": MORNING, "上午": MORNING | {0: 0},
    "中午": {1: 13, 2: 14, 11: 11, 12: 12, 13: 13, 14: 14}, "下午": AFTERNOON, "午后": AFTERNOON,
    "傍晚": {4: 16, 5: 17, 6: 18, 7: 19, 8: 20, 16: 16, 17: 17, 18: 18, 19: 19, 20: 20}, "晚上": EVENING, "晚间": EVENING, "夜里": EVENING, "深夜": EVENING, "晚": EVENING,
    "AM": MORNING | {12: 0}, "PM": AFTERNOON,
}  # fmt: skip


@pytest.mark.parametrize("part", PARTS)
def test_every_hour_of_every_part_of_the_day(part: str) -> None:
    """Each part of the day has its hours, in twelve or in twenty-four; any other hour with it is refused, for nobody knows what was meant."""
    for hour in range(30):
        if hour in PARTS[part]:
            assert time_of_day(f"{part}{hour}点") == timedelta(hours=PARTS[part][hour])
        else:
            with pytest.raises(Unusable):
                time_of_day(f"{part}{hour}点")


def test_leap_second() -> None:
    """A leap second counts as the second after it, in whatever zone the minute ends."""
    assert time_of_day("23:59:60") == since("24:00")
    assert time_of_day("07:59:60") == since("8:00")


@settings(deadline=None, max_examples=200)
@given(st.times())
def test_every_time_in_every_way(when: time) -> None:
    """Any time of day is read exactly in 24 hours, in Chinese, and in twelve hours as English and Chinese computers write them (CLDR: 上午, 下午)."""
    wanted = timedelta(hours=when.hour, minutes=when.minute, seconds=when.second, microseconds=when.microsecond)
    twelve = f"{(when.hour + 11) % 12 + 1}:{when:%M:%S}.{when.microsecond:06d}"
    assert time_of_day(when.isoformat()) == wanted
    assert time_of_day(f"{twelve} {'AM' if when.hour < 12 else 'PM'}") == wanted
    assert time_of_day(f"{'上午' if when.hour < 12 else '下午'}{twelve}") == wanted
    assert time_of_day(f"{when.hour}时{when.minute}分{when.second}秒") == wanted - timedelta(microseconds=when.microsecond)
