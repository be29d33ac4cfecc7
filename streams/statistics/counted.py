"""The stage `counted`: linked cases and visits in, what each person counts as in each region and that a facility reported out.

A linked case that is taken back does not say where it counted, so what was last said of each person is kept.
"""

from __future__ import annotations

from schemas.avro import pack, unpack
from schemas.models.case import LinkedCase
from schemas.models.record import Visit
from schemas.models.signal import Attendance
from schemas.models.statistic import Counted
from streams.rows import Table
from streams.stage import Emit, Message, Outcome, Stage, State, Verdict
from streams.standing import changes, take
from streams.statistics.cells import counted, day, in_regions, matters

_SAID = Table(1, "What a person counts as, in the smallest region.", Counted)
_VISIT = Table(2, "That a visit was told.")


def stage() -> Stage:
    """The stage."""
    return Stage("counted", ("case.linked", "record.visit"), ("statistic.counted", "statistic.visit"), _step, tables=(_SAID, _VISIT), urgent=("case.linked",))


def _step(message: Message, state: State) -> Outcome:
    case = message.value
    if isinstance(case, Visit):
        return _visit(case, state)
    assert isinstance(case, LinkedCase)
    place = _SAID.about(case.person)
    data = state.get(place)
    old = unpack(Counted, data) if data else None
    new = counted(case) if matters(case) else None
    if (old and old.id) == (new and new.id):
        return Outcome(Verdict.DUPLICATE)
    if new:
        state.put(place, pack(new))
    else:
        state.delete(place)
    before, after = in_regions(old) if old else [], in_regions(new) if new else []
    return Outcome(Verdict.APPLIED, list(changes(before, after, "statistic.counted", lambda one: one.region)))


def _visit(visit: Visit, state: State) -> Outcome:
    outcome = take(state, _VISIT.about(visit.id), visit, lambda _: b"1")
    if outcome.verdict is Verdict.APPLIED:
        fact = Attendance.of(causes=[visit.id], at=visit.at, place=visit.place, day=day(visit.at))
        outcome.emits.append(Emit("statistic.visit", fact.place, fact.taken_back() if visit.retracted else fact))
    return outcome
