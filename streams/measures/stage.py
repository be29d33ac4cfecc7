"""The stage `measures`: what was asked for, linked cases and ticks in; measures in force and refusals out.

Of each person is kept what the linked case tells and what was asked for; whatever comes, all that was asked about the person is decided anew when the batch
ends. A measure that is over by the latest tick of the person's slot is taken back; when that will be is in an index, so that a tick costs what ends by it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from schemas.avro import pack, unpack
from schemas.models.case import LinkedCase
from schemas.models.control import Tick
from schemas.models.fact import Millis, Model
from schemas.models.measure import MeasureAsked, MeasureInForce, MeasureRefused
from streams import clock
from streams.measures.decide import Known, Sign, decide, known
from streams.policy import Policy
from streams.rows import Table, moment, name
from streams.stage import Emit, Message, Outcome, Stage, State, Verdict, as_it_is
from streams.standing import F, changes, take


class Said(Model):
    """What was written of what was asked for: one of both, or neither when the measure is over."""

    measure: MeasureInForce | None = None
    refused: MeasureRefused | None = None


_KNOWN = Table(1, "What a person's linked case tells.", Known)
_ASKED = Table(2, "A measure that was asked for.", MeasureAsked)
_SAID = Table(3, "What was written of it.", Said)
_ENDS = Table(4, "Which measures end at a moment, by slot.")
CLOCK = clock.table(5)
_NOTHING = Said()


def stage(policy: Policy) -> Stage:
    """The stage under a policy."""

    def step(message: Message, state: State) -> Outcome:
        fact = message.value
        if isinstance(fact, Tick):
            return clock.passed(CLOCK, _ENDS, fact, state)
        if isinstance(fact, MeasureAsked):
            outcome = take(state, _ASKED.about(fact.person) + name(fact.id), fact)
            if outcome.verdict is Verdict.APPLIED:
                outcome.touched.append(fact.person)
            return outcome
        assert isinstance(fact, LinkedCase)
        return _learn(fact, state)

    def settle(person: str, state: State) -> Iterable[Emit]:
        return list(_settle(person, state, policy))

    tables = (_KNOWN, _ASKED, _SAID, _ENDS, CLOCK)
    inputs, outputs = ("measure.asked", "case.linked", "control.tick"), ("measure.standing", "measure.refused")
    return Stage("measures", inputs, outputs, step, settle, tables=tables, version=6, migrations=dict.fromkeys(range(1, 6), as_it_is))


def _learn(case: LinkedCase, state: State) -> Outcome:
    place = _KNOWN.about(case.person)
    old = unpack(Known, data) if (data := state.get(place)) else Known()
    if old.case == ("" if case.retracted else case.id):
        return Outcome(Verdict.DUPLICATE)
    if case.retracted:
        state.delete(place)
    else:
        state.put(place, pack(known(case)))
    return Outcome(Verdict.APPLIED, touched=[case.person])


def _settle(person: str, state: State, policy: Policy) -> Iterator[Emit]:
    """Decide all that was asked about a person, and say what is otherwise than before."""
    asked = {row[len(_ASKED.about(person)) :]: unpack(MeasureAsked, data) for row, data in state.scan(*_ASKED.under(person))}
    said = {row[len(_SAID.about(person)) :]: unpack(Said, data) for row, data in state.scan(*_SAID.under(person))}
    if not asked and not said:
        return
    signs = unpack(Known, data).signs if (data := state.get(_KNOWN.about(person))) else []
    slot = clock.slot(_KNOWN.about(person))
    now = clock.latest(CLOCK, slot, state)
    for one in sorted({*asked, *said}):
        old = said.get(one, _NOTHING)
        new = _decided(asked[one], signs, now, policy) if one in asked else _NOTHING
        if old != new:
            _keep(person, slot, one, old, new, state)
            yield from _changes(old, new)


def _decided(asked: MeasureAsked, signs: Sequence[Sign], now: Millis, policy: Policy) -> Said:
    found = decide(asked, signs, policy)
    if isinstance(found, MeasureRefused):
        return Said(refused=found)
    return Said(measure=found) if now < found.until else _NOTHING


def _keep(person: str, slot: int, one: bytes, old: Said, new: Said, state: State) -> None:
    """Keep what is said now, and when it ends."""
    for said in (old, new):
        if said.measure:
            row = _ENDS.about(str(slot)) + moment(said.measure.until) + one
            state.put(row, person.encode()) if said is new else state.delete(row)
    place = _SAID.about(person) + one
    if new == _NOTHING:
        state.delete(place)
    else:
        state.put(place, pack(new))


def _changes(old: Said, new: Said) -> Iterator[Emit]:
    """What was said is taken back before anything else is said."""
    yield from changes(_one(old.refused), _one(new.refused), "measure.refused", lambda refused: refused.official)
    yield from changes(_one(old.measure), _one(new.measure), "measure.standing", lambda measure: measure.request)


def _one(fact: F | None) -> list[F]:
    return [] if fact is None else [fact]
