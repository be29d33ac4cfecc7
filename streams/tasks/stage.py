"""The stage `tasks`: linked cases and ticks in, tasks out.

What has to be done follows from the case, how far it is from that and from the latest tick of the person's slot. Who is to be looked at again when is kept in
an index by slot and moment, so that a tick costs what becomes due by it, and not what is open.
"""

from __future__ import annotations

from collections.abc import Iterator

from pydantic import Field

from schemas.avro import pack, unpack
from schemas.models.case import LinkedCase
from schemas.models.control import Tick
from schemas.models.fact import Millis, Model
from schemas.models.task import Task
from streams import clock
from streams.policy import Policy
from streams.rows import Table, moment, name
from streams.stage import Emit, Message, Outcome, Stage, State, Verdict, as_it_is
from streams.tasks import community, handover, referral
from streams.tasks.duty import Duty, changes_at, task


class Plan(Model):
    """What follows from a linked case, what is written of it, and the moment after which it is another (none: as long as the case stands)."""

    case: str = ""
    duties: list[Duty] = Field(default_factory=list)
    written: list[Task] = Field(default_factory=list)
    again: Millis | None = None


_PLAN = Table(1, "What has to be done about a person.", Plan)
_AGAIN = Table(2, "Who is to be looked at again after a moment, by slot.")
CLOCK = clock.table(3)


def stage(policy: Policy) -> Stage:
    """The stage under a policy."""

    def step(message: Message, state: State) -> Outcome:
        if isinstance(message.value, Tick):
            return _pass_time(message.value, state, policy)
        case = message.value
        assert isinstance(case, LinkedCase)
        data = state.get(_PLAN.about(case.person))
        old = unpack(Plan, data) if data else Plan()
        if old.case == ("" if case.retracted else case.id):
            return Outcome(Verdict.DUPLICATE)
        if case.retracted:
            return Outcome(Verdict.APPLIED, list(_write(case.person, old, Plan(), state)))
        duties = [*community.duties(case, policy), *referral.duties(case, policy), *handover.duties(case)]
        now = clock.latest(CLOCK, clock.slot(_PLAN.about(case.person)), state)
        return Outcome(Verdict.APPLIED, list(_write(case.person, old, _planned(case.id, duties, now, policy), state)))

    inputs, tables = ("case.linked", "control.tick"), (_PLAN, _AGAIN, CLOCK)
    return Stage("tasks", inputs, ("task",), step, tables=tables, version=2, urgent=inputs[:1], migrations={1: as_it_is})


def _planned(case: str, duties: list[Duty], now: Millis, policy: Policy) -> Plan:
    moments = [at for duty in duties if (at := changes_at(duty, now, policy)) is not None]
    return Plan(case=case, duties=duties, written=[task(duty, now, policy) for duty in duties], again=min(moments, default=None))


def _pass_time(tick: Tick, state: State, policy: Policy) -> Outcome:
    """Let it be so late; only who becomes another by it is looked at."""
    slots = clock.later(CLOCK, tick, state)
    outcome = Outcome(Verdict.APPLIED if slots else Verdict.DUPLICATE)
    for one in slots:
        start = _AGAIN.about(str(one))
        for _, data in list(state.scan(start, start + moment(tick.at))):
            person = data.decode()
            old = unpack(Plan, state.get(_PLAN.about(person)) or b"")
            outcome.emits += _write(person, old, _planned(old.case, old.duties, tick.at, policy), state)
    return outcome


def _write(person: str, old: Plan, new: Plan, state: State) -> Iterator[Emit]:
    """Keep a plan in place of another, and say what is otherwise by it."""
    place = _PLAN.about(person)
    if old.again is not None:
        state.delete(_again(person, old.again))
    if new.again is not None:
        state.put(_again(person, new.again), person.encode())
    if new.case:
        state.put(place, pack(new))
    else:
        state.delete(place)
    before, after = {one.task: one for one in old.written}, {one.task: one for one in new.written}
    for gone in sorted(before.keys() - after.keys()):
        yield Emit("task", gone, before[gone].taken_back())
    for key, one in after.items():
        if key not in before or before[key].id != one.id:
            yield Emit("task", key, one)


def _again(person: str, at: Millis) -> bytes:
    return _AGAIN.about(str(clock.slot(_PLAN.about(person)))) + moment(at) + name(person)
