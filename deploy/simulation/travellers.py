"""Those who come from elsewhere: returnees from Wuhan and other cities, and people who cross the border every few days."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from deploy.simulation.days import DAY, HOUR, MINUTE, Day
from deploy.simulation.dice import Dice
from deploy.simulation.people import Person
from deploy.simulation.spread import Infection, Spread

WUHAN = "420100"
_ELSEWHERE = ("510100", "530100", "500000", "440100")
_TRAINS = ("K109", "K492", "G2881", "长途客车", "自驾")


@dataclass(frozen=True, slots=True)
class Journey:
    """Somebody came home from another city; times are UTC milliseconds."""

    person: Person
    came_from: str
    left: int
    arrived: int
    transport: str


@dataclass(frozen=True, slots=True)
class Crossing:
    """Somebody crossed the border at a port or path; `at` is UTC milliseconds."""

    person: Person
    port: str
    at: int
    direction: str


class Travellers:
    """Makes journeys and crossings."""

    def __init__(self, people: list[Person], dice: Dice, start: int) -> None:
        """Take the people, the dice and the first moment of the simulation (UTC milliseconds)."""
        self._people, self._dice, self._start = people, dice, start

    def journeys(self) -> list[Journey]:
        """Returnees from Wuhan, of whom the first three live in the first community of each county, then those from other cities."""
        adults = [person for person in self._people if person.group == "adult" and person.phone]
        counties = list(dict.fromkeys(person.area.county.code for person in adults))
        firsts = [next(one for one in adults if one.area.county.code == code and one.community == one.area.communities[0]) for code in counties]
        others = self._dice.some([person for person in adults if person not in firsts], 4 + len(self._people) // 50)
        wuhan = [*firsts, *others[: len(others) // 2]]
        return [self._journey(person, WUHAN, number % 3) for number, person in enumerate(wuhan)] + [
            self._journey(person, self._dice.pick(_ELSEWHERE), self._dice.between(0, 6)) for person in others[len(others) // 2 :]
        ]

    def carriers(self, journeys: list[Journey], days: int, spread: Spread) -> Iterator[Infection]:
        """Who is infected on arrival: the first returnee of each county, one of each thousand people more, and one who crosses the border.

        Those first ones fall ill early, so that in a short simulation too each county has a case.
        """
        early = max(1, min(4, days // 5))
        returnees = [journey for journey in journeys if journey.came_from == WUHAN]
        counties = list(dict.fromkeys(journey.person.area.county.code for journey in returnees))
        for number, journey in enumerate(islice(returnees, len(counties) + len(self._people) // 1000)):
            incubation = early + 1 if number < len(counties) else self._dice.between(3, 7)
            yield spread.infection(journey.person, None, WUHAN, journey.left - 6 * HOUR, incubation=incubation)
        crosser = next(person for person in self._people if person.group == "crosser")
        yield spread.infection(crosser, None, "MM", self._start + DAY - HOUR, incubation=early)

    def crossings(self, person: Person, day: Day) -> list[Crossing]:
        """In and out on one day, on every third day; mostly at the first port of the county."""
        if (day.number + int(person.key[2:])) % 3:
            return []
        ports = person.area.county.ports
        port = ports[0] if self._dice.chance(0.8) else self._dice.pick(ports)
        into = day.begins + self._dice.between(7 * 60, 9 * 60) * MINUTE
        return [Crossing(person, port, into, "in"), Crossing(person, port, day.begins + self._dice.between(18 * 60, 20 * 60) * MINUTE, "out")]

    def _journey(self, person: Person, came_from: str, day: int) -> Journey:
        arrived = self._start + day * DAY + self._dice.between(9 * 60, 21 * 60) * MINUTE
        return Journey(person, came_from, arrived - self._dice.between(14 * 60, 30 * 60) * MINUTE, arrived, self._dice.pick(_TRAINS))
