"""Ages and bands of ages, at their edges."""

from __future__ import annotations

from datetime import date

import pytest
from pydantic import TypeAdapter, ValidationError

from streams.ages import Bands, band, between

STARTS = [0, 10, 20, 30, 40, 50, 60, 70, 80]
DAY = date(2020, 2, 28)


@pytest.mark.parametrize(("born", "found"), [
    ("1990-02-28", "30-39"), ("1990-03-01", "20-29"), ("1980-02-29", "30-39"), ("1940-02-28", "80+"), ("1899-12-31", "80+"), ("2020-02-28", "0-9"),
    ("1990", None), ("1985", "30-39"), ("1990-02", "30-39"), ("1990-01", "30-39"), ("2020-02", "0-9"), ("2020", "0-9"),
    ("1989-03-01/1990-02-28", "30-39"), ("1989-03-01/1990-03-01", None), ("2020-02-29", None), ("2021", None),
])  # fmt: skip
def test_the_band_in_which_somebody_surely_is(born: str, found: str | None) -> None:
    """By birthdays; who was born on 29 February is a year older on 1 March; of a year, a month or an age the band only where all dates agree."""
    assert band(born, DAY, STARTS) == found


def test_other_bands() -> None:
    """The last has no end."""
    assert [band(born, DAY, [0, 5, 65]) for born in ("2018-01-01", "1990", "1950")] == ["0-4", "5-64", "65+"]


def test_years_of_who_is_not_born_yet() -> None:
    """Are below 0, so that nobody takes them for an age."""
    assert between("2021-06", DAY) == (-2, -2)


@pytest.mark.parametrize("starts", [[], [0], [1, 20], [0, 4], [0, 20, 20], [0, 50, 91]])
def test_bands_are_coarse(starts: list[int]) -> None:
    """Never narrower than five years, from birth on, and whoever is ninety is in one with all who are older."""
    with pytest.raises(ValidationError, match="at least 5 years after the one before, the last at 90 at most"):
        TypeAdapter(Bands).validate_python(starts)
