"""The stage `cases`: evidence by person in, linked cases and trace orders out.

Orders depend on the level in force when and where a case was found (`streams.cases.tracing`). People are listed by those moments, so a level that is declared,
ended or corrected later is held against those alone whom it can concern: a range of time, one fold for each person in it.

Rows before version 3 did not say the moments, those before 4 not which county answers for the case, those before 5 no fever signal, and those before 7 no
needs; there is no way from them.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache

from pydantic import Field

from schemas.avro import pack, unpack
from schemas.models.case import Evidence, LinkedCase, What
from schemas.models.control import LevelInForce
from schemas.models.fact import Millis, Model
from schemas.models.movement import Order
from streams import levels
from streams.cases.fold import linked_case
from streams.cases.status import course, dated, in_order
from streams.cases.tracing import Depth, exposed, moments, orders
from streams.policy import Policy
from streams.rows import Table, moment, name
from streams.stage import Emit, Message, Outcome, Stage, State, Verdict, as_it_is
from streams.standing import changes, take

_KNOWN = Table(1, "A standing piece of evidence of a person.", Evidence)


class Said(Model):
    """What stands written about a person; a retracted case stays, for its pointer to the successor."""

    case: LinkedCase | None = None
    orders: list[Order] = Field(default_factory=list)
    exposed: list[Evidence] = Field(default_factory=list)
    moments: list[Millis] = Field(default_factory=list)


_SAID = Table(2, "What was last written about a person, against which the new fold is compared.", Said)


_WHEN = Table(3, "Who, by a moment on whose level the person's orders depend.")
_LEVELS = levels.table(4)


def stage(policy: Policy) -> Stage:
    """The stage under a policy."""

    def step(message: Message, state: State) -> Outcome:
        fact = message.value
        if isinstance(fact, LevelInForce):
            return _level(fact, state, policy)
        assert isinstance(fact, Evidence)
        outcome = take(state, _KNOWN.about(fact.person) + name(fact.id), fact)
        outcome.touched = [fact.person]
        return outcome

    def settle(person: str, state: State) -> Iterable[Emit]:
        evidence = in_order(unpack(Evidence, data) for _, data in state.scan(*_KNOWN.under(person)))
        old = unpack(Said, data) if (data := state.get(_SAID.about(person))) else Said()
        new = _say(person, evidence, old, policy, _depth(state, policy))
        if new != old:
            state.put(_SAID.about(person), pack(new))
            _list(person, old.moments, new.moments, state)
            if new.case and new.case != old.case:
                yield Emit("case.linked", person, new.case)
            yield from changes(old.orders, new.orders, "trace.order", lambda order: order.alias)
            yield from changes(old.exposed, new.exposed, "case.exposed", lambda piece: piece.person)

    inputs = ("case.evidence", "case.exposed", "case.needed", "control.level")
    outputs = ("case.linked", "trace.order", "case.exposed")
    return Stage("cases", inputs, outputs, step, settle, (_KNOWN, _SAID, _WHEN, _LEVELS), version=10, urgent=inputs,
                 migrations=dict.fromkeys((7, 8, 9), as_it_is))


def _level(fact: LevelInForce, state: State, policy: Policy) -> Outcome:
    """Let a level stand or fall; who is listed within its time is settled anew."""
    outcome = levels.learn(state, _LEVELS, fact)
    if outcome.verdict is Verdict.APPLIED:
        start, end = levels.span(fact, policy.levels)
        about = _WHEN.about("moments")
        outcome.touched = [person.decode() for _, person in state.scan(about + moment(start), about + moment(max(start, end)))]
    return outcome


def _list(person: str, old: list[Millis], new: list[Millis], state: State) -> None:
    """List a person under these moments, and no longer under those before."""
    about = _WHEN.about("moments")
    for at in set(old) - set(new):
        state.delete(about + moment(at) + name(person))
    for at in set(new) - set(old):
        state.put(about + moment(at) + name(person), person.encode())


def _depth(state: State, policy: Policy) -> Depth:
    """What levels allow; they are looked up only when somebody asks."""

    @cache
    def facts() -> list[LevelInForce]:
        return levels.known(state, _LEVELS)

    return lambda region, at: policy.levels[levels.in_force(facts(), region, at, policy.levels)].depth


def _say(person: str, standing: list[Evidence], old: Said, policy: Policy, allowed: Depth) -> Said:
    evidence = dated(piece for piece in standing if piece.other != person)
    path = course(evidence, policy)
    case = linked_case(person, evidence, path, policy)
    if case is None and old.case is not None:
        heir = next((piece.other for piece in evidence if piece.what is What.SUPERSEDED), None)
        case = old.case.taken_back(heir)
    traced = orders(person, evidence, path, policy, allowed)
    return Said(case=case, orders=traced, exposed=exposed(person, evidence), moments=moments(evidence, path, policy))
