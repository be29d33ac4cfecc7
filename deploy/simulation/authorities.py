"""What clinics and the authorities do on each day: they see the sick, test those who live with cases, and keep people apart."""

from __future__ import annotations

from collections.abc import Iterator

from deploy.simulation.assumptions import Assumptions
from deploy.simulation.care import Care, known
from deploy.simulation.days import DAY, HOUR, MINUTE, Day, Stay
from deploy.simulation.dice import Dice
from deploy.simulation.doctors import Doctors
from deploy.simulation.history import History, Spans
from deploy.simulation.people import Person
from deploy.simulation.travellers import Crossing


class Authorities:
    """Keeps who may not go out (`inside`), who meets nobody at all (`apart`), who is in care for the disease, and who is tested on which day."""

    def __init__(self, history: History, world: Assumptions, seed: int, days: int) -> None:
        """Take the history, which it adds to; returnees are away until they arrive."""
        self._history, self._world = history, world
        self._dice, self._doctors = Dice(seed, "authorities"), Doctors(world, Dice(seed, "care"))
        self.inside, self.apart = Spans(), Spans()
        for journey in history.journeys:
            self._keep(journey.person, 0, journey.arrived)
        self._found: set[Person] = set()
        self._suspected: set[Person] = set()
        self._tests: dict[int, list[Person]] = {}
        count = 2 + len(history.people) // 200
        self._fevers = [1 + number * max(1, days - 4) // count for number in range(count)]

    def day(self, day: Day) -> Iterator[Stay]:
        """Those who are seen on this day; gives their time in the waiting rooms."""
        for care in [*self._tested(day), *self._sick(day), *self._feverish(day), *self._others(day)]:
            told = known(care, self._history.end)
            self._history.cares.append(told)
            if care.isolated is not None:
                self._keep(care.person, care.isolated, care.released or self._history.end + DAY)
            if care.confirmed is not None and care.confirmed + HOUR <= self._history.end:
                self._confirmed(care.person, care.confirmed)
            for visit in told.visits:
                if visit.disposition in ("observed", "suspected"):
                    yield Stay(visit.person, visit.facility, visit.at, visit.at + 40 * MINUTE, attended=True)

    def _sick(self, day: Day) -> Iterator[Care]:
        """The infected whose day to see somebody has come, and whom nobody has found yet; who lives across the border comes over for it."""
        for person, infection in self._history.infections.items():
            if infection.onset is not None and infection.seeks is not None and infection.seeks // DAY == day.begins // DAY and person not in self._found:
                if person.group == "crosser":
                    self._history.crossings.append(Crossing(person, person.area.county.ports[0], day.begins + 7 * HOUR, "in"))
                self._found.add(person)
                yield self._doctors.illness(person, day.begins, infection.onset)

    def _tested(self, day: Day) -> Iterator[Care]:
        """Those who live with a case confirmed the day before; the test finds an infection from its second day on."""
        for person in self._tests.pop(day.number, []):
            infection = self._history.infections.get(person)
            seeks = infection.seeks if infection else None
            if person in self._found or self.apart.touch(person, day.begins) or (seeks is not None and seeks < day.begins + DAY):
                continue
            infected = infection is not None and infection.at + 2 * DAY <= day.begins
            if infected:
                self._found.add(person)
            yield self._doctors.screening(person, day.begins, infected=infected)

    def _feverish(self, day: Day) -> Iterator[Care]:
        """Suspected cases that are none; the first specimen of the first of them is contaminated."""
        for number, when in enumerate(self._fevers):
            well = [person for person in self._history.people if person not in self._suspected and self._well(person, day)] if when == day.number else []
            if well:
                self._suspected.add(person := self._dice.pick(well))
                yield self._doctors.suspicion(person, day.begins, contaminated=number == 0)

    def _others(self, day: Day) -> Iterator[Care]:
        """People with something else."""
        for person in self._history.people:
            if self._dice.chance(self._world.ill_daily) and self._well(person, day):
                yield self._doctors.other(person, day.begins)

    def _well(self, person: Person, day: Day) -> bool:
        return person.household is not None and person not in self._history.infections and not self.inside.touch(person, day.begins)

    def _confirmed(self, case: Person, at: int) -> None:
        """The alarm; those who live with the case stay inside for two weeks and are tested the next day."""
        self._history.alarm = min(self._history.alarm or at, at)
        for other in case.household.members if case.household else []:
            if other is not case:
                self.inside.add(other, at, at + 14 * DAY)
                self._tests.setdefault((at - self._history.start) // DAY + 1, []).append(other)

    def _keep(self, person: Person, start: int, end: int) -> None:
        self.inside.add(person, start, end)
        self.apart.add(person, start, end)
