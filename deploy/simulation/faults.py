"""What goes wrong on the way: late, out of order, twice, corrected, taken back, and not to be understood."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import accumulate

from deploy.simulation.days import HOUR, MINUTE
from deploy.simulation.dice import Dice
from deploy.simulation.manners import MANNERS, Manners
from deploy.simulation.records import Fields, Sent

DUPLICATED, CORRECTED, FALSE = 0.02, 0.015, 0.006
"""Part of a source's records that come twice, that are wrong at first, and that were never true and are taken back. Rounded up."""
_BROKEN_EVERY = 4_000
LATE = 6 * HOUR
"""A message that arrives so long after it was made is late."""


@dataclass(slots=True)
class Sending:
    """One message on its way: `kind` is plain, wrong, correction, false, retraction or broken, and `again` marks the second of two equal ones."""

    source: str
    fields: Fields
    made: int
    kind: str = "plain"
    again: bool = False
    at: int = 0
    """When it arrives, UTC milliseconds."""
    spoilt: tuple[str, ...] = ()
    """Of a broken one, the fields that cannot be understood."""


def send(sent: list[Sent], start: int, seed: int, rate: float) -> list[Sending]:
    """Everything that arrives, in order of arrival; `rate` 1 is as above, 0 nothing but delays and what a source itself takes back."""
    found: list[Sending] = []
    for name, manners in MANNERS.items():
        found += _Source(name, manners, start, Dice(seed, f"faults {name}"), rate).send([one for one in sent if one.source == name])
    return sorted(found, key=lambda one: one.at)


class _Source:
    """The way from one source."""

    def __init__(self, name: str, manners: Manners, start: int, dice: Dice, rate: float) -> None:
        self._name, self._manners, self._start, self._dice, self._rate = name, manners, start, dice, rate
        self._parts = list(accumulate(part for part, _, _ in manners.delays))

    def send(self, sent: list[Sent]) -> list[Sending]:
        wrong = {id(one) for one in self._dice.some([one for one in sent if one.withdrawn is None], self._count(len(sent), CORRECTED))}
        found = [message for one in sent for message in (self._wrong(one) if id(one) in wrong else self._plain(one))]
        if sent and self._manners.false:
            found += [message for number in range(self._count(len(sent), FALSE)) for message in self._false(self._dice.pick(sent), number)]
        found += [self._again(one) for one in self._dice.some(found, self._count(len(found), DUPLICATED))]
        return found + (self._broken(sent) if sent and self._rate > 0 else [])

    def _count(self, records: int, part: float) -> int:
        return -int(-records * part * self._rate // 1)

    def _plain(self, one: Sent) -> list[Sending]:
        message = self._message(one.fields, one.made, "plain")
        return [message] if one.withdrawn is None else [message, self._back(message, one.withdrawn)]

    def _wrong(self, one: Sent) -> list[Sending]:
        """A wrong version, then the right one; now and then the right one arrives first."""
        ways = self._dice.some(self._manners.mistakes, len(self._manners.mistakes))
        mistake = next((edit for way in ways if (edit := way(one.fields, one.people[0][0], self._dice))), None)
        if mistake is None:
            return self._plain(one)
        first = self._message(one.fields | mistake, one.made, "wrong")
        made = max(one.made, self._start) + self._dice.between(60, 2400) * MINUTE
        right = self._message(one.fields | self._manners.version(one.fields, made), made, "correction")
        if self._dice.chance(0.15):
            first.at = right.at + self._dice.between(1, 60) * MINUTE
        return [first, right]

    def _false(self, one: Sent, number: int) -> list[Sending]:
        """Something that never was, and its retraction."""
        assert self._manners.false is not None
        fields = one.fields | self._manners.false(one.fields, one.people[0][0], self._dice) | self._renumbered(number, "F")
        message = self._message(fields, one.made, "false")
        return [message, self._back(message, max(one.made, self._start) + self._dice.between(120, 2800) * MINUTE)]

    def _back(self, message: Sending, made: int) -> Sending:
        assert self._manners.back is not None
        field, word = self._manners.back
        return self._message(message.fields | self._manners.version(message.fields, made) | {field: word}, made, "retraction")

    def _again(self, one: Sending) -> Sending:
        return Sending(one.source, one.fields, one.made, one.kind, again=True, at=one.at + self._dice.between(0, 3000) * MINUTE)

    def _broken(self, sent: list[Sent]) -> list[Sending]:
        """Copies of records, each spoilt in one of the ways in turn."""
        return [self._spoil(self._dice.pick(sent), number) for number in range(len(self._manners.broken) + len(sent) // _BROKEN_EVERY)]

    def _spoil(self, one: Sent, number: int) -> Sending:
        way = self._manners.broken[number % len(self._manners.broken)]
        message = self._message(one.fields | self._renumbered(number, "B") | way, one.made, "broken")
        message.spoilt = tuple(way)
        return message

    def _renumbered(self, number: int, letter: str) -> Fields:
        return {self._manners.renumber: f"{letter}{number:05d}"}

    def _message(self, fields: Fields, made: int, kind: str) -> Sending:
        """A message with its time of arrival; what was made before the simulation begins comes in bulk just before."""
        _, low, high = self._dice.weighed(self._manners.delays, self._parts)
        at = made + self._dice.between(low, high) * MINUTE + self._dice.between(0, 59_999)
        return Sending(self._name, fields, made, kind, at=at if made >= self._start else self._start - self._dice.between(0, 6 * 60) * MINUTE)
