"""Invented people: their names, numbers and how these are written."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest

from deploy.simulation.assumptions import assumptions
from deploy.simulation.dice import Dice
from deploy.simulation.people import Person, full_name, phone_number
from deploy.simulation.places import areas
from deploy.simulation.population import crossers, settle
from deploy.simulation.written import Hand
from streams.normalise.names import reading
from streams.normalise.phones import phone
from streams.normalise.resident import resident

WORLD = assumptions()
PEOPLE = settle(2_000, WORLD, areas(2_000, WORLD), Dice(1, "people"), date(2020, 1, 15))
CARELESS = Hand(Dice(1, "hand"), 1.0)


def test_there_are_as_many_people_as_asked_for_in_all_counties() -> None:
    """The number is exact, each county has its share, and some live across the border."""
    assert len(PEOPLE) == 2_000
    assert len({person.key for person in PEOPLE}) == 2_000
    for county in WORLD.counties:
        share = sum((person.community or "").startswith(county.code) for person in PEOPLE) / (2_000 - crossers(2_000))
        assert share == pytest.approx(county.share / 100, abs=0.01)


def test_no_two_given_names_read_alike() -> None:
    """A phone with a name is a strong handle by the reading of the name, so people of one household must not read alike."""
    given = [first + second for first in WORLD.names.first for second in WORLD.names.second]
    assert len({reading("杨" + one) for one in given}) == len(given)


def handle(person: Person, kind: str) -> tuple[str, ...] | None:
    """A handle that must belong to one person only."""
    found: dict[str, tuple[str, ...] | None] = {
        "document": person.document, "phone": (person.reach, reading(person.name)), "account": (person.account,) if person.account else None,
        "uid": (person.uid,) if person.uid else None,
    }  # fmt: skip
    return found[kind]


@pytest.mark.parametrize("kind", ["document", "phone", "account", "uid"])
def test_strong_handles_belong_to_one_person(kind: str) -> None:
    """No document, phone with name, or account is given out twice."""
    found = [one for person in PEOPLE if (one := handle(person, kind))]
    assert len(set(found)) == len(found) > 100


def test_resident_numbers_are_valid_and_agree_with_the_person() -> None:
    """Each resident's number has a right check digit, and implies the person's birth date and sex."""
    for person in PEOPLE:
        if person.household:
            assert person.document is not None
            implied = resident(person.document[2])
            assert (implied.number, implied.born, implied.sex) == (person.document[2], person.born, person.sex)


def test_minority_names_and_latin_names_occur() -> None:
    """Long names with a dot, and names in Latin letters."""
    assert any("·" in person.name for person in PEOPLE)
    assert all(person.name.isascii() == (person.group == "crosser") for person in PEOPLE)


def _number(person: Person) -> str:
    return resident(CARELESS.document(person)).number


@pytest.mark.parametrize(("written", "true"), [
    (lambda person: reading(CARELESS.name(person.name)), lambda person: reading(person.name)),
    (lambda person: phone(CARELESS.phone(person.reach)), lambda person: person.reach),
    (_number, lambda person: person.document[2]),
], ids=["name", "phone", "document"])  # fmt: skip
def test_careless_writing_still_means_the_same(written: Callable[[Person], str], true: Callable[[Person], str]) -> None:
    """Whatever hand writes a name, phone or resident number, normalise reads the true one, although most are written in another way."""
    residents = [person for person in PEOPLE if person.household]
    assert [written(person) for person in residents] == [true(person) for person in residents]
    assert sum(CARELESS.phone(person.reach) != person.reach.removeprefix("+86") for person in residents) > len(residents) / 2


def test_numbers_and_names_for_any_running_number() -> None:
    """Running numbers up to millions give different phones that are valid, and names that say that they are invented."""
    numbers = [*range(0, 3_000_000, 9_973), 699_999, 700_000]
    assert len({phone_number(one) for one in numbers}) == len(numbers)
    assert all(phone(phone_number(one)) == phone_number(one) for one in numbers)
    assert full_name(0, WORLD.names) == "杨测试"
