"""Measures asked for, needs reported and screenings made, by an alias, addressed to the person that it belongs to now, beside the evidence."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Generic, TypeVar

from schemas.avro import pack, unpack
from schemas.models.fact import Fact
from schemas.models.measure import MeasureAsked
from schemas.models.need import NeedAsked, kind_key, need_name
from schemas.models.record import MeasureRequest, NeedReport, Record, Screening
from schemas.models.screening import Screened
from streams.rows import Table, name
from streams.stage import Emit, Outcome, State, Verdict
from streams.standing import changes, take

R = TypeVar("R", bound=Record)
A = TypeVar("A", bound=Fact)


@dataclass(frozen=True, slots=True)
class Asking(Generic[R, A]):
    """One sort of what is asked for: its topic, the rows in which its records are kept by alias, and what is said of one to which key."""

    topic: str
    table: Table
    model: type[R]
    addressed: Callable[[R, str], A]
    key: Callable[[A], str]

    def learn(self, record: R, person: str, state: State) -> Outcome:
        """Take a record in, or back."""
        told = take(state, self.table.about(record.alias) + name(record.id), record, pack)
        if told.verdict is Verdict.APPLIED:
            asked = self.addressed(record, person)
            told.emits.append(Emit(self.topic, self.key(asked), asked.taken_back() if record.retracted else asked))
        return told

    def moved(self, alias: str, old: str, new: str, state: State) -> Iterable[Emit]:
        """What to write when an alias belongs to another person than before."""
        records = [unpack(self.model, data) for _, data in state.scan(*self.table.under(alias))]
        return changes([self.addressed(one, old) for one in records], [self.addressed(one, new) for one in records], self.topic, self.key)


def _measure(record: MeasureRequest, person: str) -> MeasureAsked:
    return MeasureAsked.of(causes=[record.id], at=record.at, until=record.until, official=record.by, kind=record.kind, reason=record.reason,
                           region=record.region, person=person, alias=record.alias)  # fmt: skip


def _need(record: NeedReport, person: str) -> NeedAsked:
    name_ = need_name(record.source, record.record, record.alias if record.companion_of else "")
    return NeedAsked.of(causes=[record.id], at=record.at, name=name_, person=person, alias=record.alias, need=record.need, urgency=record.urgency,
                        quantity=record.quantity, region=record.region, source=record.source, sealed=record.sealed)  # fmt: skip


def _screened(record: Screening, person: str) -> Screened:
    return Screened.of(causes=[record.id], at=record.at, person=person, alias=record.alias, offer=record.offer)


MEASURES = Asking("measure.asked", Table(3, "A measure that was asked for by an alias.", MeasureRequest), MeasureRequest, _measure, lambda asked: asked.person)
NEEDS = Asking("asked.need", Table(6, "A need that was reported by an alias.", NeedReport), NeedReport, _need, lambda asked: kind_key(asked.need))
SCREENINGS = Asking("screening", Table(7, "A screening that was told by an alias.", Screening), Screening, _screened, lambda one: one.person)
