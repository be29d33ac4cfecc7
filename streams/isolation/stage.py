"""The stage `isolation`: linked cases, measures that were asked for, presences of those who isolate, and ticks in; who isolates, and who was elsewhere, out.

Whatever comes, the person's isolation follows anew when the batch ends. When it is due is in an index by slot and moment, so that a tick costs what ends by it.
A slot also knows under which rules it was judged: with the first tick after a worker began with another policy everybody in it is judged anew.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from hashlib import blake2b

from pydantic import Field

from schemas.avro import pack, unpack
from schemas.models.case import LinkedCase
from schemas.models.control import Tick
from schemas.models.fact import Millis, Model
from schemas.models.isolation import Breach, Hold, Isolation, MeasureBeyond, Sighting
from schemas.models.measure import MeasureAsked
from schemas.models.movement import Order
from streams import clock
from streams.isolation.breaches import breaches, watches
from streams.isolation.orders import beyond, isolation, orders
from streams.policy import Policy
from streams.rows import Table, moment, name
from streams.stage import Emit, Message, Outcome, Stage, State, Verdict, as_it_is
from streams.standing import changes, take


class Said(Model):
    """What was written of a person."""

    isolation: Isolation | None = None
    beyond: list[MeasureBeyond] = Field(default_factory=list)
    watches: list[Order] = Field(default_factory=list)
    breaches: list[Breach] = Field(default_factory=list)

    @property
    def again(self) -> Millis | None:
        """When the person is to be looked at again."""
        return self.isolation.until if self.isolation and self.isolation.state is Hold.ISOLATING else None


_CASE = Table(1, "A person's linked case, without names and contacts.", LinkedCase)
_ASKED = Table(2, "A measure that was asked for.", MeasureAsked)
_SAID = Table(3, "What was written of a person.", Said)
_ENDS = Table(4, "Whose isolation is due at a moment, by slot.")
CLOCK = clock.table(5)
RULES = Table(6, "By which rules a slot was judged.", few=True)
_SEEN = Table(7, "Where a person was who isolates.", Sighting)
_NOTHING = Said()


def stage(policy: Policy) -> Stage:
    """The stage under a policy."""
    rules = _digest(policy)

    def step(message: Message, state: State) -> Outcome:
        fact = message.value
        if isinstance(fact, Tick):
            return _pass_time(fact, state, rules)
        if isinstance(fact, MeasureAsked | Sighting):
            table = _ASKED if isinstance(fact, MeasureAsked) else _SEEN
            outcome = take(state, table.about(fact.person) + name(fact.id), fact)
            outcome.touched = [fact.person] if outcome.verdict is Verdict.APPLIED else []
            return outcome
        assert isinstance(fact, LinkedCase)
        return _learn(fact, state)

    def settle(person: str, state: State) -> Iterable[Emit]:
        return list(_settle(person, state, policy))

    inputs, outputs = ("case.linked", "measure.asked", "breach.found", "control.tick"), ("isolation", "measure.beyond", "breach", "breach.order")
    tables = (_CASE, _ASKED, _SAID, _ENDS, CLOCK, RULES, _SEEN)
    return Stage("isolation", inputs, outputs, step, settle, tables=tables, version=8, urgent=inputs[:1], migrations=dict.fromkeys((5, 6, 7), as_it_is))


def _digest(policy: Policy) -> bytes:
    """What the rules are by which isolations are judged."""
    return blake2b(policy.model_dump_json(include={"isolation", "measures", "officials", "breaches"}).encode(), digest_size=16).digest()


def _learn(case: LinkedCase, state: State) -> Outcome:
    place = _CASE.about(case.person)
    old = unpack(LinkedCase, data).id if (data := state.get(place)) else ""
    if old == ("" if case.retracted else case.id):
        return Outcome(Verdict.DUPLICATE)
    if case.retracted:
        state.delete(place)
    else:
        state.put(place, pack(case.model_copy(update={"sealed": [], "contacts": [], "contact_of": []})))
    return Outcome(Verdict.APPLIED, touched=[case.person])


def _pass_time(tick: Tick, state: State, rules: bytes) -> Outcome:
    """Let it be so late; who is looked at is whose isolation is due, and whoever was judged by other rules."""
    slots = clock.later(CLOCK, tick, state)
    outcome = Outcome(Verdict.APPLIED if slots else Verdict.DUPLICATE)
    others = [one for one in slots if state.get(RULES.about(str(one))) != rules]
    for first, last in clock.runs(others):
        outcome.touched += [unpack(LinkedCase, data).person for _, data in state.sweep(*clock.span(_CASE, first, last))]
    for one in others:
        state.put(RULES.about(str(one)), rules)
    outcome.touched += [person for _, person in clock.due(_ENDS, slots, tick.at + 1, state)]
    return outcome


def _settle(person: str, state: State, policy: Policy) -> Iterator[Emit]:
    """Judge a person anew, and say what is otherwise than before."""
    place, data = _SAID.about(person), state.get(_CASE.about(person))
    old = unpack(Said, said) if (said := state.get(place)) else _NOTHING
    new = _judged(unpack(LinkedCase, data), state, policy) if data else _NOTHING
    if new == old:
        return
    _keep(person, place, old, new, state)
    if new.isolation and new.isolation != old.isolation:
        yield Emit("isolation", person, new.isolation)
    elif old.isolation and not new.isolation:
        yield Emit("isolation", person, old.isolation.taken_back())
    yield from changes(old.beyond, new.beyond, "measure.beyond", lambda one: one.official)
    yield from changes(old.watches, new.watches, "breach.order", lambda one: one.alias)
    yield from changes(old.breaches, new.breaches, "breach", lambda one: one.person)


def _judged(case: LinkedCase, state: State, policy: Policy) -> Said:
    asked = [unpack(MeasureAsked, data) for _, data in state.scan(*_ASKED.under(case.person))]
    found = orders(case, asked, policy)
    now = clock.latest(CLOCK, clock.slot(_CASE.about(case.person)), state)
    apart, seen = isolation(case, found, now, policy), [unpack(Sighting, data) for _, data in state.scan(*_SEEN.under(case.person))]
    elsewhere = breaches(apart, seen, policy)
    return Said(isolation=_breached(apart, elsewhere), beyond=beyond(case, found, policy), watches=watches(case, apart, policy), breaches=elsewhere)


def _breached(apart: Isolation | None, elsewhere: list[Breach]) -> Isolation | None:
    """The isolation, with when the person was last seen elsewhere."""
    if apart is None or not elsewhere:
        return apart
    content = {field: getattr(apart, field) for field in type(apart).model_fields if field not in ("id", "retracted", "causes")}
    return Isolation.of(causes=apart.causes, **content | {"breached": elsewhere[-1].at})


def _keep(person: str, place: bytes, old: Said, new: Said, state: State) -> None:
    """Keep what is said now, and when it is due."""
    about = _ENDS.about(str(clock.slot(place)))
    if old.again is not None:
        state.delete(about + moment(old.again) + name(person))
    if new.again is not None:
        state.put(about + moment(new.again) + name(person), person.encode())
    if new == _NOTHING:
        state.delete(place)
    else:
        state.put(place, pack(new))
