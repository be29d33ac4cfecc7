"""The stage `counted`: linked cases, tasks, reports of absence and visits in; what each counts as in each region, and of which day a facility reported, out.

A linked case that is taken back does not say where it counted, so what was last said of each is kept.
"""

from __future__ import annotations

from schemas.avro import pack, unpack
from schemas.models.case import LinkedCase
from schemas.models.record import Absence, Visit
from schemas.models.signal import Attendance
from schemas.models.statistic import Counted
from schemas.models.task import Task
from streams.rows import Table
from streams.stage import Emit, Message, Outcome, Stage, State, Verdict
from streams.standing import changes, take
from streams.statistics.cells import counted, counts_once, day, in_regions, matters
from streams.statistics.places import absent
from streams.statistics.work import kept

_SAID = Table(1, "What a person, a task or a report of absence counts as, in the smallest region.", Counted)
_VISIT = Table(2, "That a visit or an absence was told.")


def stage() -> Stage:
    """The stage."""
    inputs, outputs = ("case.linked", "task", "record.visit", "record.absence"), ("statistic.counted", "statistic.visit")
    return Stage("counted", inputs, outputs, _step, tables=(_SAID, _VISIT), version=2, urgent=inputs[:1], migrations={1: counts_once(_SAID)})


def _step(message: Message, state: State) -> Outcome:
    fact = message.value
    if isinstance(fact, Visit):
        return _reported(fact, state)
    if isinstance(fact, Absence):
        outcome = _reported(fact, state)
        if outcome.verdict is Verdict.APPLIED:
            outcome.emits += _absence(fact, state)
        return outcome
    if isinstance(fact, Task):
        return _outcome(_says(fact.task, None if fact.retracted else kept(fact), state))
    assert isinstance(fact, LinkedCase)
    return _outcome(_says(fact.person, counted(fact) if matters(fact) else None, state))


def _outcome(emits: list[Emit] | None) -> Outcome:
    return Outcome(Verdict.DUPLICATE) if emits is None else Outcome(Verdict.APPLIED, emits)


def _absence(fact: Absence, state: State) -> list[Emit]:
    """Let a report count in the place of any other of the day; one that is taken back counts no more unless another counts already."""
    new = absent(fact)
    if not fact.retracted:
        return _says(new.person, new, state) or []
    data = state.get(_SAID.about(new.person))
    return (_says(new.person, None, state) or []) if data and unpack(Counted, data).id == new.id else []


def _says(who: str, new: Counted | None, state: State) -> list[Emit] | None:
    """Say what somebody or something counts as now in place of what was said before; None when it is the same."""
    place = _SAID.about(who)
    data = state.get(place)
    old = unpack(Counted, data) if data else None
    if (old and old.id) == (new and new.id):
        return None
    if new:
        state.put(place, pack(new))
    else:
        state.delete(place)
    before, after = in_regions(old) if old else [], in_regions(new) if new else []
    return list(changes(before, after, "statistic.counted", lambda one: one.region))


def _reported(fact: Visit | Absence, state: State) -> Outcome:
    """Say of which day a facility reported, once for each record."""
    outcome = take(state, _VISIT.about(fact.id), fact, lambda _: b"1")
    if outcome.verdict is Verdict.APPLIED:
        told = Attendance.of(causes=[fact.id], at=fact.at, place=fact.place, day=day(fact.at), **({"working_days": True} if isinstance(fact, Absence) else {}))
        outcome.emits.append(Emit("statistic.visit", told.place, told.taken_back() if fact.retracted else told))
    return outcome
