"""The border as a county sees it: stays as pairs of entry and exit, crossings by place, and how those who cross are known, from what stands."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from enum import StrEnum
from typing import NamedTuple

from schemas.models.case import LinkedCase, What
from schemas.models.crossing import KnownBy
from schemas.models.fact import Millis
from schemas.models.record import Crossing, Direction, Work
from schemas.models.task import Progress, Task
from streams import crossings
from streams.policy import Policy


class Missing(StrEnum):
    """Which of the two crossings of a stay nobody has told of."""

    ENTRY = "entry"
    EXIT = "exit"


class Sign(StrEnum):
    """What a county should know of how somebody who crosses is known."""

    OFTEN = "often"
    PHONE_ALONE = "phone_alone"
    NO_PHONE = "no_phone"


class Stay(NamedTuple):
    """A stay of somebody from abroad. Moments are UTC milliseconds, what is not known is '' or None; the task of who has to look is '' while none stands."""

    person: str
    port: str
    region: str
    since: Millis | None
    papers: str
    until: Millis | None
    exit: str
    left: Millis | None
    missing: Missing | None
    task: str

    @property
    def inside(self) -> bool:
        """Whether the person is in the country, as far as crossings tell."""
        return self.left is None and self.since is not None and (self.missing is None or self.task != "")


class Crosser(NamedTuple):
    """Somebody who crosses: how often within the window of the policy and at all, where last (UTC milliseconds), by what known, and the signs."""

    person: str
    lately: int
    crossings: int
    last: Millis
    place: str
    region: str
    known_by: list[KnownBy]
    signs: list[Sign]


class Unknown(NamedTuple):
    """At a place of crossing: phones of which nobody knows whose they are, and people of whom no phone is known; `followed` of them have a linked case."""

    place: str
    region: str
    phones: int
    phones_followed: int
    without: int
    without_followed: int


def stays(cases: Iterable[LinkedCase], tasks: Iterable[Task], policy: Policy) -> list[Stay]:
    """All stays that crossings tell of. Those that are not over come first, and of these what the papers allow for the shortest."""
    asked = {one.person: one.state.value for one in tasks if one.work is Work.OVERSTAY and one.state is not Progress.NOT_APPLICABLE}
    found = [_stay(case.person, pair, policy, asked.get(case.person, "")) for case in cases for pair in crossings.pairs(case)]
    return sorted(found, key=lambda one: (not one.inside, one.until is None, one.until or 0, one.since or one.left or 0, one.person))


def by_place(cases: Iterable[LinkedCase]) -> dict[tuple[str, str], dict[str, int]]:
    """How many crossings there were at each port of a region, by direction."""
    found: dict[tuple[str, str], dict[str, int]] = {}
    for case in cases:
        for line in case.timeline:
            if line.what is What.STAY and line.note in (Direction.IN, Direction.OUT):
                count = found.setdefault((line.place or "", line.region or ""), {Direction.IN: 0, Direction.OUT: 0})
                count[line.note] += 1
    return found


def crossers(cases: Iterable[LinkedCase], policy: Policy) -> list[Crosser]:
    """Everybody of whom a crossing tells by what they are known; who has crossed most within the window first."""
    found = [_crosser(case, known, policy) for case in cases if (known := crossings.known_by(case)) is not None]
    return sorted(found, key=lambda one: (-one.lately, -one.last, one.person))


def unknown(cases: Sequence[LinkedCase], records: Iterable[Crossing], policy: Policy) -> list[Unknown]:
    """By the place of the last crossing: those of linked cases, and of the crossings that stand those under an alias that is in none; the most first."""
    found: Counter[tuple[str, str, Sign, bool]] = Counter()
    for one in crossers(cases, policy):
        found.update((one.place, one.region, sign, True) for sign in one.signs if sign is not Sign.OFTEN)
    followed = {alias for case in cases for alias in case.aliases}
    for mine in _by_alias(one for one in records if one.alias not in followed and one.known_by is not None):
        last, known = max(mine, key=lambda one: (one.at, one.id)), {kind for one in mine for kind in one.known_by or []}
        sign = Sign.PHONE_ALONE if known == {KnownBy.PHONE} else Sign.NO_PHONE if KnownBy.PHONE not in known else None
        if sign:
            found[last.place, last.region or "", sign, False] += 1
    places = {(place, region) for place, region, _, _ in found}
    counted = [
        Unknown(*where, *(sum(found[*where, sign, side] for side in sides) for sign in (Sign.PHONE_ALONE, Sign.NO_PHONE) for sides in ((True, False), (True,))))
        for where in places
    ]
    return sorted(counted, key=lambda one: (-one.phones - one.without, one.place, one.region))


def _by_alias(records: Iterable[Crossing]) -> list[list[Crossing]]:
    found: dict[str, list[Crossing]] = {}
    for one in records:
        found.setdefault(one.alias, []).append(one)
    return list(found.values())


def _stay(person: str, pair: crossings.Pair, policy: Policy, asked: str) -> Stay:
    entry, exit_ = pair.entry, pair.exit
    task = asked if entry and not exit_ and not pair.again else ""
    where = entry or exit_
    assert where is not None  # a pair has one of the two
    return Stay(
        person, entry.place or "" if entry else "", where.region or "", entry.at if entry else None, entry.note if entry else "",
        crossings.until(entry, policy) if entry else None, exit_.place or "" if exit_ else "", exit_.at if exit_ else None,
        Missing.ENTRY if entry is None else Missing.EXIT if pair.again or task else None, task,
    )  # fmt: skip


def _crosser(case: LinkedCase, known: frozenset[KnownBy], policy: Policy) -> Crosser:
    lines = crossings.identified(case)
    last = lines[-1]
    checks = {
        Sign.OFTEN: crossings.often(case, policy) is not None, Sign.PHONE_ALONE: known == {KnownBy.PHONE} and crossings.unnamed(case),
        Sign.NO_PHONE: crossings.without_phone(case),
    }  # fmt: skip
    signs = [sign for sign, shows in checks.items() if shows]
    return Crosser(case.person, crossings.lately(case, policy), len(lines), last.at, last.place or "", last.region or "", sorted(known), signs)
