"""How much waits for the stages, so that whatever brings records in can hold back: Kafka takes far more in a second than the stages work off.

A record of a source may wait for the stage that reads the source's topic, and what came of earlier ones for the stages behind it. A source is full when at one
of these places more waits than its bound. Only committed offsets and the ends of topics are asked for, once a second; no message is read.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import NamedTuple, Protocol

from kafka import IsolationLevel, TopicPartition
from kafka.admin import KafkaAdminClient, OffsetSpec
from kafka.errors import CoordinatorLoadInProgressError, CoordinatorNotAvailableError, GroupIdNotFoundError, KafkaError, NotCoordinatorError

_NOT_YET = (CoordinatorLoadInProgressError, CoordinatorNotAvailableError, GroupIdNotFoundError, NotCoordinatorError)
_OLD = 15.0
"""Seconds after which a look says nothing any more: then the broker is away, which whoever publishes learns from the broker itself."""
_LONGEST = 60
_EVERY = 1.0
_REMIND = 10.0


class Place(NamedTuple):
    """Where something may wait: a stage, its consumer group, and the topics that count, with their partitions; names as on the broker."""

    stage: str
    group: str
    topics: tuple[tuple[str, int], ...]


class Standing(NamedTuple):
    """What waits at a place, and how far its stage has come: both in offsets, of all partitions together. Markers of transactions count too."""

    behind: int
    done: int


class Full(NamedTuple):
    """A source that may bring nothing now: the stage that is behind, how many messages wait there, and the seconds after which to ask again."""

    stage: str
    behind: int
    seconds: int


class Looks(Protocol):
    """What is asked of the broker; `Broker` does it."""

    def look(self, places: Iterable[Place]) -> dict[Place, Standing]:
        """What waits at each place; nothing at all when the broker does not answer."""

    def close(self) -> None:
        """Let go of the connection."""


class Backlog:
    """Who may bring more. `look` blocks and may run in a thread beside everything else."""

    def __init__(self, broker: Looks, ways: Mapping[str, Sequence[Place]], most: Mapping[str, int], clock: Callable[[], float] = time.monotonic) -> None:
        """Take the places at which records of each source may wait, and how many may; a source whose bound is 0 is never full."""
        self._broker, self._most, self._clock = broker, most, clock
        self._ways = {source: places for source, places in ways.items() if most[source]}
        self._places = sorted({place for places in self._ways.values() for place in places})
        self._now: dict[Place, Standing] = {}
        self._rates: dict[Place, float] = {}
        self._looked = -_OLD
        self._taken = dict.fromkeys(ways, 0)
        self._arrived, self._counted = dict(self._taken), dict(self._taken)

    def look(self) -> None:
        """Ask the broker; when it does not answer, the last look counts for a while."""
        if not self._places:
            return
        counted, at = dict(self._arrived), self._clock()
        found = self._broker.look(self._places)
        if not found:
            return
        took = at - self._looked
        self._rates = {place: max(0.0, (found[place].done - self._now[place].done) / took) for place in found if place in self._now and took > 0}
        self._now, self._counted, self._looked = found, counted, at

    def close(self) -> None:
        """Let go of the connection."""
        self._broker.close()

    def took(self, source: str, count: int) -> None:
        """So many records of a source were taken: they count at once, and not only when a look finds them."""
        self._taken[source] += count

    def arrived(self, source: str, count: int) -> None:
        """So many of those that were taken are on the bus, or will never be: a look that begins from now on finds what there is of them."""
        self._arrived[source] += count

    def full(self, source: str) -> Full | None:
        """Whether a source must hold back now; None when it need not, and when there was no look of late."""
        places = [place for place in self._ways.get(source, ()) if place in self._now]
        if not places or self._clock() - self._looked > _OLD:
            return None
        first = self._ways[source][0]
        since = self._taken[source] - self._counted[source]
        worst, behind = max(((place, self._now[place].behind + (since if place == first else 0)) for place in places), key=lambda pair: pair[1])
        over, rate = behind - self._most[source], self._rates.get(worst, 0.0)
        return None if over < 0 else Full(worst.stage, behind, min(_LONGEST, 1 + int(over / rate)) if rate else _LONGEST)

    def wait(self, source: str, sent: int, tell: Callable[[str], None], sleep: Callable[[float], None] = time.sleep) -> None:
        """After so many records were sent, return when the source may bring more; `tell` gets a line when it has to wait, and now and then."""
        self.took(source, sent)
        self.arrived(source, sent)
        told = -_REMIND
        while True:
            if self._clock() - self._looked >= _EVERY:
                self.look()
            full = self.full(source)
            if full is None:
                return
            if self._clock() - told >= _REMIND:
                told = self._clock()
                tell(f"{source}: waiting, {full.behind:,} messages wait for the stage {full.stage} (LIANFANG_BACKLOG is the bound)")
            sleep(_EVERY)


class Broker:
    """Asks a broker."""

    def __init__(self, connect: Callable[[], KafkaAdminClient]) -> None:
        """Take how to connect, which is done at the first look and after a failure."""
        self._connect = connect
        self._client: KafkaAdminClient | None = None

    def look(self, places: Iterable[Place]) -> dict[Place, Standing]:
        """What waits at each place; nothing at all when the broker does not answer."""
        try:
            self._client = self._client or self._connect()
            return self._look(self._client, list(places))
        except KafkaError:
            self.close()
            return {}

    def close(self) -> None:
        """Let go of the connection."""
        client, self._client = self._client, None
        if client:
            client.close()

    def _look(self, client: KafkaAdminClient, places: Sequence[Place]) -> dict[Place, Standing]:
        parts = {TopicPartition(topic, number) for place in places for topic, count in place.topics for number in range(count)}
        done = {group: committed(client, group) for group in {place.group for place in places}}
        begins = {part: found.offset for part, found in client.list_partition_offsets(dict.fromkeys(parts, OffsetSpec.EARLIEST)).items()}
        ends = client.list_partition_offsets(dict.fromkeys(parts, OffsetSpec.LATEST), isolation_level=IsolationLevel.READ_COMMITTED)
        standing = {}
        for place in places:
            mine = [TopicPartition(topic, number) for topic, count in place.topics for number in range(count)]
            at = {part: max(done[place.group].get(part, 0), begins[part]) for part in mine}
            standing[place] = Standing(sum(max(0, ends[part].offset - at[part]) for part in mine), sum(at.values()))
        return standing


def committed(client: KafkaAdminClient, group: str) -> dict[TopicPartition, int]:
    """What a consumer group has committed; nothing while its coordinator is not there yet."""
    try:
        found = client.list_group_offsets([group]).get(group, {})
    except _NOT_YET:
        return {}
    return {part: there.offset for part, there in found.items() if there.offset >= 0}

