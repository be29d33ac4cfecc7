"""What doctors do with the sick: who is referred, tested, confirmed, put apart and sent home, and when."""

from __future__ import annotations

from deploy.simulation.assumptions import Assumptions
from deploy.simulation.care import Care, Specimen, Visit
from deploy.simulation.days import DAY, MINUTE
from deploy.simulation.dice import Dice
from deploy.simulation.people import Person

_COVID = ("发热", "咳嗽", "乏力", "咽痛", "肌肉酸痛")
_COLDS = ("流涕", "咳嗽", "咽痛", "头痛", "发热")


class Doctors:
    """Make the course of care, under the assumptions and by dice."""

    def __init__(self, world: Assumptions, dice: Dice) -> None:
        """Take the assumptions and the dice."""
        self._world, self._dice = world, dice

    def other(self, person: Person, begins: int) -> Care:
        """Something else, seen once."""
        clinic, signs, heat = person.area.clinic(person.community), self._some(_COLDS, 1), self._dice.between(364, 372)
        return Care(person, [Visit(person, clinic, begins + self._minutes(8 * 60, 12 * 60), "observed", signs, heat, self._days_before(begins, 3))])

    def illness(self, person: Person, begins: int, onset: int) -> Care:
        """From the first visit, on the day that begins at `begins`: township clinic, county hospital, tests, confirmation, isolation or admission, the end."""
        care = Care(person)
        arrived = self._refer(care, begins, onset)
        care.isolated = care.visits[0].at
        sampled = arrived + self._minutes(20, 90)
        if self._dice.chance(0.1):
            care.visits.append(Visit(person, person.area.hospital, arrived + self._minutes(40, 95), "probable"))
        if self._dice.chance(0.6):
            care.visits.append(Visit(person, person.area.hospital, arrived + self._minutes(100, 160), "isolated"))
        if self._dice.chance(0.25):
            sampled = self._test(care, sampled, "negative").at + self._minutes(25 * 60, 32 * 60)
        if self._dice.chance(0.1):
            sampled = self._test(care, sampled, "inconclusive").at + self._minutes(6 * 60, 12 * 60)
        self._confirm(care, self._test(care, sampled, "positive").reported)
        return care

    def suspicion(self, person: Person, begins: int, *, contaminated: bool) -> Care:
        """A fever that is something else: two negatives at least a day apart rule it out. `contaminated`: a positive comes first and is withdrawn."""
        care = Care(person)
        arrived = self._refer(care, begins, self._days_before(begins, 2))
        care.isolated = care.visits[0].at
        sampled = arrived + self._minutes(20, 90)
        if contaminated:
            self._test(care, sampled, "positive", withdrawn=True)
            sampled += self._minutes(60, 120)
        first = self._test(care, sampled, "negative")
        second = self._test(care, first.at + self._minutes(24 * 60 + 1, 30 * 60), "negative", decides=True)
        care.released = second.reported + self._minutes(60, 300)
        if self._dice.chance(0.5):
            care.visits.append(Visit(person, person.area.hospital, care.released, "ruled_out"))
        return care

    def screening(self, person: Person, begins: int, *, infected: bool) -> Care:
        """A test without symptoms, of somebody who lives with a case."""
        arrived = begins + self._minutes(9 * 60, 15 * 60)
        care = Care(person, [Visit(person, person.area.hospital, arrived, "observed", temperature=self._dice.between(362, 370))])
        specimen = self._test(care, arrived + self._minutes(10, 40), "positive" if infected else "negative")
        if infected:
            care.isolated = arrived
            care.visits.append(Visit(person, person.area.hospital, specimen.reported + self._minutes(60, 180), "isolated"))
            care.confirmed = specimen.reported
            self._end(care, care.visits[-1].at)
        return care

    def _refer(self, care: Care, begins: int, onset: int) -> int:
        """First visit at the township clinic, which cannot test and refers; returns when the patient came to the hospital."""
        person, signs, heat = care.person, self._some(_COVID, 2), self._dice.between(373, 392)
        clinic, hospital = person.area.clinic(person.community), person.area.hospital
        seen = begins + self._minutes(8 * 60, 11 * 60)
        care.visits.append(Visit(person, clinic, seen, "suspected", signs, heat, onset, hospital.code))
        arrived = seen + self._minutes(120, 300)
        care.visits.append(Visit(person, hospital, arrived, "suspected", signs, heat + self._dice.between(-2, 3), onset))
        return arrived

    def _test(self, care: Care, at: int, result: str, *, withdrawn: bool = False, decides: bool = False) -> Specimen:
        person = care.person
        reported = at + self._minutes(8 * 60, 26 * 60)
        back = reported + self._minutes(300, 1500) if withdrawn else None
        specimen = Specimen(person, person.area.hospital, person.area.county.laboratory, at, reported, result, back, decides)
        care.specimens.append(specimen)
        return specimen

    def _confirm(self, care: Care, reported: int) -> None:
        hospital = care.person.area.hospital
        care.confirmed = reported + self._minutes(30, 180)
        care.visits.append(Visit(care.person, hospital, care.confirmed, "confirmed"))
        admitted = care.confirmed + self._minutes(30, 120)
        care.visits.append(Visit(care.person, hospital, admitted, "admitted"))
        self._end(care, admitted)

    def _end(self, care: Care, begins: int) -> None:
        dies = self._dice.chance(self._world.dies.elder if care.person.group == "elder" else self._world.dies.other)
        at = begins + self._dice.between(4, 12) * DAY + self._minutes(0, 300)
        care.visits.append(Visit(care.person, care.person.area.hospital, at, "died" if dies else "recovered"))
        care.released = None if dies else at

    def _minutes(self, low: int, high: int) -> int:
        return self._dice.between(low, high) * MINUTE

    def _days_before(self, begins: int, days: int) -> int:
        return begins - self._dice.between(0, days) * DAY

    def _some(self, signs: tuple[str, ...], least: int) -> tuple[str, ...]:
        return tuple(self._dice.some(signs, self._dice.between(least, 3)))
