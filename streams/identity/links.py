"""The stage `links`: people as groups of aliases that pairs join, independent of the order in which anything came.

One partition sees every profile, every pair that may be one person, and every decision of a steward. A change costs a walk over the component that it
touches: the aliases that can be reached over joining pairs. Within it the groups are made anew (`streams.identity.groups`): the surest pairs first, none
against a decision or between aliases that contradict each other. What may not join, and what is only likely, waits for a steward (`streams.identity.people`).

A person's key is the token of its earliest alias (ties by token).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from schemas.avro import pack, unpack
from schemas.models.fact import Fact
from schemas.models.identity import Decision, Link, Match, Profile, Review, Shared
from schemas.tokens import Keys
from streams.identity.nodes import DECISIONS, MATCHES, MOST, PROFILES, between, component, decision_rows, degree, profile_rows, tie_rows
from streams.identity.opened import Opened
from streams.identity.people import People
from streams.identity.spec import Spec
from streams.rows import Table, name
from streams.stage import Emit, Message, Outcome, Stage, State, Verdict

_LINK = Table(4, "The link that stands written of an alias.", Link)
_REVIEW = Table(5, "A review that stands written, under each of its two aliases.", Review)
Pairs = dict[tuple[str, str], Review]


def stage(spec: Spec, keys: Keys) -> Stage:
    """The stage for a spec, with the keys that open profiles."""
    opened = Opened(spec, keys)

    def settle(alias: str, state: State) -> Iterable[Emit]:
        people = People(component(alias, state), opened)
        for member, link in people.links():
            yield from _replace_link(member, link, state)
        old = {(review.a, review.b): review for member in people.person for review in _reviews(member, state)}
        new = {(review.a, review.b): review for review in people.reviews(lambda other: _person(other, state))}
        yield from _replace_reviews(old, new, state)

    inputs = ("identity.profile", "identity.shared", "identity.match", "identity.decision")
    tables = (MATCHES, PROFILES, DECISIONS, _LINK, _REVIEW)
    return Stage("links", inputs, ("identity.link", "identity.review"), _step, settle, tables, urgent=("identity.decision",))


def _step(message: Message, state: State) -> Outcome:
    fact = message.value
    if isinstance(fact, Match | Shared):
        return _tie(fact, state)
    if isinstance(fact, Decision):
        changed = _put(decision_rows(fact), fact, state)
        return Outcome(Verdict.APPLIED, touched=[fact.a, fact.b]) if changed else Outcome(Verdict.DUPLICATE)
    assert isinstance(fact, Profile)
    if not _put(profile_rows(fact), fact, state):
        return Outcome(Verdict.DUPLICATE)
    tied = any(True for table in (MATCHES, DECISIONS) for _ in state.scan(*table.under(fact.alias)))
    return Outcome(Verdict.APPLIED, touched=[fact.alias] if tied else [])


def _tie(fact: Match | Shared, state: State) -> Outcome:
    """A match that says what another of the two says too (a pair found under several keys) changes nothing for people."""
    if not _put(tie_rows(fact), fact, state):
        return Outcome(Verdict.DUPLICATE)
    if isinstance(fact, Match):
        says = fact.weight, fact.grade, tuple(fact.causes)
        if any((tie.weight, tie.grade, tie.causes) == says for tie in between(fact.a, fact.b, state) if tie.id != fact.id):
            return Outcome(Verdict.APPLIED)
    touched = [fact.a, fact.b]
    for alias in (fact.a, fact.b):
        if len(near := degree(alias, state)) >= MOST:  # it may have become crowded, or not be so any more, for all its neighbours
            touched += near
    return Outcome(Verdict.APPLIED, touched=touched)


def _put(rows: Mapping[bytes, bytes], fact: Fact, state: State) -> bool:
    """Let the rows of a fact stand or fall; whether that changed anything."""
    if (state.get(next(iter(rows))) is None) == fact.retracted:
        return False
    for row, data in rows.items():
        if fact.retracted:
            state.delete(row)
        else:
            state.put(row, data)
    return True


def _person(alias: str, state: State) -> str:
    data = state.get(_LINK.about(alias))
    return unpack(Link, data).person if data else alias


def _replace_link(alias: str, new: Link | None, state: State) -> Iterable[Emit]:
    place = _LINK.about(alias)
    old = unpack(Link, data) if (data := state.get(place)) else None
    if new and new != old:
        state.put(place, pack(new))
        yield Emit("identity.link", alias, new)
    elif old and not new:
        state.delete(place)
        yield Emit("identity.link", alias, old.taken_back())


def _reviews(alias: str, state: State) -> list[Review]:
    return [unpack(Review, data) for _, data in state.scan(*_REVIEW.under(alias))]


def _replace_reviews(old: Pairs, new: Pairs, state: State) -> Iterable[Emit]:
    for (a, b), review in old.items():
        if (a, b) not in new:
            for row in _rows(a, b):
                state.delete(row)
            yield Emit("identity.review", f"{a} {b}", review.taken_back())
    for (a, b), review in new.items():
        if (a, b) not in old or old[a, b].id != review.id:
            for row in _rows(a, b):
                state.put(row, pack(review))
            yield Emit("identity.review", f"{a} {b}", review)


def _rows(a: str, b: str) -> tuple[bytes, bytes]:
    return _REVIEW.about(a) + name(b), _REVIEW.about(b) + name(a)
