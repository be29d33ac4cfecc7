"""The stage `supervision`: refused measures, complaints and their answers, closures, levels, risk areas and ticks in; what has to be seen to out.

For each hour in which an official was refused more often than the policy allows there is an alert. It says who and when, and not how often, so that a
thousand refusals more do not make a thousand alerts. The hour is that from which the measures were to hold, in event time, so that what stands follows from the
refusals alone and not from when they arrived. How far complaints are, and which closures no decision allows, is said by `streams.rights`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from schemas.avro import pack, unpack
from schemas.models.control import LevelInForce, RiskArea, Tick
from schemas.models.fact import Millis
from schemas.models.measure import MeasureAlert, MeasureRefused
from schemas.models.rights import AnswerReport, ClosureAlert, ClosureReport, Complaint, ComplaintReport
from streams import areas, clock, levels
from streams.policy import Policy
from streams.rights import closures, complaints
from streams.rows import Table, moment, name
from streams.stage import Emit, Message, Outcome, Stage, State, Verdict, as_it_is
from streams.standing import changes, take

HOUR = 3_600_000
"""Milliseconds."""
_REFUSED = Table(1, "When a measure of an official was to begin that is refused, under the hour.", MeasureRefused)
_SAID = Table(2, "The alert that was written of an official and an hour.", MeasureAlert)
_COMPLAINT = Table(3, "A complaint, by its number.", ComplaintReport)
_ANSWER = Table(4, "What was said to a complaint.", AnswerReport)
_FAR = Table(5, "How far a complaint is, as it is written.", Complaint)
_CLOSED = Table(6, "A closure that was reported.", ClosureReport, few=True)
_BASELESS = Table(7, "That no decision allows a closure, as it is written.", ClosureAlert)
_AGAIN = Table(8, "What is to be looked at when a moment has passed, by slot.")
CLOCK, _LEVELS, _AREAS = clock.table(9), levels.table(10), areas.table(11)
_ALL = "closures"
_INPUTS = ("measure.refused", "record.complaint", "record.answer", "record.closure", "control.level", "control.area", "control.tick")


def hour_of(at: Millis) -> Millis:
    """The beginning of the hour, UTC, in which a moment lies."""
    return at // HOUR * HOUR


def stage(policy: Policy) -> Stage:
    """The stage under a policy."""

    def settle(what: str, state: State) -> Iterable[Emit]:
        sort, about = what.split(" ", 1)
        return list(_SETTLE[sort](about, state, policy))

    tables = (_REFUSED, _SAID, _COMPLAINT, _ANSWER, _FAR, _CLOSED, _BASELESS, _AGAIN, CLOCK, _LEVELS, _AREAS)
    migrations = dict.fromkeys((1, 2, 3), as_it_is)
    return Stage("supervision", _INPUTS, ("measure.alert", "complaint", "closure.alert"), _step, settle, tables=tables, version=4, migrations=migrations)


def _step(message: Message, state: State) -> Outcome:
    fact = message.value
    match fact:
        case Tick():
            return _pass_time(fact, state)
        case MeasureRefused():
            key = f"{fact.official} {hour_of(fact.at)}"
            return _touching(take(state, _REFUSED.about(key) + name(fact.id), fact), [f"refused {key}"])
        case ComplaintReport() | AnswerReport():
            where = _COMPLAINT if isinstance(fact, ComplaintReport) else _ANSWER
            return _touching(take(state, where.about(fact.alias) + name(fact.id), fact), [f"complaint {fact.alias}"])
        case ClosureReport():
            return _touching(take(state, _CLOSED.about(_ALL) + name(fact.id), fact), [f"closure {fact.id}"])
    assert isinstance(fact, LevelInForce | RiskArea)
    outcome = levels.learn(state, _LEVELS, fact) if isinstance(fact, LevelInForce) else areas.learn(state, _AREAS, fact)
    return _touching(outcome, [f"closure {row[-16:].hex()}" for row, data in state.scan(*_CLOSED.under(_ALL))
                               if unpack(ClosureReport, data).area.startswith(fact.region)])  # fmt: skip


def _touching(outcome: Outcome, what: list[str]) -> Outcome:
    if outcome.verdict is Verdict.APPLIED:
        outcome.touched += what
    return outcome


def _pass_time(tick: Tick, state: State) -> Outcome:
    """Let it be so late; only what is another by it is looked at."""
    slots = clock.later(CLOCK, tick, state)
    waited = clock.due(_AGAIN, slots, tick.at, state)
    for row, _ in waited:
        state.delete(row)
    return Outcome(Verdict.APPLIED if slots else Verdict.DUPLICATE, touched=[what for _, what in waited])


def _refusals(key: str, state: State, policy: Policy) -> Iterator[Emit]:
    found = [unpack(MeasureRefused, data) for _, data in state.scan(*_REFUSED.under(key))]
    old = unpack(MeasureAlert, data) if (data := state.get(_SAID.about(key))) else None
    new = _alert(found, policy.refusals.allowed) if len(found) > policy.refusals.allowed else None
    if new:
        state.put(_SAID.about(key), pack(new))
    elif old:
        state.delete(_SAID.about(key))
    yield from changes([old] if old else [], [new] if new else [], "measure.alert", lambda alert: f"{alert.official} {alert.at}")


def _alert(found: list[MeasureRefused], allowed: int) -> MeasureAlert:
    first = sorted(found, key=lambda one: (one.at, one.id))[: allowed + 1]
    return MeasureAlert.of(causes=[one.id for one in first], at=hour_of(first[0].at), official=first[0].official, allowed=allowed)


def _complaint(alias: str, state: State, policy: Policy) -> Iterator[Emit]:
    """Say how far a complaint is, where it is otherwise than before, and look again when time alone changes it."""
    reports = [unpack(ComplaintReport, data) for _, data in state.scan(*_COMPLAINT.under(alias))]
    answers = [unpack(AnswerReport, data) for _, data in state.scan(*_ANSWER.under(alias))]
    place = _FAR.about(alias)
    now = clock.latest(CLOCK, clock.slot(place), state)
    old, new = unpack(Complaint, data) if (data := state.get(place)) else None, complaints.complaint(reports, answers, now, policy)
    if new:
        state.put(place, pack(new))
        _wait(place, complaints.changes_at(new, now, policy), f"complaint {alias}", state)
    elif old:
        state.delete(place)
        yield Emit("complaint", alias, old.taken_back())
    if new and (old is None or new.id != old.id):
        yield Emit("complaint", alias, new)


def _closure(id_: str, state: State, policy: Policy) -> Iterator[Emit]:
    """Say whether a decision allows a closure, and look again when one ends."""
    place = _BASELESS.about(id_)
    now = clock.latest(CLOCK, clock.slot(place), state)
    old = unpack(ClosureAlert, data) if (data := state.get(place)) else None
    data = state.get(_CLOSED.about(_ALL) + name(id_))
    closure = unpack(ClosureReport, data) if data else None
    stand, risky = levels.known(state, _LEVELS), list(areas.known(state, _AREAS))
    new = closures.alert(closure, stand, risky, now, policy) if closure else None
    if new:
        state.put(place, pack(new))
    else:
        state.delete(place)
        at = closures.uncovered(closure, stand, risky, policy) if closure else None
        _wait(place, at - 1 if at is not None else None, f"closure {id_}", state)
    yield from changes([old] if old else [], [new] if new else [], "closure.alert", lambda one: one.area)


def _wait(row: bytes, at: Millis | None, what: str, state: State) -> None:
    """Look again at the first tick after a moment."""
    if at is not None:
        state.put(_AGAIN.about(str(clock.slot(row))) + moment(at) + name(what), what.encode())


_SETTLE = {"refused": _refusals, "complaint": _complaint, "closure": _closure}
"""What is settled, by its sort."""
