"""Dates as people mistype them."""

from __future__ import annotations

import pytest

from tests.streams.identity.kinds.cases import keys, level


@pytest.mark.parametrize(
    ("a", "b", "found"),
    [
        ("1980-01-02", "19800102", "equal"),
        ("1980-01-02", "1980-01-03", "one digit"),
        ("1980-01-02", "1980-10-02", "one digit"),
        ("1980-03-12", "1980-12-03", "day and month swapped"),
        ("1980-11-23", "1980-23-11", "day and month swapped"),
        ("1980-01-02", "1981-01-03", "two digits"),
        ("1980-01-02", "1981-02-03", "three digits"),
        ("1980-01-02", "1975-11-23", "different"),
        ("1980-01-02", "198001", "two digits"),
        ("1980123", "1980312", "two digits"),
        ("1980312", "1980123", "two digits"),
    ],
)
def test_levels(a: str, b: str, found: str) -> None:
    """Equal however it is written; some digits off; day and month in each other's place; another date."""
    assert level("date", a, b) == found


def test_keys_get_past_one_wrong_part() -> None:
    """Two dates with one part wrong share two of three; the same digits in other parts are other keys."""
    assert set(keys("date", "two of three", "1980-01-02")) & set(keys("date", "two of three", "1990-01-02"))
    assert set(keys("date", "two of three", "1980-01-02")) & set(keys("date", "two of three", "1980-05-02"))
    assert not set(keys("date", "two of three", "1980-01-02")) & set(keys("date", "two of three", "1981-02-03"))
