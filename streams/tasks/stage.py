"""The stage `tasks`: linked cases, isolations, screenings and ticks in, tasks out.

What has to be done follows from the case and the isolation, how far it is from that and from the latest tick of the person's slot. Who is to be looked at again
when is kept in an index by slot and moment, so that a tick costs what becomes due by it, and not what is open.
"""

from __future__ import annotations

from collections.abc import Iterator

from pydantic import Field

from schemas.avro import pack, unpack
from schemas.models.case import LinkedCase
from schemas.models.control import Tick
from schemas.models.fact import Millis, Model
from schemas.models.isolation import Isolation
from schemas.models.screening import Screened
from schemas.models.task import Task
from streams import clock
from streams.policy import Policy
from streams.rows import Table, moment, name
from streams.stage import Emit, Message, Outcome, Stage, State, Verdict, as_it_is
from streams.standing import take
from streams.tasks import border, community, handover, referral
from streams.tasks.duty import Duty, changes_at, task, to_come


class Plan(Model):
    """What is known of a person, what follows from it, what is written of that, and the moment after which it is another (none: as long as this stands)."""

    case: LinkedCase | None = None
    apart: Isolation | None = None
    duties: list[Duty] = Field(default_factory=list)
    written: list[Task] = Field(default_factory=list)
    again: Millis | None = None

    @property
    def empty(self) -> bool:
        """Whether nothing is known."""
        return self.case is None and self.apart is None


_PLAN = Table(1, "What has to be done about a person.", Plan)
_AGAIN = Table(2, "Who is to be looked at again after a moment, by slot.")
CLOCK = clock.table(3)
_SCREENED = Table(4, "A screening of a person.", Screened)


def stage(policy: Policy) -> Stage:
    """The stage under a policy."""

    def step(message: Message, state: State) -> Outcome:
        fact = message.value
        if isinstance(fact, Tick):
            return _pass_time(fact, state, policy)
        assert isinstance(fact, LinkedCase | Isolation | Screened)
        data = state.get(_PLAN.about(fact.person))
        old = unpack(Plan, data) if data else Plan()
        new = _learned(old, fact, state)
        if new is None:
            return Outcome(Verdict.DUPLICATE)
        now = clock.latest(CLOCK, clock.slot(_PLAN.about(fact.person)), state)
        planned = _planned(new.model_copy(update={"duties": _duties(fact.person, new, state, policy)}), now, policy)
        return Outcome(Verdict.APPLIED, list(_write(fact.person, old, planned, state)))

    inputs, tables = ("case.linked", "isolation", "screening", "control.tick"), (_PLAN, _AGAIN, CLOCK, _SCREENED)
    return Stage("tasks", inputs, ("task",), step, tables=tables, version=11, urgent=inputs[:1], migrations=dict.fromkeys(range(7, 11), as_it_is))


def _learned(old: Plan, fact: LinkedCase | Isolation | Screened, state: State) -> Plan | None:
    """What is known with a fact, or without one that is taken back; None when it was known. Screenings have rows of their own."""
    if isinstance(fact, Screened):
        return old if take(state, _SCREENED.about(fact.person) + name(fact.id), fact).verdict is Verdict.APPLIED else None
    known = old.case if isinstance(fact, LinkedCase) else old.apart
    if (known.id if known else "") == ("" if fact.retracted else fact.id):
        return None
    if isinstance(fact, Isolation):
        return old.model_copy(update={"apart": None if fact.retracted else fact})
    return old.model_copy(update={"case": None if fact.retracted else fact.model_copy(update={"sealed": [], "contacts": [], "contact_of": []})})


def _duties(person: str, known: Plan, state: State, policy: Policy) -> list[Duty]:
    case = known.case
    if case is None:
        return []
    screened = [unpack(Screened, data) for _, data in state.scan(*_SCREENED.under(person))]
    return [*community.duties(case, known.apart, screened, policy), *border.duties(case, policy), *referral.duties(case, policy), *handover.duties(case)]


def _planned(known: Plan, now: Millis, policy: Policy) -> Plan:
    moments = [at for duty in known.duties if (at := changes_at(duty, now, policy)) is not None]
    written = [task(duty, now, policy) for duty in known.duties if not to_come(duty, now)]
    return known.model_copy(update={"written": written, "again": min(moments, default=None)})


def _pass_time(tick: Tick, state: State, policy: Policy) -> Outcome:
    """Let it be so late; only who becomes another by it is looked at."""
    slots = clock.later(CLOCK, tick, state)
    outcome = Outcome(Verdict.APPLIED if slots else Verdict.DUPLICATE)
    for _, person in clock.due(_AGAIN, slots, tick.at, state):
        old = unpack(Plan, state.get(_PLAN.about(person)) or b"")
        outcome.emits += _write(person, old, _planned(old, tick.at, policy), state)
    return outcome


def _write(person: str, old: Plan, new: Plan, state: State) -> Iterator[Emit]:
    """Keep a plan in place of another, and say what is otherwise by it."""
    place = _PLAN.about(person)
    if old.again is not None:
        state.delete(_again(person, old.again))
    if new.again is not None:
        state.put(_again(person, new.again), person.encode())
    if new.empty:
        state.delete(place)
    else:
        state.put(place, pack(new))
    before, after = {one.task: one for one in old.written}, {one.task: one for one in new.written}
    for gone in sorted(before.keys() - after.keys()):
        yield Emit("task", gone, before[gone].taken_back())
    for key, one in after.items():
        if key not in before or before[key].id != one.id:
            yield Emit("task", key, one)


def _again(person: str, at: Millis) -> bytes:
    return _AGAIN.about(str(clock.slot(_PLAN.about(person)))) + moment(at) + name(person)
