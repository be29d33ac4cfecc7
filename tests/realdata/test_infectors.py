"""Source tracing on published outbreaks whose investigators named the infectors; skipped where the data are not."""

from __future__ import annotations

from pathlib import Path

import pytest

from streams.policy import load
from tests.realdata.data import NoData
from tests.realdata.infectors import china, folder, korea

NUMBERS = load().transmission


@pytest.fixture(scope="module")
def root() -> Path:
    """The folder of the data, or the reason to skip."""
    try:
        return folder()
    except NoData as why:
        pytest.skip(str(why))


def test_by_meetings_and_dates(root: Path) -> None:
    """Of 57 Koreans with two or more candidates by their published visits, the named infector is first for 32 (chance: 15), and among the first three for 45."""
    found = korea(root, NUMBERS)
    assert (found.asked, found.first, found.in_three) == (57, 32, 45)
    assert round(found.chance, 1) == 15.2


def test_by_dates_alone(root: Path) -> None:
    """Of 462 Chinese in components of three and more, with nothing but dates, the named infector is first for 265 (chance: 152)."""
    found = china(root, NUMBERS)
    assert (found.asked, found.first) == (462, 265)
    assert round(found.chance) == 152
