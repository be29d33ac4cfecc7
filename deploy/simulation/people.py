"""People with their names and numbers, in households. All are invented."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from deploy.simulation.assumptions import Names
from deploy.simulation.places import Area, Place


@dataclass(slots=True, eq=False)
class Household:
    """People who live together; `phone` is the one that those without their own give."""

    number: str
    grid: str
    grid_worker: str
    phone: str
    members: list[Person] = field(default_factory=list)


@dataclass(slots=True, eq=False)
class Person:
    """One person with their true handles, each in its normal form.

    `document` is kind, country and number, or None; `phone` their own; `account` of the scan-code app and `uid` of the clock-in, or None.
    """

    key: str
    name: str
    sex: str
    born: date
    group: str
    """child, student, adult, elder, or crosser (who lives across the border)."""
    area: Area
    document: tuple[str, str, str] | None
    phone: str | None
    household: Household | None = None
    account: str | None = None
    uid: str | None = None
    base: Place | None = None
    """School or workplace."""

    @property
    def reach(self) -> str:
        """The phone that they give: their own, or their household's."""
        return self.phone or (self.household.phone if self.household else "")

    def age(self, day: date) -> int:
        """Whole years on a day."""
        return day.year - self.born.year - ((day.month, day.day) < (self.born.month, self.born.day))

    @property
    def community(self) -> str | None:
        """Division code of the community where they live."""
        return self.household.grid[:12] if self.household else None


def phone_number(number: int) -> str:
    """The invented mobile number of a running number: 13000000000, 13000000001 and so on, with zeros in the middle."""
    middle, rest = divmod(number, 700_000)
    return f"+86{130 + rest // 10_000}{middle:04d}{rest % 10_000:04d}"


def full_name(number: int, names: Names) -> str:
    """The Chinese name of a running number."""
    rest, second = divmod(number, len(names.second))
    rest, first = divmod(rest, len(names.first))
    return names.surnames[rest % len(names.surnames)] + names.first[first] + names.second[second]
