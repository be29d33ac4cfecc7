"""The clock of the bus: its pieces cover everything once, and a wrong clock is noticed."""

from __future__ import annotations

import pytest

from deploy.clock import HOUR, WIDEST, TooFar, check, ticks
from schemas.models.control import SLOTS


@pytest.mark.parametrize("pieces", [1, 2, 3, 64, 1000, SLOTS])
def test_pieces_cover_all_slots_once(pieces: int) -> None:
    """In order, without a gap, about equally many each."""
    found = ticks(5, pieces)
    assert [slot for tick in found for slot in range(tick.first, tick.last + 1)] == list(range(SLOTS))
    sizes = {tick.last - tick.first for tick in found}
    assert max(sizes) - min(sizes) <= 1
    assert {tick.at for tick in found} == {5}


def test_the_first_tick_and_steps_of_two_days_pass() -> None:
    """Nothing was said before, or the clock was away for a weekend's night."""
    check(10 * WIDEST, None, 10 * WIDEST)
    check(10 * WIDEST, 9 * WIDEST, 10 * WIDEST)
    check(HOUR, 10 * WIDEST, 10 * WIDEST)


@pytest.mark.parametrize(("at", "last", "now"), [(10 * WIDEST, 9 * WIDEST - 1, 10 * WIDEST), (10 * WIDEST, None, 10 * WIDEST - 1)])
def test_a_leap_needs_a_person(at: int, last: int | None, now: int) -> None:
    """A leap of more than two days, and one beyond the clock of the machine, are refused with what to do."""
    with pytest.raises(TooFar, match="--jump"):
        check(at, last, now)
