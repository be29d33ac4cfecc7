"""Who lives in the world: households in each county, and those who come from across the border."""

from __future__ import annotations

from datetime import date
from itertools import accumulate

from deploy.simulation.assumptions import Assumptions
from deploy.simulation.dice import Dice
from deploy.simulation.people import Household, Person, phone_number
from deploy.simulation.places import Area
from streams.normalise.resident import check_digit

_AGES = {"child": (0, 5), "student": (6, 17), "adult": (20, 59), "elder": (60, 88)}
"""Youngest and oldest of each group, in years."""


class Registry:
    """Gives out names and numbers, each number once."""

    def __init__(self, world: Assumptions, dice: Dice, start: date) -> None:
        """Take the assumptions, the dice, and the date on which ages count."""
        self._world, self._dice, self._start = world, dice, start
        self._used: dict[str, int] = {}
        self._people = self._phones = self._homes = 0

    def household(self, area: Area, community: str, cell: int, size: int) -> Household:
        """A household of some size: an adult, whose phone is the household's, and others of any age."""
        names, dice = self._world.names, self._dice
        self._homes += 1
        home = Household(f"H-{self._homes:05d}", f"{community}{cell:03d}", f"GW-{community}{cell:03d}", self._phone())
        family = dice.pick(names.minority) + "·" if dice.chance(self._world.minority_share) else dice.pick(names.surnames)
        given = dice.some([first + second for first in names.first for second in names.second], size)
        for place, own in enumerate(given):
            group = "adult" if place == 0 else dice.pick(("adult", "adult", "child", "student", "elder"))
            person = self._resident(area, family + own, group)
            person.household = home
            person.phone = home.phone if place == 0 else self._phone() if group == "adult" or (group == "elder" and dice.chance(0.4)) else None
            self._habits(person)
            home.members.append(person)
        return home

    def crosser(self, area: Area, number: int) -> Person:
        """Somebody from across the border: mostly with a border certificate (as the first), some with a passport, the last of each ten with no document."""
        names, dice = self._world.names, self._dice
        kind = "none" if number % 10 == 9 else "passport" if number % 5 == 3 else "border-certificate"
        document = None if kind == "none" else (kind, "MM", f"{'MB' if kind == 'border-certificate' else 'MP'}{number + 12345:07d}")
        name, sex = f"{dice.pick(names.latin)} {dice.pick(names.latin_second)}", dice.pick(("male", "female"))
        person = Person(self._key(), name, sex, self._birthday(18, 60), "crosser", area, document, f"+959{number:08d}")
        person.account = f"ox-{person.key[2:]}" if number == 0 or dice.chance(0.6) else None
        return person

    def _resident(self, area: Area, name: str, group: str) -> Person:
        born, sex = self._birthday(*_AGES[group]), self._dice.pick(("male", "female"))
        return Person(self._key(), name, sex, born, group, area, ("resident", "CN", self._number(area.county.code, born, sex)), None)

    def _habits(self, person: Person) -> None:
        dice, places = self._dice, person.area.places
        if person.phone and dice.chance(0.95):
            person.account = f"ox-{person.key[2:]}"
        if person.group == "student":
            person.base = dice.pick(places["school"])
        elif person.group == "adult" and dice.chance(self._world.works):
            person.base = dice.pick(places[dice.pick(("workplace", "workplace", "shop", "restaurant"))])
        if person.base and dice.chance(self._world.clocks_in):
            person.uid = f"c-{person.key[2:]}"

    def _key(self) -> str:
        self._people += 1
        return f"p-{self._people:06d}"

    def _phone(self) -> str:
        self._phones += 1
        return phone_number(self._phones)

    def _birthday(self, youngest: int, oldest: int) -> date:
        return date(self._start.year - 1 - self._dice.between(youngest, oldest), self._dice.between(1, 12), self._dice.between(1, 28))

    def _number(self, county: str, born: date, sex: str) -> str:
        """A valid resident number; sequences count down from 989, where offices hardly get to (996 to 999 mean a birth in the century before)."""
        stem = f"{county}{born:%Y%m%d}"
        used = self._used[stem + sex] = self._used.get(stem + sex, -1) + 1
        first = f"{stem}{(989 if sex == 'male' else 988) - 2 * used:03d}"
        return first + check_digit(first)


def crossers(people: int) -> int:
    """How many of so many people live across the border."""
    return max(3, people // 40)


def settle(people: int, world: Assumptions, areas: list[Area], dice: Dice, start: date) -> list[Person]:
    """`people` people: households in each county by its share (the last takes the rest), then those who live across the border."""
    registry, found = Registry(world, dice, start), list[Person]()
    left = people - crossers(people)
    for area in areas:
        quota = left - len(found) if area is areas[-1] else left * area.county.share // 100
        found += _families(registry, area, quota, world, dice)
    border = next(area for area in areas if area.county.ports)
    return found + [registry.crosser(border, number) for number in range(crossers(people))]


def _families(registry: Registry, area: Area, people: int, world: Assumptions, dice: Dice) -> list[Person]:
    sizes, sums = list(world.households), list(accumulate(float(weight) for weight in world.households.values()))
    found: list[Person] = []
    homes = 0
    while len(found) < people:
        row, place = divmod(homes, len(area.communities))
        size = min(dice.weighed(sizes, sums), people - len(found))
        found += registry.household(area, area.communities[place], 1 + row // world.households_per_cell, size).members
        homes += 1
    return found
