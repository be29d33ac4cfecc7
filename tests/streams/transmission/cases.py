"""Cases by the days on which they fell ill, and their meetings."""

from __future__ import annotations

from typing import Any

from schemas.models.case import Entry, LinkedCase, Meeting, Role, Status, What
from streams.policy import load
from tests.streams.routing.cases import case
from tests.streams.trial import DAY, HOUR, at

NUMBERS = load().transmission
START = at("2020-01-20 12:00")


def met(other: str, first: float, last: float | None = None) -> Meeting:
    """A meeting with somebody, from a day to a day, an hour long."""
    end = first if last is None else last
    return Meeting(person=other, first=START + round(first * DAY), last=START + round(end * DAY) + HOUR, places=["MKT-1"], depth=1)


def ill(person: str, day: float | None, *meetings: Meeting, **more: Any) -> LinkedCase:
    """A confirmed case who fell ill on a day, counted from the start, and whom these people exposed."""
    onset = None if day is None else START + round(day * DAY)
    return case(**({"person": person, "onset": onset, "contact_of": list(meetings)} | more))


def contact(person: str, *meetings: Meeting) -> LinkedCase:
    """Somebody who is no case."""
    return ill(person, None, *meetings, roles=[Role.CONTACT], status=None, classification=None)


def found(what: What, day: float) -> Entry:
    """A line of a timeline."""
    moment = START + round(day * DAY)
    return Entry(at=moment, until=moment, what=what, source="s", evidence=f"{what} {day}")


RULED_OUT = {"status": Status.RULED_OUT, "classification": None}
