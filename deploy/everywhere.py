"""What levels and risk areas share: facts that two people decide and every partition is told, and how a decision is named."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Generic, TypeVar, cast

from connectors.publish import Publisher
from connectors.reader import Reader
from deploy.bus import Bus
from schemas.models.control import AreaApproval, AreaEnd, AreaProposal, LevelApproval, LevelEnd, LevelInForce, LevelProposal, RiskArea
from schemas.models.fact import Fact, Millis
from streams.standing import standing

F = TypeVar("F", bound=Fact)
P = TypeVar("P", bound=LevelProposal | AreaProposal)
A = TypeVar("A", bound=LevelApproval | AreaApproval)
E = TypeVar("E", bound=LevelEnd | AreaEnd)
D = TypeVar("D", bound=LevelInForce | RiskArea)
SHORTEST = 8
"""Digits of a proposal's id that must be given at least."""


class NotDecided(Exception):
    """Something cannot be proposed, approved or ended so; the message says what to do."""


@dataclass(frozen=True, slots=True)
class Decisions(Generic[P, D]):
    """The sound proposals in order, those that wait for a second person, and by proposal what was approved, with its early end if it has one."""

    proposals: list[P] = field(default_factory=list)
    waiting: list[P] = field(default_factory=list)
    declared: dict[str, D] = field(default_factory=dict)


def decided(
    proposals: Iterable[P], approvals: Iterable[A], ends: Iterable[E], wrong: Callable[[P], str], in_force: Callable[[P, A, Millis, list[str]], D]
) -> Decisions[P, D]:
    """What is decided after these, each in the order of its topic. A proposal or approval that was taken back counts no more.

    `wrong` says what is wrong with a proposal, or ''. `in_force` makes the fact of a proposal with its approval, the moment when it ends, and its causes.
    """
    told, over = list(proposals), _stand(ends)
    gone = {one.id for one in told if one.retracted}
    sound = {one.id: one for one in told if one.id not in gone and not wrong(one)}
    found: dict[str, D] = {}
    for approval in _stand(approvals):
        proposal = sound.get(approval.proposal)
        if proposal and proposal.by != approval.by and proposal.id not in found:
            early = [end for end in over if end.proposal == proposal.id]
            until = min([proposal.until, *(end.until for end in early)])
            counted = sorted(end.id for end in early if end.until == until)[:1]
            found[proposal.id] = in_force(proposal, approval, until, [proposal.id, approval.id, *counted])
    return Decisions(list(sound.values()), [one for one in sound.values() if one.id not in found], found)


def _stand(facts: Iterable[F]) -> list[F]:
    """Those that were not taken back, in their order."""
    return cast("list[F]", list(standing("", ((fact.id, fact) for fact in facts)).values()))


def one_of(among: Iterable[F], begins: str, which: str, what: str) -> F:
    """The one proposal whose id begins so; `which` and `what` are for the message (`wait`, `levels`). Raises NotDecided."""
    if len(begins) < SHORTEST:
        raise NotDecided(f"give at least {SHORTEST} digits of the proposal: `lianfang {what} list` shows them")
    mine = [one for one in among if one.id.startswith(begins)]
    if len(mine) != 1:
        raise NotDecided(f"{len(mine) or 'no'} proposals that {which} begin with {begins}: `lianfang {what} list` shows them")
    return mine[0]


def tell(bus: Bus, reader: Reader, publisher: Publisher, topic: str, facts: Iterable[Fact]) -> int:
    """Make these the facts that stand on every partition of a topic; returns the number of messages when the broker has them.

    The new ones come before the old ones go. It can be repeated, and mends what a command that was killed left half told.
    """
    wanted = {fact.id: fact for fact in facts}
    sent = 0
    for partition, stands in _stands(bus, reader, topic):
        missing = [fact for fact in wanted.values() if fact.id not in stands]
        for fact in [*missing, *(fact.taken_back() for fact in stands.values() if fact.id not in wanted)]:
            publisher.send(topic, fact.id, fact, partition)
            sent += 1
    publisher.settle()
    return sent


def _stands(bus: Bus, reader: Reader, topic: str) -> Iterator[tuple[int, dict[str, Fact]]]:
    """What stands on each partition."""
    entries = list(reader.read(topic))
    for partition in range(bus.topics[topic].partitions or 1):
        found = standing(topic, ((entry.key, entry.value) for entry in entries if entry.partition == partition and entry.value is not None))
        yield partition, {name: fact for name, fact in found.items() if isinstance(fact, Fact)}
