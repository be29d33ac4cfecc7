"""Measures that were asked for by an alias, addressed to the person that the alias belongs to now, beside the evidence: no case ever sees them."""

from __future__ import annotations

from collections.abc import Iterable

from schemas.avro import pack, unpack
from schemas.models.measure import MeasureAsked
from schemas.models.record import MeasureRequest
from streams.rows import Table, name
from streams.stage import Emit, Outcome, State, Verdict
from streams.standing import changes, take

TOPIC = "measure.asked"
TABLE = Table(3, "A measure that was asked for by an alias.", MeasureRequest)


def learn(record: MeasureRequest, person: str, state: State) -> Outcome:
    """Take a record in, or back."""
    told = take(state, TABLE.about(record.alias) + name(record.id), record, pack)
    if told.verdict is Verdict.APPLIED:
        asked = _addressed(record, person)
        told.emits.append(Emit(TOPIC, person, asked.taken_back() if record.retracted else asked))
    return told


def moved(alias: str, old: str, new: str, state: State) -> Iterable[Emit]:
    """What to write when an alias belongs to another person than before."""
    records = [unpack(MeasureRequest, data) for _, data in state.scan(*TABLE.under(alias))]
    return changes([_addressed(one, old) for one in records], [_addressed(one, new) for one in records], TOPIC, lambda asked: asked.person)


def _addressed(record: MeasureRequest, person: str) -> MeasureAsked:
    return MeasureAsked.of(causes=[record.id], at=record.at, until=record.until, official=record.by, kind=record.kind, reason=record.reason,
                           region=record.region, person=person, alias=record.alias)  # fmt: skip
