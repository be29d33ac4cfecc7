"""Infection: who met whom, and who caught it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from deploy.simulation.assumptions import Assumptions
from deploy.simulation.days import DAY, HOUR, MINUTE, Stay
from deploy.simulation.dice import Dice
from deploy.simulation.people import Person

_CLOSE = 12
"""In a crowd, about so many people are close enough to be infected."""
_BEFORE, _AFTER = 2 * DAY, 8 * DAY
"""Infectious from two days before onset until eight days after it."""


@dataclass(frozen=True, slots=True)
class Infection:
    """Who infected whom, where and when: UTC milliseconds.

    `by` is None when it was caught elsewhere, and `place` then is the division or country. `onset` is the first moment of the day of the first symptoms, None
    without symptoms; `seeks` a moment on the day of the first visit, None when there is none. Infectious from `since` to `until`.
    """

    person: Person
    by: Person | None
    place: str
    at: int
    since: int
    until: int
    onset: int | None
    seeks: int | None


@dataclass(frozen=True, slots=True)
class Meeting:
    """A true co-presence: `case` was infectious, and both were at the place from `at` to `until`. `recorded`: a record tells of each of the two stays."""

    case: Person
    other: Person
    place: str
    region: str
    at: int
    until: int
    recorded: bool


class Spread:
    """Keeps the infections and finds new ones."""

    def __init__(self, world: Assumptions, dice: Dice, infections: dict[Person, Infection], meetings: list[Meeting]) -> None:
        """Take the assumptions, the dice, and where infections and meetings are kept."""
        self._world, self._dice, self._infections, self._meetings = world, dice, infections, meetings

    def infection(self, person: Person, by: Person | None, place: str, at: int, *, incubation: int | None = None) -> Infection:
        """The course that an infection will take; with an `incubation` in days, one with symptoms and an early visit."""
        dice, world = self._dice, self._world
        days = incubation if incubation is not None else dice.pick(world.incubation_days)
        first = at + days * DAY
        first -= (first + 8 * HOUR) % DAY  # midnight in China
        symptoms = incubation is not None or not dice.chance(world.without_symptoms)
        delay = 2 if incubation is not None else dice.pick(world.days_until_visit)
        goes = symptoms and (incubation is not None or not dice.chance(world.never_seen))
        return Infection(person, by, place, at, first - _BEFORE, first + _AFTER, first if symptoms else None, first + delay * DAY if goes else None)

    def infect(self, infection: Infection) -> None:
        """Let it be so, unless the person was infected before."""
        self._infections.setdefault(infection.person, infection)

    def meet(self, stays: list[Stay]) -> None:
        """All meetings and infections of one day."""
        places: dict[str, list[Stay]] = {}
        for stay in stays:
            places.setdefault(stay.place.code, []).append(stay)
        caught = [found for together in places.values() for stay in together for person in stay.people for found in self._expose(person, stay, together)]
        for infection in caught:
            self.infect(infection)

    def home(self, people: list[Person], begins: int, apart: Callable[[Person], bool]) -> None:
        """Infections at home on the day that begins at `begins`, among those who are not apart."""
        caught: list[Infection] = []
        for case in [person for person in people if self._infectious(person, begins + 20 * HOUR) and not apart(person)]:
            assert case.household is not None
            near = [other for other in case.household.members if other not in self._infections and not apart(other)]
            caught += [self._at_home(other, case, begins) for other in near if self._dice.chance(self._world.home_daily)]
        for infection in caught:
            self.infect(infection)

    def _at_home(self, other: Person, case: Person, begins: int) -> Infection:
        return self.infection(other, case, "home", begins + 20 * HOUR + self._dice.between(0, 200) * MINUTE)

    def _expose(self, case: Person, stay: Stay, together: list[Stay]) -> list[Infection]:
        if not self._infectious(case, stay.at):
            return []
        near = [(other, one) for one in together if one.at < stay.until and one.until > stay.at for other in one.people if other is not case]
        close = min(1.0, _CLOSE / max(1, len(near)))
        caught: list[Infection] = []
        for other, one in near:
            at, until = max(stay.at, one.at), min(stay.until, one.until)
            self._meetings.append(Meeting(case, other, stay.place.code, stay.place.region, at, until, stay.recorded and one.recorded))
            if other not in self._infections and self._dice.chance(self._hourly(stay) * close * min(until - at, 2 * HOUR) / HOUR):
                caught.append(self.infection(other, case, stay.place.code, at))
        return caught

    def _hourly(self, stay: Stay) -> float:
        kind = self._world.kinds.get(stay.place.kind)
        return kind.hourly if kind else self._world.clinic_hourly

    def _infectious(self, person: Person, at: int) -> bool:
        infection = self._infections.get(person)
        return infection is not None and infection.since <= at < infection.until
