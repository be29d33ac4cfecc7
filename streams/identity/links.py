"""People as connected components of matched aliases, independent of the order in which the pairs came.

A person's key is the token of its earliest alias (ties by token), where an alias is first seen with the earliest record
that matched it. One partition sees every pair; a changed pair costs a walk over the components that it touches.
"""

from __future__ import annotations

from collections.abc import Iterable

from schemas.avro import pack, unpack
from schemas.models.identity import Link, Match
from streams.rows import Table, name
from streams.stage import Emit, Message, Outcome, Stage, State, Verdict

_EDGE = Table(1, "A match, under each of its two aliases.", Match)
_LINK = Table(2, "The link that stands written of an alias.", Link)


def stage() -> Stage:
    """The stage `links`."""
    return Stage("links", ("identity.match",), ("identity.link",), _step, _settle, (_EDGE, _LINK))


def _step(message: Message, state: State) -> Outcome:
    match = message.value
    assert isinstance(match, Match)
    ends = (_EDGE.about(match.a) + name(match.id), _EDGE.about(match.b) + name(match.id))
    if (state.get(ends[0]) is None) == match.retracted:
        return Outcome(Verdict.DUPLICATE)
    for end in ends:
        if match.retracted:
            state.delete(end)
        else:
            state.put(end, pack(match))
    return Outcome(Verdict.APPLIED, touched=[match.a, match.b])


def _settle(alias: str, state: State) -> Iterable[Emit]:
    members = _component(alias, state)
    seen = {member: min((match.at for match in matches), default=0) for member, matches in members.items()}
    since, person = min((seen[member], member) for member in members)
    for member, matches in sorted(members.items()):
        new = _link(member, matches, seen[member], person, since) if matches else None
        yield from _replace(member, new, state)


def _component(alias: str, state: State) -> dict[str, list[Match]]:
    members: dict[str, list[Match]] = {}
    waiting = [alias]
    while waiting:
        member = waiting.pop()
        if member not in members:
            members[member] = [unpack(Match, data) for _, data in state.scan(*_EDGE.under(member))]
            waiting += [match.b if match.a == member else match.a for match in members[member]]
    return members


def _link(alias: str, matches: list[Match], seen: int, person: str, since: int) -> Link:
    causes = sorted(match.id for match in matches)
    reasons = sorted({match.reason for match in matches})
    return Link.of(causes=causes, at=seen, alias=alias, person=person, reasons=reasons, since=since)


def _replace(alias: str, new: Link | None, state: State) -> Iterable[Emit]:
    place = _LINK.about(alias)
    old = unpack(Link, data) if (data := state.get(place)) else None
    if new and new != old:
        state.put(place, pack(new))
        yield Emit("identity.link", alias, new)
    elif old and not new:
        state.delete(place)
        yield Emit("identity.link", alias, old.taken_back())
