"""Measures that an invented official asks for, and cases that warrant them or do not."""

from __future__ import annotations

from typing import Any

from schemas.models.case import Entry, LinkedCase, Role, Status, What
from schemas.models.measure import MeasureAsked, MeasureInForce, MeasureRefused, Refusal
from schemas.models.record import MeasureKind
from streams.measures.decide import decide, known
from streams.policy import load
from tests.streams.routing.cases import case
from tests.streams.trial import DAY, at, token

POLICY = load()
NOON = at("2022-06-13 12:00")
PERSON = token("zhang")


def asked(kind: MeasureKind = MeasureKind.RED_CODE, reason: Role = Role.CASE, days: float = 0, lasts: float = 7, **more: Any) -> MeasureAsked:
    """A measure from so many days after noon on, for so many days."""
    since = NOON + round(days * DAY)
    content = {"official": "OP-410100-1", "region": "4101", "person": PERSON, "alias": PERSON} | more
    return MeasureAsked.of(causes=[f"{days} {lasts}"], at=since, until=since + round(lasts * DAY), kind=kind, reason=reason, **content)


def line(what: What, days: float = 0, note: str = "") -> Entry:
    """A line of a timeline, so many days after noon."""
    moment = NOON + round(days * DAY)
    return Entry(at=moment, until=moment, what=what, source="s", note=note, evidence=token(f"{what} {days}"))


def told(*lines: Entry, **more: Any) -> LinkedCase:
    """The case of the person with these lines."""
    found = any(one.what in (What.POSITIVE, What.CONFIRMED, What.SUSPECTED) for one in lines)
    content = {"person": PERSON, "timeline": sorted(lines, key=lambda one: one.at), "classification": Status.CONFIRMED if found else None} | more
    return case(**content)


def judged(one: MeasureAsked, *lines: Entry, **more: Any) -> Refusal | int:
    """Why it is refused, or until when it is in force, UTC milliseconds."""
    found = decide(one, known(told(*lines, **more)).signs, POLICY)
    return found.why if isinstance(found, MeasureRefused) else _until(found, one)


def _until(found: MeasureInForce, one: MeasureAsked) -> int:
    assert (found.request, found.person, found.at) == (one.id, PERSON, one.at)
    return found.until
