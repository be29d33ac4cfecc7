"""Until when: by the edition in force, which may become another one while people are apart."""

from __future__ import annotations

import pytest

from schemas.models.case import Role
from streams.isolation.days import due
from streams.policy import Edition
from tests.streams.isolation.apart import NOON, edition
from tests.streams.trial import DAY

LONG, SHORT, NOBODY = edition(-30, contact=(14, 7)), edition(8, contact=(7, 3)), edition(8)


def ends(since: float, *editions: Edition) -> tuple[float, float | None, str] | None:
    """Of days counted from so many days after noon: until when at all, until when at a site, both in days after noon, and by which edition."""
    found = due(NOON + round(since * DAY), Role.CONTACT, editions)
    return ((found.until - NOON) / DAY, None if found.site_until is None else (found.site_until - NOON) / DAY, found.edition) if found else None


def test_days_of_one_edition() -> None:
    """First the days at a site, then those at home; none at all where the edition names none."""
    assert ends(0, LONG) == (21, 14, "e-30")
    assert ends(0, edition(-30, contact=(0, 5))) == (5, None, "e-30")
    assert ends(0, edition(-30, returnee=(0, 5))) is None


@pytest.mark.parametrize(("since", "found"), [
    (-13, (8, 1, "e-30")), (-12.5, (8, 1.5, "e8")), (-5, (8, 8, "e8")), (-2, (8, 8, "e8")), (0, (10, 8, "e8")), (1, (11, 8, "e8")), (2, (12, 9, "e8")), (8, (18, 15, "e8")),
], ids=str)  # fmt: skip
def test_a_shorter_edition_lets_go_on_its_day(since: float, found: tuple[float, float, str]) -> None:
    """Who has been apart for as long as it asks for goes home on the day from which it is in force, not before; others when they have been."""
    assert ends(since, LONG, SHORT) == found


def test_a_longer_edition_keeps_who_is_apart_and_calls_nobody_back() -> None:
    """Who was let go stays free."""
    short, long = edition(-30, contact=(0, 5)), edition(8, contact=(0, 10))
    assert ends(3, short, long) == (8, None, "e-30")
    assert ends(3.5, short, long) == (13.5, None, "e8")


def test_an_edition_that_isolates_nobody() -> None:
    """It lets everybody go on its day, and isolates nobody from then on; the first edition counts for what came before it."""
    assert ends(7, LONG, NOBODY) == (8, 8, "e8")
    assert ends(8, LONG, NOBODY) is None
    assert ends(-60, LONG) == (-39, -46, "e-30")
