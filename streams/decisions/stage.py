"""The stage `decisions`: what people propose, approve and end in; levels and risk areas out, on every partition.

Nothing is believed because it is on a topic. With a register of staff each fact needs the signature of who it says it is by (`schemas.signing`); what is
unsigned, forged, copied from elsewhere or against a rule is refused, and nothing is kept of it. Of the rest everything is kept by proposal, and whatever comes
about a proposal, what follows from it is decided anew. A fact that was taken back stays so.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from schemas.avro import pack, unpack
from schemas.models import control
from schemas.models.fact import Fact, Signed
from schemas.signing import Signatures
from streams.decisions import areas, levels
from streams.decisions.decided import decided
from streams.policy import Policy
from streams.refusal import refused
from streams.rows import Table, name
from streams.stage import Emit, Message, Outcome, Stage, State, Verdict
from streams.standing import changes


@dataclass(frozen=True)
class _Matter:
    """One matter that is decided: the topic of what follows, the models of what people say, of what follows, the two tables, and the rules.

    `wrong` says what is wrong with a proposal, or ''; `in_force` makes what follows of a proposal and its approval.
    """

    topic: str
    says: tuple[type[Fact], ...]
    follows: type[Fact]
    told: Table
    said: Table
    wrong: Callable[[Any], str]
    in_force: Callable[[Any, Any, int, list[str]], Any]

    def problem(self, fact: Fact) -> str:
        """What is wrong with a fact, or ''; what takes something back needs no more than its signature."""
        return self.wrong(fact) if isinstance(fact, self.says[0]) and not fact.retracted else ""

    def take(self, fact: Fact, proposal: str, state: State) -> bool:
        """Keep a fact under its proposal; whether that is news. What was taken back stays so."""
        row = self.told.about(proposal) + bytes((self.says.index(type(fact)),)) + name(fact.id)
        old = state.get(row)
        if old is not None and (not fact.retracted or unpack(type(fact), old).retracted):
            return False
        state.put(row, pack(fact))
        return True

    def settle(self, proposal: str, state: State) -> Iterator[Emit]:
        """Write what is otherwise than before with one proposal."""
        place = self.said.about(proposal)
        data = state.get(place)
        old = [unpack(self.follows, data)] if data else []
        new = self._decided(list(state.scan(*self.told.under(proposal))))
        if new:
            state.put(place, pack(new[0]))
        elif data:
            state.delete(place)
        yield from changes(old, new, self.topic, lambda fact: fact.id)

    def _decided(self, rows: Sequence[tuple[bytes, bytes]]) -> list[Fact]:
        kept: list[list[Any]] = [[] for _ in self.says]
        for row, data in rows:
            sort = row[len(self.told.about(""))]
            kept[sort].append(unpack(self.says[sort], data))
        proposals, approvals, ends = kept
        return list(decided(proposals, approvals, ends, self.wrong, self.in_force).declared.values())


def stage(policy: Policy, signatures: Signatures) -> Stage:
    """The stage under a policy and a register of staff."""
    matters = _matters(policy)

    def step(message: Message, state: State) -> Outcome:
        fact = message.value
        assert isinstance(fact, Signed)
        matter = message.topic.partition(".")[0]
        problem = signatures.problem(message.topic, fact) or matters[matter].problem(fact)
        if problem:
            return refused(message, fact, problem)
        proposal = getattr(fact, "proposal", fact.id)
        if not matters[matter].take(fact, proposal, state):
            return Outcome(Verdict.DUPLICATE)
        return Outcome(Verdict.APPLIED, touched=[f"{matter} {proposal}"])

    def settle(touched: str, state: State) -> Iterable[Emit]:
        matter, _, proposal = touched.partition(" ")
        return list(matters[matter].settle(proposal, state))

    inputs = tuple(f"{matter}.{what}" for matter in matters for what in ("proposal", "approval", "end"))
    told = tuple(one.topic for one in matters.values())
    tables = tuple(table for one in matters.values() for table in (one.told, one.said))
    return Stage("decisions", inputs, (*told, "reject"), step, settle, tables=tables, urgent=inputs, everywhere=told)


def _matters(policy: Policy) -> dict[str, _Matter]:
    of_levels = (control.LevelProposal, control.LevelApproval, control.LevelEnd)
    of_areas = (control.AreaProposal, control.AreaApproval, control.AreaEnd)
    return {
        "level": _Matter(
            "control.level", of_levels, control.LevelInForce, Table(1, "What was said about a proposed level.", *of_levels),
            Table(2, "The level that every partition was told of by it.", control.LevelInForce),
            lambda one: levels.wrong(one, policy.levels), levels.in_force,
        ),
        "area": _Matter(
            "control.area", of_areas, control.RiskArea, Table(3, "What was said about a proposed risk area.", *of_areas),
            Table(4, "The risk area that every partition was told of by it.", control.RiskArea),
            lambda one: areas.wrong(one, policy.longest_area), areas.in_force,
        ),
    }  # fmt: skip
