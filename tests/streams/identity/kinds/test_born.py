"""Birth dates as they are told: whole, in part, as an age, by the lunar calendar, mistyped."""

from __future__ import annotations

from datetime import date
from random import Random

import pytest
from lunardate import LunarDate

from streams.identity.kinds import KINDS
from tests.streams.identity.kinds.cases import keys, level


@pytest.mark.parametrize(
    ("a", "b", "found"),
    [
        ("1980-03-05", "1980-03-05", "same"),
        ("1980-03-05", "1980-03", "same month"),
        ("1980-03", "1980-03", "same month"),
        ("1980-01-19", "1980-03-05", "lunar"),
        ("1980-03-05", "1980-05-03", "swapped"),
        ("1980-03-05", "1980", "same year"),
        ("1980-03-05", "1979-04-01/1980-03-31", "same year"),
        ("1979-01-02/1980-01-01", "1979-12-31/1980-12-30", "same year"),
        ("1980-03-05", "1980-03-06", "one digit"),
        ("1980-03-05", "1990-03-05", "one digit"),
        ("1980-03-05", "1982", "about"),
        ("1980-03-05", "1980-05", "about"),
        ("1980-03-05", "1984", "different"),
        ("1980-03-05", "1991-11-21", "different"),
    ],
)
def test_levels(a: str, b: str, found: str) -> None:
    """Equal dates; what is told less exactly and fits; the lunar new year of 1980 was the 16th of February, so its 19th day of the first month the 5th of March."""
    assert level("born", a, b) == found


@pytest.mark.parametrize("text", ["", "x", "1980-13-01", "1980-02-30", "1980-W01-1", "80-01-01", "1980/", "1980/1981", "12345678901"])
def test_what_is_no_date_says_nothing(text: str) -> None:
    """Other forms and days that are not there are left out."""
    assert KINDS["born"].prepare(text) is None


def test_keys_get_past_swapped_parts_and_the_lunar_calendar() -> None:
    """Dates with day and month swapped share a key, and so does a lunar birthday with the solar date that it means; an age gives the years it leaves open."""
    assert keys("born", "days", "1980-11-05")[0] == keys("born", "days", "1980-05-11")[0]
    assert set(keys("born", "days", "1980-01-19")) & set(keys("born", "days", "1980-03-05"))
    assert keys("born", "years", "1979-04-01/1980-03-31") == ["1979", "1980"]
    assert keys("born", "years", "1980-03-05") == ["1980"]
    assert keys("born", "days", "1980") == []
    assert keys("born", "years", "1970-01-01/1980-12-31") == []


def test_every_date_is_read_as_lunar() -> None:
    """As the library reads it, and as nothing where it does not: in a leap month, before its calendar begins, after it ends."""
    dice = Random(1)
    days = [date.fromordinal(dice.randint(date(1898, 1, 1).toordinal(), date(2101, 1, 1).toordinal())) for _ in range(3000)]
    for day in days:
        try:
            solar = str(LunarDate(day.year, day.month, day.day).to_solar_date())
        except ValueError:
            solar = ""
        assert KINDS["born"].prepare(str(day)).solar == solar, day
