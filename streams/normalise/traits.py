"""What a record says of a person that is no handle, for comparing: sex, birth, and where the person lives and with whom."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Mapping
from datetime import date

from schemas.source import PersonMap
from streams.normalise.births import aged, born
from streams.normalise.errors import Unusable
from streams.normalise.person import Person
from streams.normalise.regions import region
from streams.normalise.values import word

_LONGEST = 200
_SOME_DAY = date(2000, 1, 1)


def traits(person: Person, said: Mapping[str, str], where: PersonMap, day: str) -> None:
    """Take what a record of a day (ISO 8601, '' where it is not known) says of a person; what a document implied of the birth stands above an age."""

    def taken(name: str) -> str:
        return person.take(said.get(name, ""), getattr(where, name), lambda value: TRAITS[name](value, where, day)) or ""

    found = {"sex": taken("sex"), "born": taken("born"), "region": taken("home"), "address": taken("address")}
    age, home = taken("age"), taken("household")
    person.identifiers |= {name: value for name, value in found.items() if value}
    if age:
        person.identifiers.setdefault("born", age)
    if home:
        person.household = (where.household_in, home)


def _age(value: str, day: str) -> str:
    """On a day that is not known, an age is only checked."""
    return aged(value, date.fromisoformat(day)) if day else aged(value, _SOME_DAY) and ""


def _address(value: str) -> str:
    address = "".join(unicodedata.normalize("NFKC", value).split())
    if len(address) > _LONGEST or not any(sign.isalnum() for sign in address):
        raise Unusable(f"expected an address of at most {_LONGEST} signs")
    return address


def household(value: str) -> str:
    """The number of a household as all of its sources mean it; raises Unusable."""
    if len(value) > _LONGEST:
        raise Unusable(f"expected a household number of at most {_LONGEST} signs")
    return unicodedata.normalize("NFKC", value).strip()


TRAITS: dict[str, Callable[[str, PersonMap, str], str]] = {
    "sex": lambda value, where, _: word(value, where.sex_words),
    "born": lambda value, _, day: born(value, day),
    "age": lambda value, _, day: _age(value, day),
    "home": lambda value, _, __: region(value),
    "address": lambda value, _, __: _address(value),
    "household": lambda value, _, __: household(value),
}
"""Parts of a map that are no handles, and what reads the text of each, with the map and the day of the record."""
