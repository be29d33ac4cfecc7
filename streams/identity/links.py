"""The stage `links`: people as groups of aliases that pairs join, independent of the order in which anything came.

One partition sees every profile, every pair that may be one person, and every decision of a steward. A change costs a walk over the component that it
touches: the aliases that can be reached over joining pairs. Within it the groups are made anew (`streams.identity.groups`): the surest pairs first, none
against a decision or between aliases that contradict each other. What may not join, and what is only likely, waits for a steward
(`streams.identity.people`), and a decision that its steward did not sign is refused.

A person's key is the token of one of its aliases: the smallest of those that nobody has two of (resident identity numbers), or else of all. Times have no
part in it, for what is kept for some days only would take the key with it. Version 1 linked to the alias seen first, version 2 named mentions as causes; no way
leads from their rows to version 3.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from pydantic import BaseModel

from schemas.avro import pack, unpack
from schemas.models.fact import Fact
from schemas.models.identity import Judgement, Match, Profile, Review, Shared
from schemas.signing import Signatures
from streams.identity.linked import link, person_in
from streams.identity.nodes import LINK, REVIEW, TABLE, Node, Rows, component, decision_rows, is_crowded, is_tied, near, profile_rows, shared_rows, tell
from streams.identity.opened import Opened
from streams.identity.people import People
from streams.refusal import refused
from streams.rows import name
from streams.stage import Emit, Message, Outcome, Stage, State, Verdict

Pair = tuple[str, str]


def stage(opened: Opened, signatures: Signatures | None = None) -> Stage:
    """The stage, with what opens profiles and compares them, and the register of staff that decisions must be signed by, if there is one."""
    signed = signatures or Signatures()

    def step(message: Message, state: State) -> Outcome:
        fact = message.value
        if isinstance(fact, Judgement) and (problem := signed.problem(message.topic, fact)):
            return refused(message, fact, problem)
        return _step(fact, state)

    def settle(touched: list[str], state: State) -> Iterable[Emit]:
        """Each component once, however many of its aliases were touched, and then what an alias joined that is crowded now and was not before."""
        done, waiting = set[str](), deque(touched)
        while waiting:
            if (alias := waiting.popleft()) in done:
                continue
            nodes = component(alias, state)
            done |= nodes.keys()
            yield from _settle(nodes, opened, state)
            waiting += [other for one, node in nodes.items() if node.crowded and one not in node.reviews for other in near(one, state)]

    inputs = ("identity.profile", "identity.shared", "identity.match", "identity.decision")
    return Stage("links", inputs, ("identity.link", "identity.review", "reject"), step, tables=(TABLE,), version=3, urgent=inputs, settle_all=settle)


def _step(fact: BaseModel, state: State) -> Outcome:
    if isinstance(fact, Match | Shared):
        return _tie(fact, state)
    if isinstance(fact, Judgement):
        changed = _put(decision_rows(fact), fact, state)
        return Outcome(Verdict.APPLIED, touched=[fact.a, fact.b]) if changed else Outcome(Verdict.DUPLICATE)
    assert isinstance(fact, Profile)
    if not _put(profile_rows(fact), fact, state):
        return Outcome(Verdict.DUPLICATE)
    return Outcome(Verdict.APPLIED, touched=[fact.alias] if is_tied(fact.alias, state) else [])


def _tie(fact: Match | Shared, state: State) -> Outcome:
    """A match that says what another of the two says too (a pair found under several keys) changes nothing for people."""
    changed = tell(fact, state) if isinstance(fact, Match) else _put(shared_rows(fact), fact, state) or None
    if not changed:
        return Outcome(Verdict.DUPLICATE if changed is None else Verdict.APPLIED)
    return Outcome(Verdict.APPLIED, touched=[fact.a, fact.b])


def _put(rows: Rows, fact: Fact, state: State) -> bool:
    """Let the rows of a fact stand or fall; whether that changed anything."""
    if (state.get(next(iter(rows))) is None) == fact.retracted:
        return False
    for row, data in rows.items():
        if fact.retracted:
            state.delete(row)
        else:
            state.put(row, data)
    return True


def _settle(nodes: dict[str, Node], opened: Opened, state: State) -> Iterator[Emit]:
    """Write what follows from a component, as far as it is not written."""
    people = People(nodes, opened)
    for alias, link_ in people.links():
        yield from _replace_link(alias, nodes[alias].link, link_, state)
    old = {_pair(alias, other): data for alias, node in nodes.items() for other, data in node.reviews.items()}
    new = {(review.a, review.b): review for review in people.reviews(_Outside(state))}
    yield from _replace_reviews(old, new, state)


def _pair(one: str, other: str) -> Pair:
    return (one, other) if one < other else (other, one)


class _Outside(NamedTuple):
    """What the state knows of aliases."""

    state: State

    def person(self, alias: str) -> str:
        """The person of an alias."""
        data = self.state.get(TABLE.about(alias) + LINK)
        return person_in(data) if data else alias

    def is_crowded(self, alias: str) -> bool:
        """Whether it has too many ties to be of one person."""
        return is_crowded(alias, self.state)


def _replace_link(alias: str, old: bytes, new: bytes, state: State) -> Iterator[Emit]:
    if new == old:
        return
    row = TABLE.about(alias) + LINK
    if new:
        state.put(row, new)
        yield Emit("identity.link", alias, link(alias, new))
    else:
        state.delete(row)
        yield Emit("identity.link", alias, link(alias, old).taken_back())


def _replace_reviews(old: dict[Pair, bytes], new: dict[Pair, Review], state: State) -> Iterator[Emit]:
    packed = {pair: pack(review) for pair, review in new.items()}
    for pair in old.keys() - packed.keys():
        for row in _rows(*pair):
            state.delete(row)
    for pair in sorted(old.keys() - packed.keys()):
        yield Emit("identity.review", " ".join(pair), unpack(Review, old[pair]).taken_back())
    for pair, data in packed.items():
        if old.get(pair) != data:
            for row in _rows(*pair):
                state.put(row, data)
            yield Emit("identity.review", " ".join(pair), new[pair])


def _rows(a: str, b: str) -> tuple[bytes, bytes]:
    return TABLE.about(a) + REVIEW + name(b), TABLE.about(b) + REVIEW + name(a)
