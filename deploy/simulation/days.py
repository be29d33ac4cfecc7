"""A day out: who goes where from when until when, and what of it is scanned."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from itertools import accumulate

from deploy.simulation.assumptions import Assumptions
from deploy.simulation.dice import Dice
from deploy.simulation.people import Person
from deploy.simulation.places import Place

MINUTE, HOUR, DAY = 60_000, 3_600_000, 86_400_000
"""Milliseconds."""


@dataclass(slots=True, eq=False)
class Stay:
    """People at one place, from `at` to `until`: UTC milliseconds. `scan_in` and `scan_out` say whether `person` scanned then, for the companions too."""

    person: Person
    place: Place
    at: int
    until: int
    scan_in: bool = False
    scan_out: bool = False
    companions: list[Person] = field(default_factory=list)
    attended: bool = False
    """Whether a clinic's record tells of it, so that no scan is needed."""

    @property
    def recorded(self) -> bool:
        """Whether any record tells of it."""
        return self.scan_in or self.scan_out or self.attended

    @property
    def people(self) -> list[Person]:
        """All who were there."""
        return [self.person, *self.companions]


@dataclass(frozen=True, slots=True)
class Day:
    """A day of the simulation: its number from 0, its date, its first moment (UTC milliseconds), and what part of the usual errands is done."""

    number: int
    date: date
    begins: int
    activity: float


class Habits:
    """Makes the stays of people."""

    def __init__(self, world: Assumptions, dice: Dice) -> None:
        """Take the assumptions and the dice."""
        self._world, self._dice = world, dice
        self._kinds, self._sums = list(world.errands), list(accumulate(float(weight) for weight in world.errands.values()))

    def stays(self, person: Person, day: Day, dependents: list[Person], *, home_again: bool = False) -> Iterator[Stay]:
        """Where a person goes on a day; `dependents` of the household may come along on errands. Whoever is home again goes out every day, to see everybody."""
        dice = self._dice
        if person.group == "crosser":
            yield from self._errand(person, day, 10, [])
            return
        if person.base and self._open(person, day):
            yield self._stay(person, person.base, self._at(day, 7, 9), [])
        elif person.group != "child" and dice.chance(self._world.errand_daily * day.activity * (1.6 if person.group == "adult" else 1)):
            yield from self._errand(person, day, 8, dependents)
        elif home_again:
            yield from self._errand(person, day, 10, dependents)
        if person.group == "adult" and (person.base or home_again) and dice.chance(self._world.errand_daily * day.activity / 2):
            yield from self._errand(person, day, 18, dependents)

    def dinner(self, host: Person, guests: list[Person], day: Day) -> Iterator[Stay]:
        """A dinner in a restaurant for somebody who came home; nearly everybody scans, and nobody is on time."""
        dice = self._dice
        place, at = self._choose(host, "restaurant", day), self._at(day, 18, 19)
        until = at + dice.between(90, 150) * MINUTE
        for guest in (host, *guests):
            stay = self._stay(guest, place, at + dice.between(0, 20) * MINUTE, [])
            stay.until = until + dice.between(0, 15) * MINUTE
            yield stay

    def _open(self, person: Person, day: Day) -> bool:
        """Schools are shut on Saturday and Sunday, and everybody has one day off in seven."""
        weekday = day.date.weekday()
        return weekday < 5 if person.group == "student" else weekday != int(person.key[2:]) % 7

    def _errand(self, person: Person, day: Day, hour: int, dependents: list[Person]) -> Iterator[Stay]:
        dice = self._dice
        along = [dice.pick(dependents)] if dependents and dice.chance(self._world.companion) else []
        at = self._at(day, hour, hour + 2)
        if dice.chance(self._world.bus_before):
            yield (ride := self._stay(person, self._choose(person, "bus", day), at, along))
            at = ride.until + dice.between(2, 10) * MINUTE
        yield self._stay(person, self._choose(person, dice.weighed(self._kinds, self._sums), day), at, along)

    def _choose(self, person: Person, kind: str, day: Day) -> Place:
        """A place by its popularity; when there is no market there today, a shop."""
        found = self._dice.weighed(person.area.places[kind], person.area.popularity[kind])
        if day.number % self._world.kinds[kind].every == found.day:
            return found
        return self._dice.weighed(person.area.places["shop"], person.area.popularity["shop"])

    def _stay(self, person: Person, place: Place, at: int, along: list[Person]) -> Stay:
        kind, dice = self._world.kinds[place.kind], self._dice
        until = at + dice.between(*kind.stay) * MINUTE + dice.between(0, 59) * 1_000
        scans = person.account is not None and dice.chance(kind.scanned)
        forgot = scans and kind.out > 0 and dice.chance(0.03)
        return Stay(person, place, at, until, scans and not forgot, forgot or (scans and dice.chance(kind.out)), along)

    def _at(self, day: Day, first: int, last: int) -> int:
        return day.begins + self._dice.between(first * 3600, last * 3600) * 1_000


def possible(stays: Iterable[Stay]) -> Iterator[Stay]:
    """The stays without those for which somebody would have to be at two places at once: the first one counts, and who cannot come along is left at home."""
    busy: dict[Person, list[Stay]] = {}
    for stay in stays:
        if not _clashes(stay, busy.get(stay.person, [])):
            stay.companions = [person for person in stay.companions if not _clashes(stay, busy.get(person, []))]
            for person in stay.people:
                busy.setdefault(person, []).append(stay)
            yield stay


def _clashes(stay: Stay, others: Iterable[Stay]) -> bool:
    return any(other.at < stay.until and stay.at < other.until for other in others)
