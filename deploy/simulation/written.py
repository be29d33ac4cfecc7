"""How the same name, number or time is written by different hands; normalise must read them all as one."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from deploy.simulation.dice import Dice
from deploy.simulation.people import Person

SHANGHAI = ZoneInfo("Asia/Shanghai")
_WIDE = str.maketrans("0123456789", "０１２３４５６７８９")


def local(millis: int, form: str) -> str:
    """A moment (UTC milliseconds) in China Standard Time, in a form of strftime."""
    return datetime.fromtimestamp(millis // 1_000, SHANGHAI).strftime(form)


def iso(millis: int) -> str:
    """Such as 2020-01-20T08:05:00+08:00."""
    return datetime.fromtimestamp(millis // 1_000, SHANGHAI).isoformat()


def minutes(millis: int) -> str:
    """Such as 2020-01-20 08:05."""
    return local(millis, "%Y-%m-%d %H:%M")


def day(millis: int) -> str:
    """Such as 2020-01-20."""
    return local(millis, "%Y-%m-%d")


def sex(person: Person) -> str:
    """男 or 女."""
    return "男" if person.sex == "male" else "女"


def age(person: Person, millis: int) -> str:
    """Whole years at a moment (UTC milliseconds), in China Standard Time."""
    return str(person.age(datetime.fromtimestamp(millis // 1_000, SHANGHAI).date()))


class Hand:
    """Somebody who types what they hear: `careless` (0 to 1) is how often not in the normal form."""

    def __init__(self, dice: Dice, careless: float) -> None:
        """Take the dice and how careless."""
        self._dice, self._careless = dice, careless

    def phone(self, number: str) -> str:
        """13800000001, or with spaces, the country code, hyphens, or in full width."""
        bare = number.removeprefix("+86")
        if bare == number or not self._slips():
            return bare
        spaced = f"{bare[:3]} {bare[3:7]} {bare[7:]}"
        return self._dice.pick((spaced, f"+86 {bare}", f"0086{bare}", spaced.replace(" ", "-"), bare.translate(_WIDE)))

    def name(self, name: str) -> str:
        """As it is, or with another dot, a space, or in capitals."""
        if not self._slips():
            return name
        if "·" in name:
            return name.replace("·", self._dice.pick(("•", "・", ".", "．")))
        return name.upper() if name.isascii() else f"{name[0]} {name[1:]}"

    def document(self, person: Person) -> str:
        """The number of a person's document, perhaps with a small x, with spaces, or in the old form of 15 digits; '' without one."""
        if person.document is None:
            return ""
        kind, _, number = person.document
        if not self._slips():
            return number
        if kind != "resident":
            return f"{number[:2]} {number[2:]}"
        if number[6:8] == "19" and self._dice.chance(0.3):
            return number[:6] + number[8:17]
        return self._dice.pick((number.lower(), f"{number[:6]} {number[6:14]} {number[14:]}"))

    def time(self, millis: int) -> str:
        """2020-01-20 21:15, 2020/1/20 21:15 or 2020年1月20日21时15分."""
        when = datetime.fromtimestamp(millis // 1_000, SHANGHAI)
        if not self._slips():
            return f"{when:%Y-%m-%d %H:%M}"
        if self._dice.chance(0.5):
            return f"{when.year}/{when.month}/{when.day} {when:%H:%M}"
        return f"{when.year}年{when.month}月{when.day}日{when.hour}时{when.minute}分"

    def temperature(self, tenths: int | None) -> str:
        """36.5 or 36.5℃; '' when it was not taken."""
        if tenths is None:
            return ""
        return f"{tenths // 10}.{tenths % 10}" + ("℃" if self._slips() else "")

    def _slips(self) -> bool:
        return self._dice.chance(self._careless)
