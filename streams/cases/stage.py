"""The stage `cases`: evidence by person in, linked cases and trace orders out."""

from __future__ import annotations

from collections.abc import Iterable

from pydantic import Field

from schemas.avro import pack, unpack
from schemas.models.case import Evidence, LinkedCase, What
from schemas.models.fact import Model
from schemas.models.movement import Order
from streams.cases.fold import linked_case
from streams.cases.status import course, dated, in_order
from streams.cases.tracing import exposed, orders
from streams.policy import Policy
from streams.rows import Table, name
from streams.stage import Emit, Message, Outcome, Stage, State
from streams.standing import changes, take

_KNOWN = Table(1, "A standing piece of evidence of a person.", Evidence)


class Said(Model):
    """What stands written about a person; a retracted case stays, for its pointer to the successor."""

    case: LinkedCase | None = None
    orders: list[Order] = Field(default_factory=list)
    exposed: list[Evidence] = Field(default_factory=list)


_SAID = Table(2, "What was last written about a person, against which the new fold is compared.", Said)


def stage(policy: Policy) -> Stage:
    """The stage under a policy."""

    def settle(person: str, state: State) -> Iterable[Emit]:
        evidence = in_order(unpack(Evidence, data) for _, data in state.scan(*_KNOWN.under(person)))
        old = unpack(Said, data) if (data := state.get(_SAID.about(person))) else Said()
        new = _say(person, evidence, old, policy)
        if new != old:
            state.put(_SAID.about(person), pack(new))
            if new.case and new.case != old.case:
                yield Emit("case.linked", person, new.case)
            yield from changes(old.orders, new.orders, "trace.order", lambda order: order.alias)
            yield from changes(old.exposed, new.exposed, "case.exposed", lambda piece: piece.person)

    inputs = ("case.evidence", "case.exposed")
    return Stage("cases", inputs, ("case.linked", "trace.order", "case.exposed"), _step, settle, (_KNOWN, _SAID), version=2, urgent=inputs)


def _step(message: Message, state: State) -> Outcome:
    piece = message.value
    assert isinstance(piece, Evidence)
    outcome = take(state, _KNOWN.about(piece.person) + name(piece.id), piece)
    outcome.touched = [piece.person]
    return outcome


def _say(person: str, standing: list[Evidence], old: Said, policy: Policy) -> Said:
    evidence = dated(piece for piece in standing if piece.other != person)
    path = course(evidence, policy)
    case = linked_case(person, evidence, path, policy)
    if case is None and old.case is not None:
        heir = next((piece.other for piece in evidence if piece.what is What.SUPERSEDED), None)
        case = old.case.taken_back(heir)
    return Said(case=case, orders=orders(person, evidence, path, policy), exposed=exposed(person, evidence))
