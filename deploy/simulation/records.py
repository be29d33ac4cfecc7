"""What a source sends, and who is in it under which handles."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from deploy.simulation.dice import Dice
from deploy.simulation.people import Person
from deploy.simulation.written import Hand

Handle = tuple[str, ...]
"""Kind (document, account, patient, phone) and parts in their normal form; of a phone, the number and the name that goes with it."""

Fields = dict[str, Any]


@dataclass(slots=True)
class Sent:
    """One record: the source, when it was written down (UTC milliseconds), its fields, the people in it, and when the source took it back, if so."""

    source: str
    made: int
    fields: Fields
    people: list[tuple[Person, list[Handle]]]
    withdrawn: int | None = None


def handles(person: Person, given: Iterable[str], facility: str = "", patient: str = "") -> list[Handle]:
    """Those of the person's handles that a record gives: document, scan-app, clock-in, patient, phone. What the person has not got is left out."""
    found: list[Handle] = []
    for name in given:
        if name == "document" and person.document:
            found.append(("document", *person.document))
        elif name == "scan-app" and person.account:
            found.append(("account", "scan-app", person.account))
        elif name == "clock-in" and person.uid:
            found.append(("account", "clock-in", person.uid))
        elif name == "patient" and patient:
            found.append(("patient", facility, patient))
        elif name == "phone" and person.reach:
            found.append(("phone", person.reach, person.name))
    return found


class Desk:
    """Where records are written: numbers them by source, and has the dice and the hands."""

    def __init__(self, seed: int) -> None:
        """Take the seed."""
        self.dice = Dice(seed, "records")
        self.machine = Hand(self.dice, 0.0)
        self.clerk = Hand(self.dice, 0.12)
        self._numbers: dict[str, int] = {}

    def number(self, what: str) -> int:
        """The next running number of something."""
        self._numbers[what] = self._numbers.get(what, 0) + 1
        return self._numbers[what]
