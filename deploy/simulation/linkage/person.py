"""One invented person for linking, as they truly are."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from deploy.simulation.people import phone_number


class Name(NamedTuple):
    """A name in Chinese: `family` with `given`, or with a dot between them; the family of a Dai or Burmese name is ''.

    `latin` has the words of a name that is not Chinese, each with its other spelling.
    """

    family: str
    given: str
    dot: bool = False
    latin: tuple[tuple[str, str], ...] = ()

    @property
    def han(self) -> str:
        """As it is written in Chinese."""
        return f"{self.family}·{self.given}" if self.dot else self.family + self.given


@dataclass(slots=True, eq=False)
class Person:
    """A person: `document` is kind and number as in a profile, '' without one; `phone` what they give, their own or the household's."""

    key: str
    name: Name
    sex: str
    born: date
    document: str
    phone: str
    second_phone: str = ""
    nationality: str = "CN"


@dataclass(slots=True, eq=False)
class Home:
    """People who live together, or a border resident alone: `region` is the code of the community, '' across the border."""

    household: str
    region: str
    address: str
    members: list[Person]


_SPREAD = 7_654_321
"""Prime to the numbers of a prefix, so that consecutive people have phones that are not alike."""
_PREFIXES = 700_000


def invented_phone(number: int, most: int) -> str:
    """The invented mobile number of a running number below `most`; no two are the same."""
    size = (most // _PREFIXES + 1) * _PREFIXES
    return phone_number(number * _SPREAD % size)
