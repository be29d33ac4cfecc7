"""The stage `evidence`: what is known under an alias, addressed to the person that the alias belongs to now.

When a link comes, changes or goes, the alias's evidence is taken back from one
person and asserted to the other; no later stage needs to know of merges and splits.
"""

from __future__ import annotations

from schemas.avro import pack, unpack
from schemas.models.case import Evidence, What
from schemas.models.control import RiskArea
from schemas.models.fact import Fact
from schemas.models.identity import Link
from schemas.models.movement import Contact, Presence
from schemas.models.record import MeasureRequest, NeedReport, Record, Screening
from streams import areas
from streams.cases import returns
from streams.cases.asked import MEASURES, NEEDS, SCREENINGS
from streams.cases.meaning import meaning
from streams.policy import Policy
from streams.rows import Table, name
from streams.stage import Emit, Message, Outcome, Stage, State, Verdict, as_it_is
from streams.standing import changes, take

INPUTS = ("record.gate", "record.visit", "record.lab", "record.household", "record.clockin", "record.travel", "record.crossing", "record.step", "record.report",
          "record.measure", "record.sale", "record.care", "record.need", "record.screening",
          "contact", "trace.found", "identity.link", "control.area")  # fmt: skip
_LINK = Table(1, "The standing link of an alias.", Link)
_KNOWN = Table(2, "A piece of evidence of an alias.", Evidence)
_RETURNS = returns.tables(4)


def stage(policy: Policy) -> Stage:
    """The stage under a policy."""

    def step(message: Message, state: State) -> Outcome:
        fact = message.value
        if isinstance(fact, Link):
            return _link(fact, state)
        if isinstance(fact, MeasureRequest):
            return MEASURES.learn(fact, _person(fact.alias, state), state)
        if isinstance(fact, NeedReport):
            return NEEDS.learn(fact, _person(fact.alias, state), state)
        if isinstance(fact, Screening):
            return SCREENINGS.learn(fact, _person(fact.alias, state), state)
        if isinstance(fact, RiskArea):
            return _area(fact, state, policy)
        assert isinstance(fact, Record | Contact | Presence)
        return _learn(fact.alias, fact, meaning(fact, policy) + _returned(fact, state, policy), state)

    urgent = ("record.lab", "record.visit", "identity.link", "contact", "control.area")
    tables = (_LINK, _KNOWN, MEASURES.table, *_RETURNS, NEEDS.table, SCREENINGS.table)
    outputs = ("case.evidence", "measure.asked", "asked.need", "screening")
    return Stage("evidence", INPUTS, outputs, step, tables=tables, version=11, urgent=urgent, migrations=dict.fromkeys(range(7, 11), as_it_is))


def _learn(alias: str, fact: Fact, pieces: list[Evidence], state: State) -> Outcome:
    person = _person(alias, state)
    outcome = Outcome(Verdict.APPLIED)
    for piece in pieces:
        told = take(state, _KNOWN.about(alias) + name(piece.id), piece.taken_back() if fact.retracted else piece)
        if told.verdict is Verdict.DUPLICATE:
            return told
        addressed = _address(piece, person)
        outcome.emits.append(Emit("case.evidence", addressed.person, addressed.taken_back() if fact.retracted else addressed))
    return outcome


def _returned(fact: Fact, state: State, policy: Policy) -> list[Evidence]:
    """That somebody came back from a risk area, by the areas that stand now; the return is listed for those that are still to come."""
    found = returns.of(fact, policy)
    if found is None:
        return []
    returns.note(state, _RETURNS, found, stands=not fact.retracted)
    return [found.evidence] if returns.risky(state, _RETURNS, found, policy) else []


def _area(fact: RiskArea, state: State, policy: Policy) -> Outcome:
    """Let a risk area stand or fall, and with it the evidence of those returns that no other area makes risky."""
    outcome = areas.learn(state, _RETURNS.areas, fact)
    if outcome.verdict is Verdict.APPLIED:
        for piece in returns.concerned(state, _RETURNS, fact, policy):
            told = piece.taken_back() if fact.retracted else piece
            take(state, _KNOWN.about(piece.alias) + name(piece.id), told)
            addressed = _address(piece, _person(piece.alias, state))
            outcome.emits.append(Emit("case.evidence", addressed.person, addressed.taken_back() if fact.retracted else addressed))
    return outcome


def _link(link: Link, state: State) -> Outcome:
    """A link replaces the one before it for its alias; taking back one that was already replaced changes nothing."""
    place = _LINK.about(link.alias)
    old = unpack(Link, data) if (data := state.get(place)) else None
    if link.retracted != (old is not None and old.id == link.id):
        return Outcome(Verdict.DUPLICATE)
    new = None if link.retracted else link
    if new:
        state.put(place, pack(new))
    else:
        state.delete(place)
    pieces = [unpack(Evidence, data) for _, data in state.scan(*_KNOWN.under(link.alias))]
    persons = (old.person if old else link.alias, new.person if new else link.alias)
    moved = [emit for asking in (MEASURES, NEEDS, SCREENINGS) for emit in asking.moved(link.alias, *persons, state)]
    return Outcome(Verdict.APPLIED, [*changes(_all(link.alias, old, pieces), _all(link.alias, new, pieces), "case.evidence", _of), *moved])


def _all(alias: str, link: Link | None, pieces: list[Evidence]) -> list[Evidence]:
    """Everything that is addressed on behalf of an alias under a link, membership of the person included."""
    if link is None:
        return [_address(piece, alias) for piece in pieces]
    told = [_address(piece, link.person) for piece in pieces]
    told.append(_note(link, link.person, What.MEMBER, None))
    if link.person != alias:
        told.append(_note(link, alias, What.SUPERSEDED, link.person))
    return told


def _note(link: Link, person: str, what: What, other: str | None) -> Evidence:
    return Evidence.of(causes=[link.id], at=link.at, until=link.at, person=person, alias=link.alias, what=what, other=other)


def _address(piece: Evidence, person: str) -> Evidence:
    """The evidence for the person of its alias; who is registered in a household is also told to the household, whoever that person is."""
    content = piece.model_dump(exclude={"id", "retracted", "person"})
    if piece.what is What.HOUSEHOLD:
        person, content["other"] = str(piece.other), None
    return Evidence.of(person=person, **content)


def _person(alias: str, state: State) -> str:
    data = state.get(_LINK.about(alias))
    return unpack(Link, data).person if data else alias


def _of(evidence: Evidence) -> str:
    return evidence.person
