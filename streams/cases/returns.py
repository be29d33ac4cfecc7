"""Who came back from where and when, listed so that an area that is declared, ended or taken back later finds those whom it concerns.

Every record that names where somebody came from is listed, risky or not, by province or country and moment of arrival. A fact about an area reads those of
its province (or country) that arrived while it was an area or within the window after it: what came before or later is not looked at.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from schemas.avro import pack, unpack
from schemas.models.case import Evidence, What
from schemas.models.control import RiskArea
from schemas.models.fact import Fact, Millis, Model
from schemas.models.record import Crossing, Direction, Gate, Record, Step, Travel
from streams import areas
from streams.policy import Policy
from streams.rows import Table, moment, name
from streams.stage import State


class Return(Model):
    """Somebody came from a region, and was there at some moment from `left` until the moment of the evidence, which is not yet addressed."""

    region: str
    left: Millis
    evidence: Evidence


class Tables(NamedTuple):
    """Of a stage: the areas that stand, and the returns."""

    areas: Table
    returns: Table


def tables(first: int) -> Tables:
    """Two tables from a number on."""
    return Tables(areas.table(first), Table(first + 1, "A return, by province or country of where from, and when.", Return))


def of(fact: Fact, policy: Policy) -> Return | None:
    """The return in a record, when somebody can have been elsewhere within the window."""
    if not isinstance(fact, Gate | Travel | Crossing | Step) or not fact.came_from or (isinstance(fact, Crossing) and fact.direction is not Direction.IN):
        return None
    left = fact.left if isinstance(fact, Travel) and fact.left is not None else fact.at - policy.return_window
    if fact.at - left > policy.return_window:
        return None
    return Return(region=fact.came_from, left=left, evidence=_evidence(fact, fact.came_from))


def note(state: State, where: Tables, found: Return, *, stands: bool) -> None:
    """List a return, or no longer."""
    piece = found.evidence
    place = where.returns.about(found.region[: areas.WIDEST]) + moment(piece.at) + name(piece.id)
    if stands:
        state.put(place, pack(found))
    else:
        state.delete(place)


def risky(state: State, where: Tables, found: Return, policy: Policy, but: RiskArea | None = None) -> bool:
    """Whether the return was from a risk area of the policy or of a fact that stands, `but` for one."""
    end = found.evidence.at
    return policy.risky(found.region, found.left, end) or any(
        areas.covers(fact, found.region, found.left, end, policy.longest_area) for fact in areas.known(state, where.areas) if but is None or fact.id != but.id
    )


def concerned(state: State, where: Tables, fact: RiskArea, policy: Policy) -> Iterator[Evidence]:
    """The evidence of those returns that are from a risk area by this fact alone."""
    since, until = areas.span(fact, policy.longest_area)
    about = where.returns.about(fact.region[: areas.WIDEST])
    for _, data in list(state.scan(about + moment(since), about + moment(max(since, until + policy.return_window)))):
        found = unpack(Return, data)
        if areas.covers(fact, found.region, found.left, found.evidence.at, policy.longest_area) and not risky(state, where, found, policy, fact):
            yield found.evidence


def _evidence(record: Record, came_from: str) -> Evidence:
    return Evidence.of(causes=[record.id], person="", alias=record.alias, what=What.RETURNED, source=record.source, sealed=record.sealed, at=record.at,
                       until=record.at, region=record.region, place=getattr(record, "place", None), note=came_from)  # fmt: skip
