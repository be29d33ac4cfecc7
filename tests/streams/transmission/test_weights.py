"""How well a meeting explains an illness."""

from __future__ import annotations

import pytest

from schemas.models.case import What
from streams.transmission.weights import began, incubation, infectious, weight
from tests.streams.transmission.cases import NUMBERS, RULED_OUT, START, found, ill, met
from tests.streams.trial import DAY


def test_the_distributions_are_the_published_ones() -> None:
    """Infectiousness sums to one, 44 % of it before onset (He et al.: 44 %, 95 % interval 30 to 57); half of those infected are ill by day 5, 2.5 % after 11.5 (Lauer et al.)."""
    assert sum(infectious(day, NUMBERS) for day in range(-25, 60)) == pytest.approx(1)
    assert 0.30 < sum(infectious(day, NUMBERS) for day in range(-25, 0)) + infectious(0, NUMBERS) / 2 < 0.57
    assert sum(incubation(day, NUMBERS) for day in range(6)) == pytest.approx(0.5, abs=0.08)
    assert sum(incubation(day, NUMBERS) for day in range(12, 100)) == pytest.approx(0.025, abs=0.01)


def test_without_knowing_when_they_met_it_is_the_serial_interval() -> None:
    """Over all days of infection, days from one illness to the next are 5 to 6.5 on average, as the two sources together say."""
    shares = {days: weight(START + days * DAY, START, met("a", -30, 60), NUMBERS) for days in range(-20, 50)}
    assert sum(shares.values()) == pytest.approx(1, abs=1e-3)
    assert 5 < sum(days * share for days, share in shares.items()) < 6.5


def test_what_cannot_be_weighs_nothing() -> None:
    """Nobody is infected at a meeting after falling ill; a meeting on the day itself is too late as well, all but."""
    assert weight(START, START - 3 * DAY, met("a", 1), NUMBERS) == 0
    assert weight(START, START - 3 * DAY, met("a", 0), NUMBERS) < NUMBERS.unseen


def test_a_likelier_day_weighs_more() -> None:
    """A meeting on the infector's first day and five before the illness outweighs one two weeks before the illness; more days weigh more."""
    near, far = (weight(START + 5 * DAY, START, one, NUMBERS) for one in (met("a", 0), met("a", -9)))
    assert near > 10 * far
    assert weight(START + 5 * DAY, START, met("a", -1, 1), NUMBERS) > near


def test_when_a_case_began() -> None:
    """By its onset; without one by its first finding since it was last ruled out; who is ruled out, or never was a case, never fell ill."""
    assert began(ill("a", 3, timeline=[found(What.POSITIVE, 1)])) == START + 3 * DAY
    lines = [found(What.SUSPECTED, 1), found(What.RULED_OUT, 2), found(What.POSITIVE, 4), found(What.CONFIRMED, 5)]
    assert began(ill("a", None, timeline=lines)) == START + 4 * DAY
    assert began(ill("a", None, timeline=lines[:1])) == START + DAY
    assert began(ill("a", 3, **RULED_OUT)) is None
    assert began(ill("a", 3).taken_back()) is None
