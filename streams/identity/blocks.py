"""Pairs of aliases under one blocking key, each once however many records say so.

A strong key (a valid document number, an app account, a phone with a name) is itself an alias of the person, so every alias under
it makes a pair with the key. Many records name the same pair; only the first and the last of them reach `links`,
which sees each pair once and not each scan.
"""

from __future__ import annotations

from collections.abc import Iterable

from schemas.avro import pack, unpack
from schemas.models.identity import Block, Match
from streams.rows import Table, moment, name
from streams.stage import Emit, Message, Outcome, Stage, State
from streams.standing import take

_BLOCK = Table(1, "What a record says of an alias under a blocking key, by key and alias, and time.", Block)
_MATCH = Table(2, "The match that stands written of a blocking key and an alias.", Match)


def stage() -> Stage:
    """The stage `blocks`."""
    return Stage("blocks", ("identity.block",), ("identity.match",), _step, _settle, (_BLOCK, _MATCH))


def _step(message: Message, state: State) -> Outcome:
    block = message.value
    assert isinstance(block, Block)
    outcome = take(state, _BLOCK.about(block.block, block.alias) + moment(block.at) + name(block.id), block)
    outcome.touched = [f"{block.block} {block.alias}"]
    return outcome


def _settle(touched: str, state: State) -> Iterable[Emit]:
    block, alias = touched.split()
    place = _MATCH.about(block, alias)
    old = unpack(Match, data) if (data := state.get(place)) else None
    first = next((unpack(Block, data) for _, data in state.scan(*_BLOCK.under(block, alias))), None)
    new = first and _match(first)
    if old == new:
        return
    if old:
        state.delete(place)
        yield _emit(old.taken_back())
    if new:
        state.put(place, pack(new))
        yield _emit(new)


def _match(first: Block) -> Match:
    a, b = sorted((first.block, first.alias))
    return Match.of(causes=[first.id], at=first.at, a=a, b=b, reason=first.reason)


def _emit(match: Match) -> Emit:
    return Emit("identity.match", f"{match.a} {match.b}", match)
