"""The mistakes of those who write down names, dates and numbers. Each is a function of the dice and what is true; None where it cannot happen."""

from __future__ import annotations

import re
from datetime import date
from functools import cache

from lunardate import LunarDate
from opencc import OpenCC
from pypinyin import lazy_pinyin

from deploy.simulation.dice import Dice
from deploy.simulation.linkage.naming import Names
from deploy.simulation.linkage.person import Name

_EAR = (
    ("zh", "j"), ("x", "sh"), ("q", "ch"), ("ng", "n"), ("c", "ts"), ("ui", "uei"), ("iu", "iou"), ("ao", "au"), ("g", "k"), ("b", "p"),
    ("ian", "ien"), ("ou", "ow"),
)  # fmt: skip
"""Chinese sounds, and how others hear them."""


@cache
def _converter() -> OpenCC:
    return OpenCC("s2t")


def traditional(name: str) -> str | None:
    """The name in traditional characters; None when they are the same."""
    return other if (other := _converter().convert(name)) != name else None


def homophone(dice: Dice, name: Name, names: Names) -> Name | None:
    """One sign of the given name as another that sounds the same, mostly a usual one."""
    place = dice.between(0, len(name.given) - 1)
    others = names.alike(name.given[place])
    return _with(name, place, others[int(len(others) * dice.random() ** 2)]) if others else None


def character(dice: Dice, name: Name, names: Names) -> Name | None:
    """One sign of the given name as any other."""
    place = dice.between(0, len(name.given) - 1)
    other = names.sign(dice)
    return _with(name, place, other) if other != name.given[place] else None


def latin(dice: Dice, name: Name, by_ear: bool) -> str:
    """A Chinese name in Latin letters: WANG XIAOMING or Xiaoming Wang; `by_ear` by somebody who does not know the spelling."""
    family, given = ("".join(lazy_pinyin(part)) for part in (name.family, name.given))
    if by_ear:
        family, given = _heard(dice, family), _heard(dice, given)
    words = [word for word in (family, given) if word]
    return " ".join(words).upper() if dice.chance(0.5) else " ".join(word.capitalize() for word in reversed(words))


def foreign(dice: Dice, name: Name, by_ear: bool) -> str:
    """A name that is not Chinese in its own words; `by_ear` one or more of them in the other spelling."""
    heard = dice.between(0, len(name.latin) - 1) if by_ear else -1
    words = [other if place == heard or (by_ear and dice.chance(0.3)) else word for place, (word, other) in enumerate(name.latin)]
    return " ".join(words).upper() if dice.chance(0.5) else " ".join(word.capitalize() for word in words)


def short(dice: Dice, name: Name) -> str | None:
    """A name with a dot by one of its parts, a name of three or more signs without its first."""
    if name.dot:
        return dice.pick((name.family, name.given))
    return name.han[1:] if not name.family and len(name.han) > 2 else None


def no_dot(dice: Dice, name: Name) -> str:
    """A name with a dot without it, or with another."""
    return name.han.replace("·", dice.pick(("", "•", ".", "．")))


def digit(dice: Dice, number: str) -> str:
    """A number with one digit wrong."""
    places = [found.start() for found in re.finditer(r"\d", number)]
    place = dice.pick(places)
    return number[:place] + str((int(number[place]) + dice.between(1, 9)) % 10) + number[place + 1 :]


def transposed(dice: Dice, number: str) -> str | None:
    """A number with two neighbouring digits in each other's place; None when none differ."""
    places = [place for place in range(len(number) - 1) if number[place : place + 2].isdigit() and number[place] != number[place + 1]]
    if not places:
        return None
    place = dice.pick(places)
    return number[:place] + number[place + 1] + number[place] + number[place + 2 :]


def day_month(born: date) -> str | None:
    """Day and month in each other's place; None where no day can be told so, or it is the same."""
    return f"{born.year:04d}-{born.day:02d}-{born.month:02d}" if born.day <= 12 and born.day != born.month else None


def lunar(born: date) -> str | None:
    """The birthday of the lunar calendar as if it were of the solar one; None where there is no such date."""
    day = LunarDate.from_solar_date(born.year, born.month, born.day)
    try:
        return date(day.year, day.month, day.day).isoformat()
    except ValueError:
        return None


def born_digit(dice: Dice, born: date) -> str | None:
    """The date with one digit wrong; None where that is no date of the last hundred years."""
    text = digit(dice, born.isoformat())
    try:
        found = date.fromisoformat(text)
    except ValueError:
        return None
    return text if 1925 <= found.year <= 2021 else None


def other_words(address: str) -> str:
    """An address with other words for building, flat, group and house."""
    return address.replace("栋", "幢").removesuffix("室") if "栋" in address else address.replace("组", "村民小组").removesuffix("号")


def _with(name: Name, place: int, sign: str) -> Name:
    return name._replace(given=name.given[:place] + sign + name.given[place + 1 :])


def _heard(dice: Dice, syllables: str) -> str:
    fit = [(sound, other) for sound, other in _EAR if sound in syllables]
    if not fit:
        return syllables
    sound, other = dice.pick(fit)
    return syllables.replace(sound, other, 1)
