"""Days and hours in Chinese free text."""

from __future__ import annotations

from datetime import date, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from connectors.sources.chinese_times import civil, marks, outside, span

DAY = date(2020, 1, 26)


@pytest.mark.parametrize(("when", "description", "first", "last"), [
    ("1月26日", "", "2020-01-26", "2020-01-26"),
    ("1月26号", "", "2020-01-26", "2020-01-26"),
    ("1月26", "1月26, 日上午", "2020-01-26", "2020-01-26"),
    ("1月26日晚", "", "2020-01-26", "2020-01-26"),
    ("12月30日", "", "2019-12-30", "2019-12-30"),
    ("2019年10月7日", "", "2019-10-07", "2019-10-07"),
    ("2020/01/16", "", "2020-01-16", "2020-01-16"),
    ("2020.1.26", "", "2020-01-26", "2020-01-26"),
    ("1月26-28日", "", "2020-01-26", "2020-01-28"),
    ("1月26日至2月1日", "", "2020-01-26", "2020-02-01"),
    ("1月26日到28日", "", "2020-01-26", "2020-01-28"),
    ("1月31-2月5日", "", "2020-01-31", "2020-02-05"),
    ("12月30日至1月2日", "", "2019-12-30", "2020-01-02"),
    ("1月26日、28日", "", "2020-01-26", "2020-01-28"),
    ("2019年11月底", "", "2019-11-01", "2019-11-30"),
    ("1月31日", "1月31日-2月5日, 在家", "2020-01-31", "2020-02-05"),
    ("1月23日", "1月23日, 9时许-26日,到亲属家", "2020-01-23", "2020-01-26"),
    ("1月18日", "1月18日, 至28日,营运", "2020-01-18", "2020-01-28"),
    ("17时", "1月26日, 17时许到家", "2020-01-26", "2020-01-26"),
    ("次日傍晚", "1月26日, 乘车(次日傍晚到达)", "2020-01-27", "2020-01-27"),
    ("2月9日", "1月31日-2月11日, 居家", "2020-02-09", "2020-02-09"),
])  # fmt: skip
def test_days(when: str, description: str, first: str, last: str) -> None:
    """A step lasts from the first to the last day that its time, or else the beginning of its text, names."""
    found = span(when, description)
    assert found is not None
    assert (str(found.first), str(found.last)) == (first, last)


@pytest.mark.parametrize("when", ["", "现在", "17时", "2小时", "26日", "1日15日", "21月21日", "2月30日", "2月5日至3日", "99999年1月1日", "1999年1月1日"])
def test_no_day(when: str) -> None:
    """What names no day, or one that is not, is no day."""
    assert span(when, when) is None


@pytest.mark.parametrize(("when", "before", "first"), [
    ("31日", date(2020, 1, 30), "2020-01-31"), ("3日", date(2020, 1, 30), "2020-02-03"), ("30日", date(2020, 1, 30), "2020-01-30"), ("5日至7日", date(2019, 12, 30), "2020-01-05"),
])  # fmt: skip
def test_day_after_another(when: str, before: date, first: str) -> None:
    """A day without a month is the first such day that is not before the one that is known."""
    found = span(when, when, before)
    assert found is not None
    assert str(found.first) == first


@pytest.mark.parametrize(("when", "description", "opens"), [
    ("1月26日", "1月26日, 8时到家", DAY), ("1月26日", "1月26日-28日, 8时到家", None), ("27日", "1月26日, 27日到家", DAY), ("1月27日", "1月26日-28日, 8时到家", None), ("1月26日", "到家", DAY),
])  # fmt: skip
def test_day_with_which_the_text_opens(when: str, description: str, opens: date | None) -> None:
    """The rest of a text begins on the day that stands before it, and on no certain day when those are several."""
    found = span(when, description, DAY)
    assert found is not None
    assert found.opens == opens


@pytest.mark.parametrize(("text", "hours"), [
    ("8时", ["26 08:00"]), ("8点半", ["26 08:30"]), ("8:30", ["26 08:30"]), ("8时05分许", ["26 08:05"]), ("14:05时", ["26 14:05"]), ("20时许", ["26 20:00"]),
    ("早上8点", ["26 08:00"]), ("下午3时", ["26 15:00"]), ("下午15时", ["26 15:00"]), ("晚8点30", ["26 20:30"]), ("中午12时", ["26 12:00"]), ("中午1点", ["26 13:00"]),
    ("凌晨0点35分", ["26 00:35"]), ("凌晨12点", ["26 00:00"]), ("晚上12点", ["27 00:00"]), ("24时", ["27 00:00"]),
    ("8时至10时", ["26 08:00-26 10:00"]), ("8:30-9:15", ["26 08:30-26 09:15"]), ("9-11时", ["26 09:00-26 11:00"]), ("下午3点到5点", ["26 15:00-26 17:00"]),
    ("23时-次日", ["26 23:00"]), ("23点至3点", ["26 23:00-27 03:00"]), ("上午11点至下午2点", ["26 11:00-26 14:00"]),
    ("下午3点购物,5点回家", ["26 15:00", "26 17:00"]), ("8时出发,5时到达", ["26 08:00", "26 05:00"]),
    ("23时出发,次日5时到达", ["26 23:00", "27 05:00"]), ("8时出发,27日9时到达", ["26 08:00", "27 09:00"]), ("2月1日9时", ["01 09:00"]),
    ("停留2小时", []), ("2点钟", ["26 02:00"]), ("8时19人", ["26 08:19"]), ("8时7人", ["26 08:00"]), ("25时", []), ("8:75", []), ("同一时间", []), ("3时间", []), ("D1月1次", []),
    ("在家(9时有亲属来访)", []),
])  # fmt: skip
def test_hours(text: str, hours: list[str]) -> None:
    """Hours are read with their part of the day, on the day that the text has come to; brackets are passed over."""
    found = [mark for mark in marks(text, DAY) if mark.start]
    assert ["-".join(f"{one:%d %H:%M}" for one in (mark.start, mark.until) if one) for mark in found] == hours


def test_no_hour_without_a_day() -> None:
    """An hour on nobody knows which day is not read, until the text names a day."""
    assert [mark.start for mark in marks("每日8时上班,27日9时下班", None)] == [None]
    assert [mark.start for mark in marks("每日8时上班,1月27日9时下班", None)] == [None, datetime(2020, 1, 27, 9)]  # noqa: DTZ001 - civil time of China


@settings(max_examples=300, deadline=None)
@given(st.text(alphabet="0123456789年月日号时点:半分-至到、,次二天早晚上下午中() ", max_size=40), st.none() | st.dates(date(2000, 1, 1), date(2049, 12, 31)))
def test_no_text_is_too_strange(text: str, day: date | None) -> None:
    """Any text is read without failing; days are in order, and marks too."""
    found = span(text, text, day)
    assert found is None or found.first <= found.last
    known = list(marks(text, day))
    assert [mark.begin for mark in known] == sorted(mark.begin for mark in known)
    assert [mark for mark in known if mark.until and mark.start and mark.until <= mark.start] == []


def test_outside_keeps_positions() -> None:
    """Brackets become blanks of the same length, also one that is not closed."""
    assert outside("到(2月1日)家(北") == "到      家  "


@pytest.mark.parametrize(("year", "month", "day"), [(None, 13, 1), (None, 2, 30), (1960, 1, 1), (9999, 12, 31), (None, 0, 0)])
def test_no_such_day(year: int | None, month: int, day: int) -> None:
    """A day that is not, or one of another age, is None."""
    assert civil(year, month, day) is None
