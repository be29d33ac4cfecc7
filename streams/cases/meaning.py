"""What a record, a contact, or a presence found by tracing tells about a person, as evidence that is not yet addressed (`person` is empty).

That somebody came back from a risk area depends on the areas too, and is found by `streams.cases.returns`.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from schemas.models.case import Evidence, What
from schemas.models.fact import Fact
from schemas.models.movement import Contact, Presence
from schemas.models.record import (
    CareVisit,
    Clockin,
    Crossing,
    Direction,
    Disposition,
    Gate,
    Handling,
    Household,
    Lab,
    Papers,
    Reached,
    Record,
    Report,
    Result,
    Sale,
    Step,
    Visit,
)
from streams.policy import Policy

_DECIDED = {
    Disposition.SUSPECTED: What.SUSPECTED, Disposition.PROBABLE: What.PROBABLE, Disposition.CONFIRMED: What.CONFIRMED, Disposition.RULED_OUT: What.RULED_OUT,
    Disposition.ISOLATED: What.ISOLATED, Disposition.ADMITTED: What.ADMITTED, Disposition.RECOVERED: What.RECOVERED,
    Disposition.DIED: What.DIED,
}  # fmt: skip
_FOUND = {Result.POSITIVE: What.POSITIVE, Result.NEGATIVE: What.NEGATIVE}
_EVENTS = {"symptom": What.SYMPTOM, "onset": What.ONSET, "isolated": What.ISOLATED, "admitted": What.ADMITTED, "visit": What.SEEN,
           "confirmed": What.CONFIRMED, "recovered": What.RECOVERED, "died": What.DIED}  # fmt: skip


def meaning(fact: Fact, policy: Policy) -> list[Evidence]:
    """The evidence in one record, contact or found presence, in an order that depends on it alone; often none."""
    if isinstance(fact, Contact):
        return [Evidence.of(causes=[fact.id], at=fact.at, until=fact.until, person="", alias=fact.alias, what=What.CONTACT,
                            region=fact.region, place=fact.place, other=fact.person, depth=fact.depth, sealed=fact.sealed)]  # fmt: skip
    if isinstance(fact, Presence):
        return [Evidence.of(causes=[fact.id], at=fact.at, until=fact.until, person="", alias=fact.alias, what=What.STAY,
                            region=fact.region, place=fact.place, sealed=fact.sealed)]  # fmt: skip
    if isinstance(fact, Report):
        return [_piece(fact, What(fact.handling), **_reported(fact))]
    assert isinstance(fact, Record)
    pieces = [_piece(fact, what, **more) for what, more in _told(fact, policy)]
    return list({piece.id: piece for piece in pieces}.values())


def _piece(record: Record, what: What, **more: Any) -> Evidence:
    content: dict[str, Any] = {"at": record.at, "until": more.get("at", record.at), "region": record.region, "place": getattr(record, "place", None)} | more
    return Evidence.of(causes=[record.id], person="", alias=record.alias, what=what, source=record.source, sealed=record.sealed, **content)


def _told(record: Record, policy: Policy) -> Iterator[tuple[What, dict[str, Any]]]:
    match record:
        case Visit():
            yield from _visit(record, policy)
        case Lab() if record.result in _FOUND:
            yield _FOUND[record.result], {"note": record.method}
            yield from _aged(record)
        case Household():
            yield What.RESIDENCE, {"note": record.grid_worker}
            yield What.HOUSEHOLD, {"note": record.grid_worker, "other": record.household}
        case Sale():
            yield What.BOUGHT, {"note": record.medicine}
        case Clockin():
            yield from _ill(record.symptoms, record.temperature, policy)
        case CareVisit():
            yield from _care(record, policy)
        case Gate():
            yield from _ill([], record.temperature, policy)
        case Crossing():
            yield from _crossed(record)
        case Step():
            yield from _step(record)


def _crossed(crossing: Crossing) -> Iterator[tuple[What, dict[str, Any]]]:
    yield What.STAY, {"note": crossing.direction}
    if crossing.direction is Direction.IN and crossing.papers not in (None, Papers.RESIDENT):
        yield What.ENTERED, {"note": crossing.papers}
    if crossing.known_by is not None:
        yield What.IDENTIFIED, {"note": " ".join([*([crossing.papers] if crossing.papers else []), *crossing.known_by])}


def _visit(visit: Visit, policy: Policy) -> Iterator[tuple[What, dict[str, Any]]]:
    yield What.SEEN, {}
    yield from _ill(visit.symptoms, visit.temperature, policy)
    if visit.onset is not None:
        yield What.ONSET, {"at": visit.onset}
    if visit.disposition in _DECIDED:
        yield _DECIDED[visit.disposition], {}
    if visit.referred_to:
        yield What.REFERRED, {"other": visit.referred_to}
    yield from _aged(visit)


def _aged(record: Visit | Lab) -> Iterator[tuple[What, dict[str, Any]]]:
    """The band of ages; it says nothing of where."""
    if record.age_band:
        yield What.AGED, {"note": record.age_band, "region": None, "place": None}


def _care(visit: CareVisit, policy: Policy) -> Iterator[tuple[What, dict[str, Any]]]:
    if visit.reached is Reached.NOBODY_THERE:
        yield What.ABSENT, {"other": visit.by}
        return
    if visit.reached is not Reached.BY_APP:
        yield What.CARED, {"note": visit.reached, "other": visit.by}
    yield from _ill(visit.symptoms, visit.temperature, policy)
    for service in visit.services:
        yield What.ASKED, {"note": service}


def _ill(symptoms: list[str], temperature: float | None, policy: Policy) -> Iterator[tuple[What, dict[str, Any]]]:
    fever = ["fever"] if temperature is not None and temperature >= policy.fever else []
    for symptom in sorted({*symptoms, *fever}):
        yield What.SYMPTOM, {"note": symptom}


def _reported(report: Report) -> dict[str, Any]:
    """Who reports, or has the task now that it was handed over; which task, with the remark."""
    has = report.to if report.handling is Handling.HANDED_OVER else None
    return {"other": has or report.by, "note": f"{report.work} {report.remark or ''}".rstrip()}


def _step(step: Step) -> Iterator[tuple[What, dict[str, Any]]]:
    yield What.STAY, {"until": step.until}
    if step.event in _EVENTS:
        yield _EVENTS[step.event], {}
    if step.reported is None:
        yield What.PUBLISHED, {"at": step.until, "place": None}
    else:
        yield What.CONFIRMED, {"at": step.reported, "place": None}
