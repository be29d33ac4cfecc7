"""The stage `needs`: needs, providers, answers and ticks in; how each need stands out, for everybody who looks and for the person's linked case.

All that is said of one kind of need meets on one partition, since needs of many people want the same providers. That bounds the stage: eleven kinds are
eleven keys, and a batch that changes one of them matches it anew. When something changes by time alone is in an index by slot and moment.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TypeVar

from pydantic import BaseModel

from schemas.avro import pack, unpack
from schemas.models.case import Evidence, What
from schemas.models.control import Tick
from schemas.models.fact import Millis, Model
from schemas.models.need import Need, NeedAsked, kind_key
from schemas.models.record import OfferReport, ProviderReport
from streams import clock
from streams.needs.match import Placed, match
from streams.needs.reports import Wanted, providers, wanted
from streams.policy import Policy
from streams.rows import Table, moment, name
from streams.stage import Emit, Message, Outcome, Stage, State, Verdict, as_it_is
from streams.standing import changes, take


class Said(Model):
    """What stands written of a need: itself, and what was told to linked cases."""

    need: Need
    told: list[Evidence]


_ASKED = Table(1, "A need that was reported.", NeedAsked)
_PROVIDERS = Table(2, "What a provider reported.", ProviderReport)
_ANSWERS = Table(3, "What a provider said to an offer.", OfferReport)
_SAID = Table(4, "What was written of a need.", Said)
_AGAIN = Table(5, "Which kind is to be looked at again at a moment, by slot.")
CLOCK = clock.table(6)
_WHEN = Table(7, "The moment at which a kind is to be looked at again.")
_TABLES = {NeedAsked: _ASKED, ProviderReport: _PROVIDERS, OfferReport: _ANSWERS}

M = TypeVar("M", bound=BaseModel)


def stage(policy: Policy) -> Stage:
    """The stage under a policy."""

    def step(message: Message, state: State) -> Outcome:
        fact = message.value
        if isinstance(fact, Tick):
            return clock.passed(CLOCK, _AGAIN, fact, state)
        assert isinstance(fact, NeedAsked | ProviderReport | OfferReport)
        kind = kind_key(fact.need)
        outcome = take(state, _TABLES[type(fact)].about(kind) + name(fact.id), fact)
        outcome.touched = [kind] if outcome.verdict is Verdict.APPLIED else []
        return outcome

    def settle(kind: str, state: State) -> Iterable[Emit]:
        return list(_settle(kind, state, policy))

    inputs, tables = ("asked.need", "record.provider", "record.offer", "control.tick"), (_ASKED, _PROVIDERS, _ANSWERS, _SAID, _AGAIN, CLOCK, _WHEN)
    return Stage("needs", inputs, ("need", "case.needed"), step, settle, tables=tables, version=3, migrations={1: as_it_is, 2: as_it_is})


def _settle(kind: str, state: State, policy: Policy) -> Iterator[Emit]:
    """Match the needs of a kind anew, and say what is otherwise than before."""
    old = {one.need.name: one for one in _rows(_SAID, Said, kind, state)}
    found = wanted(_rows(_ASKED, NeedAsked, kind, state), _rows(_ANSWERS, OfferReport, kind, state), policy.needs.same)
    placed = match(found, providers(_rows(_PROVIDERS, ProviderReport, kind, state)), clock.latest(CLOCK, _slot(kind), state), policy)
    _again(kind, min((one.again for one in placed if one.again is not None), default=None), state)
    by_name = {one.name: one for one in found}
    new = {one.need.name: _said(one, by_name[one.need.name]) for one in placed}
    for gone in sorted(old.keys() - new.keys()):
        state.delete(_SAID.about(kind) + name(gone))
        yield Emit("need", gone, old[gone].need.taken_back())
    for each, said in new.items():
        if each not in old or old[each] != said:
            state.put(_SAID.about(kind) + name(each), pack(said))
            yield Emit("need", each, said.need)
    before, after = ([piece for said in every.values() for piece in said.told] for every in (old, new))
    yield from changes(before, after, "case.needed", lambda piece: piece.person)


def _said(placed: Placed, need: Wanted) -> Said:
    """With a piece of evidence for each report, so that whoever may see the person finds what that report said of who it is."""
    told = [
        Evidence.of(causes=sorted((one.id, placed.need.id)), at=one.at, until=one.at, person=one.person, alias=one.alias, what=What.NEED, source=one.source,
                    region=one.region, sealed=one.sealed, line=placed.need.line)
        for one in need.reports
    ]  # fmt: skip
    return Said(need=placed.need, told=told)


def _again(kind: str, at: Millis | None, state: State) -> None:
    """Keep when a kind is to be looked at again."""
    place = _WHEN.about(kind)
    if (old := state.get(place)) is not None:
        state.delete(_AGAIN.about(str(_slot(kind))) + old + name(kind))
        state.delete(place)
    if at is not None:
        state.put(place, moment(at))
        state.put(_AGAIN.about(str(_slot(kind))) + moment(at) + name(kind), kind.encode())


def _slot(kind: str) -> int:
    return clock.slot(_SAID.about(kind))


def _rows(table: Table, model: type[M], kind: str, state: State) -> list[M]:
    return [unpack(model, data) for _, data in state.scan(*table.under(kind))]
