"""The level in force in a region: peace, alert or emergency, as the facts of `control.level` say.

The highest level whose region holds the place counts: a county cannot lower what its province declared, and without a fact there is peace. It is a function of
the set of facts and of a moment of event time (the finding of a case, a meeting, a request), never of a clock; so it falls back by itself, and facts and
records may come in any order.

A stage that asks reads `control.level` (it is on every partition), keeps a `table` of its own and is told by `learn`::

    _LEVELS = levels.table(3)
    ...
    if isinstance(fact, LevelInForce):
        return levels.learn(state, _LEVELS, fact)           # a duplicate changes nothing; then settle whoever the fact concerns: `span` says when
    levels.in_force(levels.known(state, _LEVELS), region, at, policy.levels)

What holds only under a level and is not about a moment of the past (a purpose of an agency) is asked with the latest tick as `at`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Protocol

from schemas.avro import unpack
from schemas.models.control import Level, LevelInForce
from schemas.models.fact import Millis
from streams.rows import Table, name
from streams.stage import Outcome, State
from streams.standing import take

HIGHEST = tuple(reversed(Level))
"""From emergency to peace."""
_ALL = "levels"


class Allowed(Protocol):
    """What of a level counts here: how long it can last, in milliseconds; None for as long as nothing else is in force."""

    @property
    def longest(self) -> int | None:
        """The longest time."""


def span(fact: LevelInForce, allowed: Mapping[Level, Allowed]) -> tuple[Millis, Millis]:
    """From when until when a fact holds, the end excluded: its own end, or the longest that its level can last. Where that ends first, nothing holds."""
    longest = allowed[fact.level].longest
    return fact.at, fact.at if longest is None else min(fact.until, fact.at + longest)


def in_force(facts: Iterable[LevelInForce], region: str | None, at: Millis, allowed: Mapping[Level, Allowed]) -> Level:
    """The level at a division code (or the unknown place None, where there is always peace) at a moment, UTC milliseconds, by the facts that stand."""
    found = {fact.level for fact in facts if region is not None and region.startswith(fact.region) and _holds(fact, at, allowed)}
    return next((level for level in HIGHEST if level in found), Level.PEACE)


def table(number: int) -> Table:
    """The table of a stage for the facts that stand."""
    return Table(number, "A level in force in a region.", LevelInForce, few=True)


def learn(state: State, where: Table, fact: LevelInForce) -> Outcome:
    """Let a fact stand or fall in a stage's table."""
    return take(state, where.about(_ALL) + name(fact.id), fact)


def known(state: State, where: Table) -> list[LevelInForce]:
    """The facts that stand in a stage's table, by id."""
    return [_read(data) for _, data in state.scan(*where.under(_ALL))]


class Levels:
    """The levels of a stage's table for a stage that asks with each record: worked out anew only when what stands has changed. It says what `in_force` says."""

    def __init__(self, where: Table, allowed: Mapping[Level, Allowed]) -> None:
        """Take the table, and what of each level counts."""
        self._range, self._allowed = where.under(_ALL), allowed
        self._rows: list[bytes] = []
        self._spans: list[tuple[Millis, Millis, str, Level]] = []

    def at(self, region: str | None, at: Millis, state: State) -> Level:
        """The level at a division code (or the unknown place None) at a moment, UTC milliseconds."""
        rows = [data for _, data in state.scan(*self._range)]
        if rows != self._rows:
            self._rows, self._spans = rows, sorted(map(self._span, map(_read, rows)), key=lambda one: HIGHEST.index(one[3]))
        if region is not None:
            for start, end, where, level in self._spans:
                if start <= at < end and region.startswith(where):
                    return level
        return Level.PEACE

    def _span(self, fact: LevelInForce) -> tuple[Millis, Millis, str, Level]:
        return (*span(fact, self._allowed), fact.region, fact.level)


def _holds(fact: LevelInForce, at: Millis, allowed: Mapping[Level, Allowed]) -> bool:
    start, end = span(fact, allowed)
    return start <= at < end


@lru_cache(256)
def _read(data: bytes) -> LevelInForce:
    """The fact of a row; a partition has a few."""
    return unpack(LevelInForce, data)
