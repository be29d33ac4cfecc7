"""An outbreak: everything that the sources send, in the order in which it arrives, and the truth behind it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from deploy.simulation import clinical, everyday, journeys
from deploy.simulation.assumptions import assumptions
from deploy.simulation.course import run
from deploy.simulation.faults import send
from deploy.simulation.history import History
from deploy.simulation.manners import MANNERS
from deploy.simulation.records import Desk, Sent
from deploy.simulation.telling import tell
from deploy.simulation.truth import Truth

SOURCES = tuple(MANNERS)
"""The sources that send something."""
LEAST_PEOPLE, LEAST_DAYS = 40, 7
FIRST_YEAR, LAST_YEAR = 1992, 2090
"""Years in which a simulation may start: China had summer time before, and records after 2099 are refused."""
START = date(2020, 1, 15)
"""Ten days before the Spring Festival, when people came home."""


@dataclass(frozen=True, slots=True)
class Arrival:
    """One message: its source, when it arrives (UTC milliseconds), and the fields as the source sends them."""

    source: str
    at: int
    fields: dict[str, Any]


@dataclass(frozen=True)
class Outbreak:
    """What arrives, in order, and the truth."""

    arrivals: list[Arrival]
    truth: Truth

    @cached_property
    def records(self) -> dict[str, list[dict[str, Any]]]:
        """The fields of each source's messages, in order of arrival; every source is there."""
        found: dict[str, list[dict[str, Any]]] = {source: [] for source in SOURCES}
        for arrival in self.arrivals:
            found[arrival.source].append(arrival.fields)
        return found


def simulate(seed: int = 1, people: int = 400, days: int = 21, start: date = START, faults: float = 1.0) -> Outbreak:
    """An outbreak among so many people in so many days from `start`; equal arguments give equal results on every machine.

    `faults` is how much goes wrong with the records: 1 as usual, 0 nothing but delays and one result that a laboratory withdraws. Raises ValueError for fewer
    than 40 people or 7 days, with which no outbreak can unfold, and for a start before 1992 or after 2090.
    """
    if people < LEAST_PEOPLE or days < LEAST_DAYS:
        raise ValueError(f"at least {LEAST_PEOPLE} people and {LEAST_DAYS} days are needed")
    if not FIRST_YEAR <= start.year <= LAST_YEAR:
        raise ValueError(f"the start must lie in the years {FIRST_YEAR} to {LAST_YEAR}")
    if faults < 0:
        raise ValueError("faults are 0 or more")
    world = assumptions()
    history = run(seed, people, days, start, world)
    sent = sorted(_sent(history, Desk(seed)), key=lambda one: one.made)
    sendings = send(sent, history.start, seed, faults)
    return Outbreak([Arrival(one.source, one.at, one.fields) for one in sendings], tell(history, sent, sendings, seed, start))


def _sent(history: History, desk: Desk) -> Iterator[Sent]:
    world, patients = assumptions(), clinical.Patients(desk)
    yield from everyday.households(history, desk)
    yield from everyday.scans(history, desk, world)
    yield from everyday.gates(history, desk, world)
    yield from everyday.clockins(history, desk)
    yield from clinical.visits(history, desk, patients)
    yield from clinical.results(history, desk, patients)
    yield from journeys.declarations(history, desk)
    yield from journeys.crossings(history, desk)
