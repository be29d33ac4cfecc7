"""What people are called: names at the frequencies of a list."""

from __future__ import annotations

import csv
from bisect import bisect_right
from collections.abc import Iterable, Mapping
from functools import cache, lru_cache
from itertools import accumulate
from pathlib import Path
from typing import NamedTuple, Protocol

from pypinyin import lazy_pinyin

from deploy.simulation.dice import Dice
from deploy.simulation.linkage.rates import NameList, name_list

_COHORTS = ("1930_1959", "1960_1969", "1970_1979", "1980_1989", "1990_1999", "2000_2008")


class Weighed:
    """Items with how frequent each is."""

    def __init__(self, weights: Mapping[str, float]) -> None:
        """Take the weight of each item; those without weight are left out."""
        self.items = [item for item, weight in weights.items() if weight > 0]
        self.sums = list(accumulate(weights[item] for item in self.items))

    def draw(self, dice: Dice) -> str:
        """One item by its weight."""
        return dice.weighed(self.items, self.sums)


class Names(Protocol):
    """Where surnames and given names come from."""

    def surname(self, dice: Dice) -> str:
        """A surname."""

    def given(self, dice: Dice, sex: str, year: int) -> str:
        """The given name of somebody of a sex, born in a year."""

    def alike(self, sign: str) -> tuple[str, ...]:
        """Other signs of given names that sound the same without tones, the most used first."""

    def sign(self, dice: Dice) -> str:
        """Any sign of given names."""


class _Signs(NamedTuple):
    """Signs of given names: all of them, and those of each reading."""

    all: list[str]
    readings: dict[str, list[str]]

    @classmethod
    def of(cls, signs: Iterable[str]) -> _Signs:
        found = list(dict.fromkeys(signs))
        readings: dict[str, list[str]] = {}
        for sign in found:
            readings.setdefault(lazy_pinyin(sign)[0], []).append(sign)
        return cls(found, readings)

    def alike(self, sign: str) -> tuple[str, ...]:
        return tuple(other for other in self.readings.get(lazy_pinyin(sign)[0], ()) if other != sign)


class ShippedNames:
    """Names of the short list that is shipped (`names.yaml`)."""

    def __init__(self, names: NameList) -> None:
        """Work out the frequencies."""
        self._surnames = Weighed(dict(_shares(names)))
        self._single = names.single
        self._until = list(names.single)
        lists = {(sex, until): signs for sex, given in (("male", names.male), ("female", names.female)) for until, signs in given.items()}
        self._given = {of: _falling(signs, names.fall) for of, signs in lists.items()}
        self._signs = _Signs.of(sign for signs in lists.values() for sign in signs)

    def surname(self, dice: Dice) -> str:
        """A surname, also of two signs."""
        return self._surnames.draw(dice)

    def given(self, dice: Dice, sex: str, year: int) -> str:
        """A given name of one or two signs, from those that were usual then."""
        until = self._until[bisect_right(self._until, year)]
        signs = self._given[sex, until]
        return signs.draw(dice) if dice.chance(self._single[until]) else signs.draw(dice) + signs.draw(dice)

    def alike(self, sign: str) -> tuple[str, ...]:
        """Signs that sound the same."""
        return self._signs.alike(sign)

    def sign(self, dice: Dice) -> str:
        """Any sign, all as likely."""
        return dice.pick(self._signs.all)


class CountedNames:
    """Names as 1.2 billion registered people born from 1930 to 2008 have them: the CSV files of the R package ChineseNames (Bao 2023; GPL-3, not shipped).

    The thousand most frequent given names are drawn by their counts for each sex, all others put together from signs by decade and sex.
    """

    def __init__(self, folder: Path) -> None:
        """Read `familyname.csv`, `givenname.csv`, `top1000name.prov.csv`, `population.csv`; raises OSError or KeyError when they are not so."""
        self._surnames = Weighed({row["surname"]: float(row["n.1930_2008"]) for row in _rows(folder / "familyname.csv")})
        signs = _rows(folder / "givenname.csv")
        self._signs = _Signs.of(row["character"] for row in sorted(signs, key=lambda row: -float(row["name.ppm"] or 0)))
        self._drawn = {(sex, cohort): Weighed({row["character"]: _count(row, f"n.{cohort}") * _part(row, sex) for row in signs})
                       for sex in ("male", "female") for cohort in _COHORTS}  # fmt: skip
        top = _rows(folder / "top1000name.prov.csv")
        people = {row["item"]: float(row["n"]) for row in _rows(folder / "population.csv")}
        self._top = {sex: Weighed({row["name"]: _count(row, f"n.{sex}") for row in top}) for sex in ("male", "female")}
        self._topped = {sex: weighed.sums[-1] / people[sex] for sex, weighed in self._top.items()}
        self._names = {row["name"] for row in top}

    def surname(self, dice: Dice) -> str:
        """A surname, also of two signs."""
        return self._surnames.draw(dice)

    def given(self, dice: Dice, sex: str, year: int) -> str:
        """One of the thousand, or another of two signs."""
        if dice.chance(self._topped[sex]):
            return self._top[sex].draw(dice)
        cohort = self._drawn[sex, _cohort(year)]
        while (name := cohort.draw(dice) + cohort.draw(dice)) in self._names:
            pass
        return name

    def alike(self, sign: str) -> tuple[str, ...]:
        """Signs that sound the same."""
        return self._signs.alike(sign)

    def sign(self, dice: Dice) -> str:
        """Any sign, all as likely."""
        return dice.pick(self._signs.all)


@cache
def names(folder: Path | None = None) -> Names:
    """The names of a folder of ChineseNames, or those that are shipped. Raises as `CountedNames`."""
    return ShippedNames(name_list()) if folder is None else CountedNames(folder)


@lru_cache(2**14)
def sounds(given: str) -> tuple[str, ...]:
    """The syllables of a given name without tones."""
    return tuple(lazy_pinyin(given))


def _shares(names: NameList) -> Iterable[tuple[str, float]]:
    yield from names.surnames.items()
    count = len(names.frequent_surnames)
    falling = [3 - 2 * place / (count - 1) for place in range(count)]
    yield from ((sign, names.frequent_share * part / sum(falling)) for sign, part in zip(names.frequent_surnames, falling, strict=True))
    yield from ((surname, names.rare_share / len(names.rare_surnames)) for surname in names.rare_surnames)


def _falling(signs: str, fall: float) -> Weighed:
    return Weighed({sign: float(1 / rank**fall) for rank, sign in enumerate(dict.fromkeys(signs), 1)})


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def _count(row: Mapping[str, str], column: str) -> float:
    text = row[column]
    return 0 if text in {"", "NA"} else float(text)


def _part(row: Mapping[str, str], sex: str) -> float:
    """How many of those with this sign are of a sex, 0 to 1."""
    both = _count(row, "n.male") + _count(row, "n.female")
    return _count(row, f"n.{sex}") / both if both else 0


def _cohort(year: int) -> str:
    return next((cohort for cohort in _COHORTS if year <= int(cohort[5:])), _COHORTS[-1])
