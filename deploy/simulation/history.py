"""Everything that was so in an invented outbreak, before anybody records it."""

from __future__ import annotations

from dataclasses import dataclass, field

from deploy.simulation.care import Care
from deploy.simulation.days import DAY, Day, Stay
from deploy.simulation.people import Person
from deploy.simulation.places import Area
from deploy.simulation.spread import Infection, Meeting
from deploy.simulation.travellers import Crossing, Journey


@dataclass(slots=True)
class History:
    """All times are UTC milliseconds. `alarm` is when the first case was confirmed, if one was."""

    areas: list[Area]
    people: list[Person]
    start: int
    end: int
    days: list[Day] = field(default_factory=list)
    stays: list[Stay] = field(default_factory=list)
    journeys: list[Journey] = field(default_factory=list)
    crossings: list[Crossing] = field(default_factory=list)
    infections: dict[Person, Infection] = field(default_factory=dict)
    meetings: list[Meeting] = field(default_factory=list)
    cares: list[Care] = field(default_factory=list)
    alarm: int | None = None


@dataclass(slots=True)
class Spans:
    """Spans of time of each person."""

    _spans: dict[Person, list[tuple[int, int]]] = field(default_factory=dict)

    def add(self, person: Person, start: int, end: int) -> None:
        """One more span."""
        self._spans.setdefault(person, []).append((start, end))

    def touch(self, person: Person, begins: int) -> bool:
        """Whether one of the person's spans touches the day that begins at `begins`."""
        return any(start < begins + DAY and end > begins for start, end in self._spans.get(person, ()))
