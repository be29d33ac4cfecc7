"""Who was elsewhere: of whom presences are asked for, and which of them are breaches."""

from __future__ import annotations

from schemas.models.case import What
from schemas.models.control import Tick
from schemas.models.isolation import Breach, Isolation, Sighting
from schemas.models.movement import Order
from streams.isolation.stage import stage
from tests.streams.isolation.apart import FOURTEEN, NOON, RETURNED, line, told
from tests.streams.trial import DAY, HOUR, Trial

_TOLD = told(RETURNED, line(What.DONE, 1, note="visit at_home"))
_WAY = FOURTEEN.breaches.way


def sight(hours: float, place: str = "MKT-1", order: str = "o") -> Sighting:
    """The person is somewhere so many hours after being told."""
    at = NOON + DAY + round(hours * HOUR)
    return Sighting.of(causes=[order, f"{hours}"], person=_TOLD.person, place=place, region="530624", at=at, until=at)


def seen(*facts: Sighting) -> list[tuple[int, str]]:
    """Of these sightings those that are breaches: milliseconds after being told, and place."""
    inside = Trial(stage(FOURTEEN))
    inside.give(*facts, _TOLD)
    return sorted((one.at - NOON - DAY, one.place) for one in inside.stands("breach") if isinstance(one, Breach))


def orders(inside: Trial) -> list[tuple[int, int, int]]:
    """From when until when presences are asked for, and how deep."""
    return [(one.at - NOON, one.until - NOON, one.depth) for one in inside.stands("breach.order") if isinstance(one, Order)]


def test_nobody_breaks_what_nobody_told() -> None:
    """Presences are asked for from half a day after the person was told until it is over; of whom nobody told, not at all."""
    inside = Trial(stage(FOURTEEN))
    inside.give(told(RETURNED))
    assert orders(inside) == []
    inside.give(_TOLD)
    assert orders(inside) == [(DAY + _WAY, 14 * DAY - 1, 0)]
    inside.give(told(RETURNED))
    assert orders(inside) == []


def test_what_is_a_breach() -> None:
    """Whatever begins on the way, or when it is over, is none, nor is a place that belongs to isolating."""
    way = _WAY / HOUR
    assert seen(sight(way), sight(way - 0.1), sight(24, "HOSP-1"), sight(24, "SITE-1"), sight(13 * 24, "MKT-2"), sight(13 * 24 - 0.1, "MKT-3")) == [
        (_WAY, "MKT-1"), (13 * DAY - round(0.1 * HOUR), "MKT-3")]  # fmt: skip


def test_it_falls_with_the_presence_and_with_the_isolation() -> None:
    """The isolation says when the last one was, and the time alone changes nothing in it; nothing is left."""
    inside, one = Trial(stage(FOURTEEN)), sight(30)
    inside.give(_TOLD, one, sight(20))
    assert [found.breached for found in inside.stands("isolation") if isinstance(found, Isolation)] == [one.at]
    inside.give(one.taken_back())
    assert len(inside.stands("breach")) == 1
    inside.give(Tick(at=NOON + 14 * DAY))
    assert len(inside.stands("breach")) == 1
    inside.give(_TOLD.taken_back())
    assert (inside.stands("breach"), inside.stands("breach.order"), inside.stands("isolation")) == ([], [], [])
