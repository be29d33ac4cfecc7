"""Moments in the many ways that sources write them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from streams.normalise.errors import Unusable
from streams.normalise.times import moment

CHINA = "Asia/Shanghai"
ZONE = ZoneInfo(CHINA)
FORMS = (
    "{0:%Y-%m-%dT%H:%M:%S}.{1:03d}", "{0:%Y-%m-%d %H:%M:%S}.{1:03d}", "{0.year}/{0.month}/{0.day} {0.hour}:{0:%M:%S}.{1:03d}", "{0:%Y.%m.%d  %H:%M:%S},{1:03d}",
    "{0:%Y%m%d%H%M%S}{1:03d}", "{0:%Y%m%dT%H%M%S}.{1:03d}", "{0.year}年{0.month}月{0.day}日{0.hour}:{0:%M:%S}.{1:03d}",
    "{0.year}年{0.month}月{0.day}号 {0.hour}:{0:%M:%S}.{1:03d}", "{0.year} 年 {0.month} 月 {0.day} 日 {0.hour}:{0:%M:%S}.{1:03d}",
)  # fmt: skip
"""Ways of writing a civil time, given it and its milliseconds."""
ZONES = st.sampled_from([UTC, *(timezone(timedelta(minutes=minutes)) for minutes in (480, 390, 345, 840, -180, -570, -720, 1))])
MOMENTS = st.datetimes(datetime(1901, 1, 2), datetime(2099, 12, 30))  # noqa: DTZ001 - civil times, to which a zone is given


def millis(when: datetime) -> int:
    """UTC milliseconds of an aware time, without what is less."""
    return (when - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(milliseconds=1)


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("2020-01-20T08:05:00+08:00", "2020-01-20T08:05:00+08:00"), ("2020-01-20T08:05", "2020-01-20T08:05:00+08:00"), ("2020-01-20t08:05z", "2020-01-20T08:05:00+00:00"),
        ("2020/1/20 8:05", "2020-01-20T08:05:00+08:00"), ("2020.1.20 8:05:30", "2020-01-20T08:05:30+08:00"), ("２０２０－１－２０　８：０５", "2020-01-20T08:05:00+08:00"),
        ("2020年1月20日上午8时", "2020-01-20T08:00:00+08:00"), ("2020年1月20日8时5分", "2020-01-20T08:05:00+08:00"), ("2020年1月20号晚上11点59分59秒", "2020-01-20T23:59:59+08:00"),
        ("2020-1-20 下午5:20", "2020-01-20T17:20:00+08:00"), ("2020-1-20下午5:20", "2020-01-20T17:20:00+08:00"), ("2020-01-20 8:05 PM", "2020-01-20T20:05:00+08:00"),
        ("2020-01-20", "2020-01-20T00:00:00+08:00"), ("2020年1月20日", "2020-01-20T00:00:00+08:00"), ("20200120", "2020-01-20T00:00:00+08:00"),
        ("202001200805", "2020-01-20T08:05:00+08:00"), ("20200120080530", "2020-01-20T08:05:30+08:00"), ("20200120T080530Z", "2020-01-20T08:05:30+00:00"),
        ("20200120 08:05", "2020-01-20T08:05:00+08:00"), ("2020-01-20 24:00", "2020-01-21T00:00:00+08:00"), ("2020-12-31 24:00", "2021-01-01T00:00:00+08:00"),
        ("2020年1月20日晚上12点半", "2020-01-21T00:30:00+08:00"),
        ("2020-01-20T08:05+0800", "2020-01-20T08:05:00+08:00"), ("2020-01-20 08:05 +08", "2020-01-20T08:05:00+08:00"), ("2020-01-20T08:05 UTC+8", "2020-01-20T08:05:00+08:00"),
        ("2020-01-20T08:05 GMT+08:00", "2020-01-20T08:05:00+08:00"), ("2020-01-20 08:05 UTC", "2020-01-20T08:05:00+00:00"), ("2020-01-20 08:05 北京时间", "2020-01-20T08:05:00+08:00"),
        ("2020-01-20T08:05−03:30", "2020-01-20T08:05:00-03:30"), ("2020-01-20T08:05-0330", "2020-01-20T08:05:00-03:30"), ("2020-01-20+08:00", "2020-01-20T00:00:00+08:00"),
        ("1579656600", "2020-01-22T01:30:00+00:00"), ("1579656600123", "2020-01-22T01:30:00.123+00:00"), ("1579656600.5", "2020-01-22T01:30:00.500+00:00"),
        ("2017-01-01T07:59:60+08:00", "2017-01-01T08:00:00+08:00"), ("2020-02-29", "2020-02-29T00:00:00+08:00"), ("1900-01-02", "1900-01-02T00:00:00+08:05:43"),
        ("2020-01-20T08:05:00.1239", "2020-01-20T08:05:00.123+08:00"), ("1579656600.12345", "2020-01-22T01:30:00.123+00:00"), ("1579656600.1", "2020-01-22T01:30:00.100+00:00"),
        ("1900-06-01T08:00:00+08:05:43", "1900-06-01T08:00:00+08:05:43"), ("1900-06-01T08:00:00+08:05:59", "1900-06-01T08:00:00+08:05:59"), ("2020-01-20T08:05+05:59", "2020-01-20T08:05:00+05:59"),
        ("1900-01-01T00:00Z", "1900-01-01T00:00:00+00:00"), ("2100-01-01 07:59:59", "2099-12-31T23:59:59+00:00"), ("2020-01-20T08:05+14:00", "2020-01-20T08:05:00+14:00"),
    ],
)  # fmt: skip
def test_what_is_meant(written: str, meant: str) -> None:
    """ISO and its relatives, Chinese, packed digits and epochs; zones in all their ways; midnight as 24:00; a leap second; local mean time before 1901."""
    assert moment(written, CHINA) == millis(datetime.fromisoformat(meant))


@pytest.mark.parametrize(
    ("written", "wrong"),
    [
        ("", "expected a time"), ("tomorrow", "expected a time"), ("昨天", "expected a time"), ("19-03-05", "expected a time"), ("1月20日", "expected a time"), ("20/01/2020", "expected a time"),
        ("2020-1/20", "expected a time"), ("2020-01-200", "expected a time"), ("157965660", "expected a time"), ("15796566001", "expected a time"), ("2020012", "expected a time"),
        ("2020-02-30", "date does not exist"), ("2019-02-29", "date does not exist"), ("2020-13-01", "date does not exist"), ("0000-01-01", "date does not exist"), ("20200230", "date does not exist"),
        ("2020-01-20 08", "time of day"), ("2020-01-20 08:60", "time of day"), ("2020-01-20 24:01", "time of day"), ("2020-01-20 25:00", "time of day"), ("2020-01-20 上午", "time of day"),
        ("2020-01-20 08:05 CST", "time of day"), ("2020-01-208:05", "time of day|expected a time"), ("2020-01-20 08:05 to 09:00", "time of day"), ("20200120250000", "time of day"),
        ("2020-01-20T08:05+15:00", "zone"), ("2020-01-20T08:05+08:60", "zone"), ("2020-01-20T08:05-99", "zone"), ("2020-01-20T08:05+08:00:60", "zone"), ("2020-01-20T08:05+14:01", "zone"), ("2020-01-20T08:05-14:00:01", "zone"),
        ("1900-01-01", "before 1900"), ("1899-12-31", "before 1900"), ("0001-01-01", "before 1900"), ("1899-12-31T23:59:59.999Z", "before 1900"), ("2100-01-01T00:00Z", "after 2099"), ("2101-01-01", "after 2099"), ("9999-12-31 24:00", "after 2099"),
        ("9999999999", "after 2099"), ("9999999999999", "after 2099"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said(written: str, wrong: str) -> None:
    """No form of ours, a date, a time of day or a zone that does not exist, and years in which nothing happened: each has its reason, without the value."""
    with pytest.raises(Unusable, match=wrong) as caught:
        moment(written, CHINA)
    assert written == "" or written not in str(caught.value)


def test_summer_time() -> None:
    """China's summer time from 1986 to 1991 counts; of an hour that came twice, it is the first."""
    assert moment("1986-06-01 12:00", CHINA) == millis(datetime(1986, 6, 1, 3, tzinfo=UTC))
    assert moment("1986-09-14 01:30", CHINA) == millis(datetime(1986, 9, 13, 16, 30, tzinfo=UTC))
    assert moment("1992-06-01 12:00", CHINA) == millis(datetime(1992, 6, 1, 4, tzinfo=UTC))


@settings(deadline=None, max_examples=200)
@given(MOMENTS, st.sampled_from(FORMS))
@example(datetime(1988, 4, 17, 1, 59, 59), FORMS[0])  # noqa: DTZ001
@example(datetime(2020, 2, 29, 23, 59, 59, 999999), FORMS[4])  # noqa: DTZ001
def test_civil_times_of_china_are_exact(when: datetime, form: str) -> None:
    """Any time of day of any day, summer time included, comes back to the millisecond in every form without a zone."""
    assert moment(form.format(when, when.microsecond // 1000), CHINA) == millis(when.replace(fold=0, tzinfo=ZONE))  # no form says which of two hours is meant


@settings(deadline=None, max_examples=200)
@given(MOMENTS, ZONES, st.sampled_from(FORMS))
def test_times_with_a_zone_are_exact(when: datetime, zone: timezone, form: str) -> None:
    """With an offset the zone of the source plays no part; with or without a colon, and as Z where it is that."""
    aware = when.replace(tzinfo=zone)
    written = form.format(when, when.microsecond // 1000)
    offset = f"{aware:%z}"
    ways = [offset, f" {offset[:3]}:{offset[3:]}", f" UTC{offset}"] + (["Z"] if zone is UTC else [])
    assert {moment(written + way, "America/New_York") for way in ways} == {millis(aware)}


@settings(deadline=None, max_examples=100)
@given(st.datetimes(datetime(2001, 9, 9, 2), datetime(2099, 12, 30)))  # noqa: DTZ001
def test_epochs_are_exact(when: datetime) -> None:
    """Seconds since 1970 where they have ten digits, and milliseconds where they have thirteen: so both from 9 September 2001 on."""
    whole = millis(when.replace(tzinfo=UTC))
    assert moment(str(whole), CHINA) == whole
    assert moment(str(whole // 1000), CHINA) == whole // 1000 * 1000


@settings(deadline=None, max_examples=300)
@given(
    st.text("0123456789-/:. T年月日时分上下午Z+", max_size=24)
    | st.from_regex(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}([+-][0-9]{2}:[0-9]{2})?", fullmatch=True)
)
def test_anything_is_read_or_refused(written: str) -> None:
    """Whatever comes is either a moment between 1900 and 2100 or refused; nothing else happens."""
    try:
        found = moment(written, CHINA)
    except Unusable:
        return
    assert millis(datetime(1900, 1, 1, tzinfo=UTC)) <= found < millis(datetime(2100, 1, 1, tzinfo=UTC))


HOURS = st.tuples(st.integers(0, 25), st.integers(0, 61), st.integers(0, 61)).flatmap(
    lambda clock: st.sampled_from(["{}:{}", "{:02}:{:02}", "{}:{:02}:{}", "{:02}:{:02}:{:02}", "{:02}:{:02}:{:02}.5", "{:02}:{:02}:{:02}.123456"]).map(
        lambda form: form.format(*clock)
    )
)
DATES = st.tuples(st.integers(1899, 2101), st.integers(0, 13), st.integers(0, 32)).flatmap(
    lambda day: st.sampled_from(["{}-{:02}-{:02}", "{}/{}/{}", "{}-{}/{}", "{}-{}-{}"]).map(lambda form: form.format(*day))
)
OFFSETS = st.sampled_from(["", "", "Z", "+08:00", "-03:30", "+14:00", "+14:01", "-15:00", "+08:60"])


@settings(deadline=None, max_examples=600)
@given(DATES, st.sampled_from(["T", " "]), HOURS, OFFSETS, st.sampled_from([CHINA, "America/New_York", "Asia/Yangon"]))
@example("2020-01-20", " ", "24:00", "", CHINA)
@example("2016-12-31", "T", "23:59:60", "Z", CHINA)
@example("2019-11-03", " ", "01:30", "", "America/New_York")
def test_the_quick_way_finds_nothing_else(date: str, sep: str, clock: str, offset: str, zone: str) -> None:
    """The most common forms are read in one look; with a space before them they are not, and mean the same, or are refused with the same words."""
    assert _meant(date + sep + clock + offset, zone) == _meant(f" {date}{sep}{clock}{offset}", zone)


def _meant(written: str, zone: str) -> int | str:
    try:
        return moment(written, zone)
    except Unusable as error:
        return str(error)


@pytest.mark.parametrize("written", ["٢٠٢٠-01-20 08:05", "２０２０-01-20 08:05", "2020-01-20 08:05 ", "2020-01-20\n08:05"])
def test_other_digits_and_spaces(written: str) -> None:
    """Digits of full width are digits, those of other scripts are what they were, and no quick way lets something in."""
    assert _meant(written, CHINA) == _meant(f" {written}", CHINA)


def test_zones_are_told_apart() -> None:
    """One text in two zones is two moments, whichever was read before."""
    both = [moment("2020-01-20 08:05", zone) for zone in (CHINA, "Asia/Yangon", CHINA, "Asia/Yangon")]
    assert both[:2] == both[2:]
    assert both[1] - both[0] == 90 * 60_000
