"""The course of the outbreak: day by day, people go out, meet, fall ill, are seen and are put apart."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from deploy.simulation.assumptions import Assumptions
from deploy.simulation.authorities import Authorities
from deploy.simulation.days import DAY, Day, Habits, Stay, possible
from deploy.simulation.dice import Dice
from deploy.simulation.history import History
from deploy.simulation.people import Person
from deploy.simulation.places import areas
from deploy.simulation.population import settle
from deploy.simulation.spread import Spread
from deploy.simulation.travellers import Travellers


def run(seed: int, people: int, days: int, start: date, world: Assumptions) -> History:
    """All that happens among so many people in so many days from `start`."""
    dice = Dice(seed, "people")
    counties, begins = areas(people, world), _midnight(start)
    history = History(counties, settle(people, world, counties, dice, start), begins, begins + days * DAY)
    course = _Course(history, world, seed, days)
    for number in range(days):
        calm = history.alarm is None or begins + number * DAY < history.alarm
        day = Day(number, start + timedelta(days=number), begins + number * DAY, 1.0 if calm else world.cautious)
        history.days.append(day)
        course.day(day)
    return history


def _midnight(day: date) -> int:
    """The first moment of a day in China, UTC milliseconds."""
    return int(datetime(day.year, day.month, day.day, tzinfo=ZoneInfo("Asia/Shanghai")).timestamp()) * 1_000


class _Course:
    """Moves everybody through the days."""

    def __init__(self, history: History, world: Assumptions, seed: int, days: int) -> None:
        self._history, self._dice = history, Dice(seed, "days")
        self._habits = Habits(world, Dice(seed, "habits"))
        self._spread = Spread(world, Dice(seed, "spread"), history.infections, history.meetings)
        self._travellers = Travellers(history.people, Dice(seed, "travel"), history.start)
        history.journeys += self._travellers.journeys()
        self._home_again = frozenset(journey.person for journey in history.journeys)
        self._authorities = Authorities(history, world, seed, days)
        for infection in self._travellers.carriers(history.journeys, days, self._spread):
            self._spread.infect(infection)
        self._dinners = {infection.person: infection.since + DAY for infection in history.infections.values() if infection.person.household}

    def day(self, day: Day) -> None:
        """One day: who is seen, who goes out, who meets, who is infected."""
        waiting = list(self._authorities.day(day))
        stays = sorted(possible([*waiting, *self._dinner(day), *self._out(day)]), key=lambda stay: stay.at)
        self._history.stays += stays
        self._spread.meet(stays)
        residents = [person for person in self._history.people if person.household]
        self._spread.home(residents, day.begins, lambda person: self._authorities.apart.touch(person, day.begins))

    def _out(self, day: Day) -> Iterator[Stay]:
        """Everybody who goes out on this day; the border is crossed on the way."""
        for person in self._history.people:
            if self._free(person, day) and self._goes(person, day):
                yield from self._habits.stays(person, day, self._dependents(person, day), home_again=person in self._home_again)

    def _goes(self, person: Person, day: Day) -> bool:
        """Whoever feels ill stays at home every other day; whoever lives across the border comes on some days."""
        if person.group == "crosser":
            crossings = self._travellers.crossings(person, day)
            self._history.crossings += crossings
            return bool(crossings)
        infection = self._history.infections.get(person)
        return infection is None or infection.onset is None or infection.onset > day.begins or self._dice.chance(0.5)

    def _dinner(self, day: Day) -> Iterator[Stay]:
        """The dinners for returnees, the day before they fall ill."""
        for host, at in self._dinners.items():
            if day.begins <= at < day.begins + DAY and self._free(host, day):
                near = [person for person in self._history.people if person.area is host.area and person.group in ("adult", "elder", "student")]
                guests = [person for person in self._dice.some(near, 9) if person.household is not host.household and self._free(person, day)]
                yield from self._habits.dinner(host, guests, day)

    def _dependents(self, person: Person, day: Day) -> list[Person]:
        """Children and old people of the household who have no phone, and could come along."""
        if person.account is None or person.household is None:
            return []
        return [other for other in person.household.members if other.phone is None and other.group in ("child", "elder") and self._free(other, day)]

    def _free(self, person: Person, day: Day) -> bool:
        return not self._authorities.inside.touch(person, day.begins)
