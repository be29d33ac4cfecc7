"""Which records say that someone was somewhere, and how scans in and out pair up."""

from __future__ import annotations

from typing import Any

import pytest

from schemas.models.record import Crossing, Direction, Disposition, Gate, Household, Lab, Record, Result, Scan, Step, Travel, Visit
from streams.movements.stops import Stop, passing, staying
from streams.policy import load
from tests.streams.trial import HOUR, MINUTE, at

POLICY = load()
NOON = at("2020-01-20 12:00")
IN, OUT, PASS = Direction.IN, Direction.OUT, Direction.PASS


def made(kind: type[Record], **content: Any) -> Record:
    """A record of a kind at noon."""
    return kind.of(causes=["raw"], **({"at": NOON, "source": "s", "record": "r", "alias": "a" * 32} | content))


def visit(disposition: Disposition) -> Record:
    """A visit with a decision."""
    return made(Visit, place="CLIN-1", disposition=disposition)


def step(**content: Any) -> Record:
    """A step of a published case, from noon to one."""
    return made(Step, **({"place": "p" * 32, "until": NOON + HOUR, "precise": True} | content))


def stop(moment: int, direction: Direction) -> Stop:
    """A scan in or out."""
    return Stop(id=f"scan {moment} {direction}", at=moment, direction=direction, region="5306", sealed=b"")


@pytest.mark.parametrize(
    ("record", "presence"),
    [
        (made(Scan, place="MKT-1", direction=PASS), ("MKT-1", NOON)),
        (made(Gate, place="GATE-1", direction=IN), ("GATE-1", NOON)),
        (made(Gate, place="GATE-1", direction=OUT), ("GATE-1", NOON)),
        (made(Crossing, place="PORT-1", direction=IN), ("PORT-1", NOON)),
        (visit(Disposition.OBSERVED), ("CLIN-1", NOON + 30 * MINUTE)),
        (visit(Disposition.SUSPECTED), ("CLIN-1", NOON + 30 * MINUTE)),
        (step(), ("p" * 32, NOON + HOUR)),
        (step(until=NOON), ("p" * 32, NOON)),
        (step(until=NOON + 24 * HOUR), ("p" * 32, NOON + 24 * HOUR)),
    ],
)
def test_records_that_are_presences(record: Record, presence: tuple[str, int]) -> None:
    """Passing scans, gates and ports are moments, a first visit is half an hour, a step with hour and place is as long as it says, up to a day."""
    assert passing(record, POLICY) == presence


@pytest.mark.parametrize(
    "record",
    [
        step(precise=False), step(place=None), step(until=NOON + 24 * HOUR + 1),
        *(visit(one) for one in Disposition if one not in (Disposition.OBSERVED, Disposition.SUSPECTED)),
        made(Lab, place="LAB-1", reported=NOON, result=Result.POSITIVE), made(Household, household="h" * 32, grid_worker="GW-1"), made(Travel, came_from="42"),
    ],
)  # fmt: skip
def test_records_that_are_none(record: Record) -> None:
    """A step without hour or place or of more than a day, a later decision about a patient, a result and a registration say nothing about where somebody met others."""
    assert passing(record, POLICY) is None


@pytest.mark.parametrize(
    ("this", "before", "after", "interval"),
    [
        (stop(0, IN), None, stop(5 * HOUR, OUT), (0, 5 * HOUR)),
        (stop(0, IN), None, stop(0, OUT), (0, 0)),
        (stop(0, IN), None, None, (0, 30 * MINUTE)),
        (stop(0, IN), None, stop(5 * HOUR, IN), (0, 30 * MINUTE)),
        (stop(0, IN), stop(-HOUR, IN), stop(HOUR, OUT), (0, HOUR)),
        (stop(0, OUT), None, None, (-30 * MINUTE, 0)),
        (stop(0, OUT), stop(-HOUR, OUT), None, (-30 * MINUTE, 0)),
        (stop(0, OUT), stop(-HOUR, OUT), stop(HOUR, IN), (-30 * MINUTE, 0)),
        (stop(0, OUT), stop(-HOUR, IN), None, None),
    ],
)
def test_what_a_scan_means_among_its_neighbours(this: Stop, before: Stop | None, after: Stop | None, interval: tuple[int, int] | None) -> None:
    """In with out is one stay; in or out alone is half an hour after or before it; out after in has no stay of its own."""
    presence = staying("a" * 32, "MKT-1", this, before, after, POLICY)
    assert (presence and (presence.at, presence.until)) == interval
    assert presence is None or (presence.alias, presence.place, presence.region) == ("a" * 32, "MKT-1", "5306")


def test_a_stay_is_caused_by_both_ends() -> None:
    """The presence of a pair names both scans, so that either taken back takes it back."""
    presence = staying("a" * 32, "MKT-1", stop(0, IN), None, stop(HOUR, OUT), POLICY)
    assert presence
    assert presence.causes == [stop(0, IN).id, stop(HOUR, OUT).id]
