"""What decisions of people share: what counts of a topic, how one is named; and facts that every partition is told past the stage, for measurements."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TypeVar

from connectors.publish import Publisher
from connectors.reader import Reader
from deploy.bus import Bus
from schemas.models.fact import Fact, Signed
from schemas.signing import Signatures
from streams.standing import standing

F = TypeVar("F", bound=Fact)
S = TypeVar("S", bound=Signed)
SHORTEST = 8
"""Digits of a proposal's id that must be given at least."""


class NotDecided(Exception):
    """Something cannot be proposed, approved or ended so; the message says what to do."""


def one_of(among: Iterable[F], begins: str, which: str, what: str) -> F:
    """The one proposal whose id begins so; `which` and `what` are for the message (`wait`, `levels`). Raises NotDecided."""
    if len(begins) < SHORTEST:
        raise NotDecided(f"give at least {SHORTEST} digits of the proposal: `lianfang {what} list` shows them")
    mine = [one for one in among if one.id.startswith(begins)]
    if len(mine) != 1:
        raise NotDecided(f"{len(mine) or 'no'} proposals that {which} begin with {begins}: `lianfang {what} list` shows them")
    return mine[0]


def counting(reader: Reader, signatures: Signatures, topic: str, model: type[S]) -> list[S]:
    """The facts of a topic whose signatures count, in its order."""
    return [entry.value for entry in reader.read(topic) if isinstance(entry.value, model) and not signatures.problem(topic, entry.value)]


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
