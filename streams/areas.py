"""Risk areas: where people could catch the disease, and when, as the facts of `control.area` say beside those of the policy.

An area is a fact about a division (or country) with a first and a last moment, so it can be declared late, ended early and taken back. Whether somebody
was in an area is asked about the time in which they could have been there, never by a clock.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

from schemas.avro import unpack
from schemas.models.control import RiskArea
from schemas.models.fact import Millis
from streams.rows import Table, name
from streams.stage import Outcome, State
from streams.standing import take

_ALL = "areas"
WIDEST = 2
"""Letters of a country or digits of a province: no area is wider."""


def span(fact: RiskArea, longest: int) -> tuple[Millis, Millis]:
    """From when until when an area is one, the end excluded: its own end, or the longest that the policy allows."""
    return fact.at, min(fact.until, fact.at + longest)


def covers(fact: RiskArea, region: str, start: Millis, end: Millis, longest: int) -> bool:
    """Whether a region lies in an area that was one at some moment from start to end, both included."""
    since, until = span(fact, longest)
    return region.startswith(fact.region) and start < until and end >= since and since < until


def table(number: int) -> Table:
    """The table of a stage for the facts that stand."""
    return Table(number, "A risk area.", RiskArea, few=True)


def learn(state: State, where: Table, fact: RiskArea) -> Outcome:
    """Let a fact stand or fall in a stage's table."""
    return take(state, where.about(_ALL) + name(fact.id), fact)


def known(state: State, where: Table) -> Iterable[RiskArea]:
    """The facts that stand in a stage's table, by id."""
    return (_read(data) for _, data in state.scan(*where.under(_ALL)))


@lru_cache(1024)
def _read(data: bytes) -> RiskArea:
    """The fact of a row; a partition has a few."""
    return unpack(RiskArea, data)
