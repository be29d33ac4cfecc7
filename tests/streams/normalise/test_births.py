"""When somebody was born: dates whole and in part, and ages."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from streams.normalise.births import aged, born
from streams.normalise.errors import Unusable

DAYS = st.dates(date(1900, 1, 2), date(2099, 12, 31))


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("1980-01-31", "1980-01-31"), ("1980/1/31", "1980-01-31"), ("1980.1.31", "1980-01-31"), ("１９８０－０１－３１", "1980-01-31"), ("1980年1月31日", "1980-01-31"),
        ("1980 年 1 月 31 号", "1980-01-31"), ("19800131", "1980-01-31"), ("1980-01-31 00:00:00", "1980-01-31"), ("1980-01-31T00:00:00.000", "1980-01-31"),
        ("1980/1/31 0:00", "1980-01-31"), ("1980-01", "1980-01"), ("1980/1", "1980-01"), ("1980年1月", "1980-01"), ("1980", "1980"), ("1980年", "1980"),
        ("1980-00-00", "1980"), ("1980-06-00", "1980-06"), ("19800000", "1980"), ("2020-02-29", "2020-02-29"), ("1880", "1880"), ("2099-12-31", "2099-12-31"),
        ("1900", "1900"), ("1900-01-02", "1900-01-02"),
    ],
)  # fmt: skip
def test_dates_of_birth(written: str, meant: str) -> None:
    """Each form gives the date as far as it is known."""
    assert born(written) == meant


@pytest.mark.parametrize(
    "written",
    [
        "1980-02-30", "1980-13", "1980-00-05", "1879", "2100", "1900-01-01", "1900/1/1", "0000-00-00", "80", "80-01-31", "198001", "800131", "1980-01/31", "01-31-1980",
        "31/1/1980", "农历1980年1月5日", "1980-01-31T16:00:00", "1980-01-31T00:00:00Z", "1980-01-31T00:00:00+08:00", "八十年代", "1980-1-1-1", "١٩٨٠", "35岁", "--",
    ],
)  # fmt: skip
def test_what_is_no_date_of_birth(written: str) -> None:
    """Days that do not exist, empty dates of systems, years of two digits, times of another zone and orders of parts that cannot be told are refused."""
    with pytest.raises(Unusable):
        born(written)


@pytest.mark.parametrize(
    ("written", "fits"), [("2020-01-23", True), ("2020-01-24", False), ("2020-01", True), ("2020-02", False), ("2020", True), ("2021", False)]
)
def test_nobody_is_born_after_the_record(written: str, *, fits: bool) -> None:
    """A date of birth after the day of the record is refused, as far as it is known."""
    if fits:
        assert born(written, "2020-01-23") == written
    else:
        with pytest.raises(Unusable, match="after the record"):
            born(written, "2020-01-23")


@given(DAYS)
def test_every_date_comes_back(day: date) -> None:
    """Whatever the form, a date is itself."""
    forms = (day.isoformat(), f"{day.year}年{day.month}月{day.day}日", f"{day.year}/{day.month}/{day.day}", day.isoformat().replace("-", ""))
    assert {born(form) for form in forms} == {day.isoformat()}


@pytest.mark.parametrize(
    ("written", "day", "meant"),
    [
        ("40", "2020-02-03", "1979-02-04/1980-02-03"), ("40岁", "2020-02-03", "1979-02-04/1980-02-03"), ("40 周岁", "2020-02-03", "1979-02-04/1980-02-03"),
        ("40.0", "2020-02-03", "1979-02-04/1980-02-03"), ("４０Y", "2020-02-03", "1979-02-04/1980-02-03"), ("0", "2020-02-03", "2019-02-04/2020-02-03"),
        ("8个月", "2020-02-03", "2019-05-04/2019-06-03"), ("8月", "2020-02-03", "2019-05-04/2019-06-03"), ("18个月", "2020-02-03", "2018-07-04/2018-08-03"),
        ("1岁6个月", "2020-02-03", "2018-07-04/2018-08-03"), ("1岁零6个月", "2020-02-03", "2018-07-04/2018-08-03"), ("15天", "2020-02-03", "2020-01-19/2020-01-20"),
        ("0天", "2020-02-03", "2020-02-03/2020-02-03"), ("1", "2021-02-28", "2019-03-01/2020-02-28"), ("0", "2021-02-28", "2020-02-29/2021-02-28"),
        ("1", "2020-02-29", "2018-03-01/2019-02-28"), ("130", "2020-02-03", "1889-02-04/1890-02-03"),
    ],
)  # fmt: skip
def test_ages(written: str, day: str, meant: str) -> None:
    """An age at a day is the dates of birth that fit, both ends included; who was born on 29 February is a year older on 1 March."""
    assert aged(written, date.fromisoformat(day)) == meant


@pytest.mark.parametrize("written", ["", "老年", "虚岁40", "40虚岁", "-1", "131", "1000", "40.5", "1980", "358月大", "四十", "1岁6", "40-45", "1980-01-01"])
def test_what_is_no_age(written: str) -> None:
    """Traditional ages, ranges, words and what nobody is are refused."""
    with pytest.raises(Unusable):
        aged(written, date(2020, 2, 3))


@given(DAYS, st.integers(0, 110))
def test_an_age_is_of_those_who_have_had_so_many_birthdays(day: date, years: int) -> None:
    """The ends of the interval are of the age, and the days beyond are not."""
    first, last = map(date.fromisoformat, aged(str(years), day).split("/"))
    assert _birthdays(first, day) == _birthdays(last, day) == years
    assert _birthdays(last + timedelta(1), day) == years - 1
    assert _birthdays(first - timedelta(1), day) == years + 1


def _birthdays(birth: date, day: date) -> int:
    return day.year - birth.year - ((day.month, day.day) < (birth.month, birth.day))
