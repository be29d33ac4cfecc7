"""Somebody, or a machine, that writes down what a person is: one record at a time, with mistakes at the stated rates."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

from deploy.simulation.dice import Dice
from deploy.simulation.linkage import mistakes
from deploy.simulation.linkage.homes import TODAY
from deploy.simulation.linkage.naming import Names
from deploy.simulation.linkage.person import Home, Person
from deploy.simulation.linkage.rates import Source
from deploy.simulation.linkage.written import Written
from streams.normalise.errors import Unusable
from streams.normalise.resident import resident

_MISREAD = "resident?:"


class Hand:
    """Writes one record of a person for a source; the errors that were made are in `errors` then."""

    def __init__(self, dice: Dice, rates: dict[str, float], chances: dict[str, float], names: Names, source: Source) -> None:
        """Take the dice, the rates of errors, the chances that are not errors, the names for wrong signs, and the source."""
        self._dice, self._rates, self._chances, self._names, self._source = dice, rates, chances, names, source
        self.errors: list[str] = []

    def write(self, record: str, source: str, person: Person, home: Home) -> Written:
        """The record."""
        writes: dict[str, Callable[[Person, Home], tuple[str, str]]] = {
            "name": self._name, "sex": self._sex, "born": self._born, "age": self._age, "document": self._document, "phone": self._phone,
            "region": self._region, "address": self._address, "household": self._household, "nationality": self._nationality,
        }  # fmt: skip
        says: dict[str, str] = {}
        for field, chance in self._source.fields.items():
            if self._dice.chance(chance):
                name, value = writes[field](person, home)
                if value:
                    says[name] = value
        return Written(record, source, _implied(says), person.key, tuple(sorted(self.errors)))

    def _slips(self, error: str) -> bool:
        return self._source.typed and self._dice.chance(self._rates[error])

    def _made(self, error: str, value: str | None) -> str:
        """The value of an error that could be made; '' else."""
        if value:
            self.errors.append(error)
        return value or ""

    def _name(self, person: Person, _: Home) -> tuple[str, str]:
        return "name", self._foreign_name(person) if person.name.latin else self._chinese_name(person)

    def _chinese_name(self, person: Person) -> str:
        dice, name, names = self._dice, person.name, self._names
        if name.dot or not name.family:
            if self._slips("short") and (text := self._made("short", mistakes.short(dice, name))):
                return text
            if name.dot and self._slips("no_dot"):
                return self._made("no_dot", mistakes.no_dot(dice, name))
        if self._slips("latin"):
            by_ear = dice.chance(self._rates["latin_by_ear"])
            return self._made("latin_by_ear" if by_ear else "latin", mistakes.latin(dice, name, by_ear))
        if self._slips("homophone") and (other := mistakes.homophone(dice, name, names)):
            return self._made("homophone", other.han)
        if self._slips("character") and (other := mistakes.character(dice, name, names)):
            return self._made("character", other.han)
        return (self._slips("traditional") and self._made("traditional", mistakes.traditional(name.han))) or name.han

    def _foreign_name(self, person: Person) -> str:
        if self._dice.chance(self._chances["foreign_in_chinese"]):
            return self._made("foreign_in_chinese", person.name.han)
        by_ear = self._slips("latin_by_ear")
        text = mistakes.foreign(self._dice, person.name, by_ear)
        return self._made("latin_by_ear", text) if by_ear else text

    def _sex(self, person: Person, _: Home) -> tuple[str, str]:
        other = {"male": "female", "female": "male"}[person.sex]
        return "sex", self._made("sex", other) if self._slips("sex") else person.sex

    def _born(self, person: Person, _: Home) -> tuple[str, str]:
        dice, born = self._dice, person.born
        ways: dict[str, Callable[[], str | None]] = {
            "day_month": lambda: mistakes.day_month(born), "lunar": lambda: mistakes.lunar(born),
            "born_digit": lambda: mistakes.born_digit(dice, born), "only_year": lambda: str(born.year),
        }  # fmt: skip
        for error, wrong in ways.items():
            if self._slips(error) and (value := self._made(error, wrong())):
                return "born", value
        return "born", born.isoformat()

    def _age(self, person: Person, _: Home) -> tuple[str, str]:
        """The age at the day of the record, as the interval of birth dates that it leaves open."""
        at = TODAY - timedelta(self._dice.between(0, 400))
        age = max(0, at.year - person.born.year - ((at.month, at.day) < (person.born.month, person.born.day)))
        if self._slips("nominal_age"):
            age += self._dice.between(1, 2)
            self.errors.append("nominal_age")
        return "age", f"{_years_before(at, age + 1) + timedelta(1)}/{_years_before(at, age)}"

    def _document(self, person: Person, _: Home) -> tuple[str, str]:
        """The document; a resident number in which a check digit does not fit is what somebody misread."""
        kind, _colon, number = person.document.partition(":")
        if kind != "resident":
            return "document", person.document
        if self._slips("document_digit"):
            number = self._made("document_digit", mistakes.digit(self._dice, number))
        elif self._slips("document_transposed"):
            number = self._made("document_transposed", mistakes.transposed(self._dice, number)) or number
        elif person.born.year < 2000 and self._slips("fifteen") and number[14:17] < "996":
            number = self._made("fifteen", number[:6] + number[8:17])
        return "document", _read(number)

    def _phone(self, person: Person, home: Home) -> tuple[str, str]:
        dice, phone = self._dice, person.phone
        if person.second_phone and dice.chance(self._chances["second_phone"]):
            phone = self._made("second_phone", person.second_phone)
        if len(home.members) > 1 and self._slips("another_phone"):
            other = dice.pick(home.members)
            phone = self._made("another_phone", other.phone) if other is not person else phone
        if self._slips("phone_digit"):
            return "phone", phone[:4] + self._made("phone_digit", mistakes.digit(dice, phone[4:]))
        if self._slips("phone_transposed") and (wrong := mistakes.transposed(dice, phone[4:])):
            return "phone", phone[:4] + self._made("phone_transposed", wrong)
        return "phone", phone

    def _region(self, _: Person, home: Home) -> tuple[str, str]:
        if not home.region:
            return "region", ""
        region = home.region[:6] if self._dice.chance(0.15) else home.region
        if len(region) > 6 and self._slips("moved"):
            region = self._made("moved", f"{region[:6]}{100 + self._dice.between(0, 10):03d}{200 + self._dice.between(0, 9):03d}")
        return "region", region

    def _address(self, _: Person, home: Home) -> tuple[str, str]:
        text = home.address
        if text and self._slips("address"):
            text = self._made("address", mistakes.other_words(text))
        return "address", text

    def _household(self, _: Person, home: Home) -> tuple[str, str]:
        return "household", home.household if home.region else ""

    def _nationality(self, person: Person, _: Home) -> tuple[str, str]:
        return "nationality", person.nationality


def _read(number: str) -> str:
    """A resident number as normalise gives it."""
    try:
        return f"resident:{resident(number).number}"
    except Unusable:
        return _MISREAD + number


def _implied(says: dict[str, str]) -> dict[str, str]:
    """What normalise makes of it: a birth date that is told outranks that of a resident number, and this an age; so does a sex that is told."""
    kind, _, number = says.get("document", "").partition(":")
    age = says.pop("age", "")
    if kind == "resident":
        found = resident(number)
        return {"born": found.born.isoformat(), "sex": found.sex} | says
    return {"born": age} | says if age else says


def _years_before(day: date, years: int) -> date:
    """The same day years before; the 29th of February is the 28th."""
    try:
        return day.replace(year=day.year - years)
    except ValueError:
        return day.replace(year=day.year - years, day=28)
