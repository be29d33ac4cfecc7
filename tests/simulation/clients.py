"""What stands for aiokafka's producer and consumer, as far as the runtime uses them."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Sequence
from itertools import count
from random import Random
from typing import Any, NoReturn

from aiokafka import TopicPartition
from aiokafka.errors import IllegalOperation, ProducerFenced

from tests.simulation.broker import Broker
from tests.simulation.log import Record
from tests.simulation.network import Network

Pair = tuple[bytes, bytes | None]
_LOADING = 0.05
"""How often the coordinator of a group is still loading when it is asked for an offset."""


class Packed:
    """A batch of so many records as fit."""

    def __init__(self, room: int) -> None:
        """Empty."""
        self._room = room
        self.pairs: list[Pair] = []

    def append(self, *, timestamp: None, key: bytes, value: bytes | None) -> object | None:
        """Take a record, or return None when there is no room."""
        if len(self.pairs) == self._room:
            return None
        self.pairs.append((key, value))
        return self

    def record_count(self) -> int:
        """How many there are."""
        return len(self.pairs)


class Delivered:
    """What the broker says of a batch."""

    def __init__(self, offset: int) -> None:
        """The offset of its first record."""
        self.offset = offset


class Producer:
    """A transactional producer. Once refused it answers everything as aiokafka's does: in one of three ways."""

    _numbers = count()

    def __init__(self, broker: Broker, network: Network, rng: Random, transactional_id: str, seconds: float) -> None:
        """Take its transactional id and how long a transaction may last."""
        self._broker, self._network, self._rng = broker, network, rng
        self._owner, self._seconds = transactional_id, seconds
        self._epoch = 0
        self._number = next(self._numbers)
        self._added: set[TopicPartition] = set()
        self._refused = False

    async def start(self) -> None:
        """Get an epoch, with which the broker refuses all before."""
        self._epoch = await self._network.ask("start", lambda: self._broker.init(self._owner))

    async def stop(self) -> None:
        """Nothing: an open transaction is left to the broker."""

    async def begin_transaction(self) -> None:
        """Begin; the broker learns of it with the first partition."""
        if self._refused:
            self._refuse()
        self._added = set()

    async def partitions_for(self, topic: str) -> set[int]:
        """The partitions of a topic."""
        return set(range(self._broker.partitions[topic]))

    def create_batch(self) -> Packed:
        """An empty batch."""
        return Packed(self._rng.choice((1, 3, 50)))

    async def send_batch(self, batch: Packed, topic: str, *, partition: int) -> asyncio.Future[Delivered]:
        """Send a batch, after the transaction has its partition; the future is of when it is written."""
        tp, what = TopicPartition(topic, partition), "changelog" if topic.startswith("state.") else "outputs"
        if tp not in self._added:
            await self._ask("partition", lambda: self._broker.add(self._owner, self._epoch, tp, self._seconds))
            self._added.add(tp)
        fault = await self._network.faults.before(what)
        sent = self._network.send(what, lambda: Delivered(self._broker.produce(self._owner, self._epoch, tp, batch.pairs)), fault, (self._number, tp))
        sent.add_done_callback(lambda done: None if done.cancelled() else done.exception())
        return sent

    async def commit_transaction(self) -> None:
        """Decide."""
        await self._ask("commit", lambda: self._broker.commit(self._owner, self._epoch))

    async def _ask(self, operation: str, action: Any) -> None:
        if self._refused:
            self._refuse()
        try:
            await self._network.ask(operation, action)
        except ProducerFenced:
            self._refused = True
            self._refuse()

    def _refuse(self) -> NoReturn:
        raise self._rng.choice((ProducerFenced, IllegalOperation, AssertionError))("refused")


class Consumer:
    """A consumer of committed records, of partitions that are assigned by hand."""

    def __init__(self, broker: Broker, network: Network, rng: Random, group_id: str | None) -> None:
        """Take the group whose offsets it asks for."""
        self._broker, self._network, self._rng, self._group = broker, network, rng, group_id
        self._at: dict[TopicPartition, int] = {}
        self._paused: set[TopicPartition] = set()

    async def start(self) -> None:
        """Connect."""

    async def stop(self) -> None:
        """Disconnect."""

    def assign(self, partitions: Iterable[TopicPartition]) -> None:
        """Read these."""
        self._at, self._paused = dict.fromkeys(partitions, 0), set()

    def pause(self, *partitions: TopicPartition) -> None:
        """Read these only when they are asked for by name."""
        self._paused.update(partitions)

    def seek(self, tp: TopicPartition, offset: int) -> None:
        """Read on from here."""
        self._at[tp] = offset

    async def seek_to_beginning(self, tp: TopicPartition) -> None:
        """Read on from the first offset."""
        self._at[tp] = 0

    async def position(self, tp: TopicPartition) -> int:
        """The offset from which the next read goes on."""
        return self._at[tp]

    async def beginning_offsets(self, partitions: Sequence[TopicPartition]) -> dict[TopicPartition, int]:
        """The first offsets; compaction does not move them."""
        return await self._network.ask("recovery", lambda: dict.fromkeys(partitions, 0))

    async def end_offsets(self, partitions: Sequence[TopicPartition]) -> dict[TopicPartition, int]:
        """The offsets up to which everything is decided."""
        return await self._network.ask("recovery", lambda: {tp: self._broker.logs[tp].stable for tp in partitions})

    async def committed(self, tp: TopicPartition) -> int | None:
        """The offset of the group; none now and then, which is what aiokafka makes of a coordinator that is still loading."""
        assert self._group is not None
        group = self._group
        found = await self._network.ask("recovery", lambda: self._broker.committed(group, tp))
        loading = Random(f"{asyncio.get_running_loop().time()} {tp}").random() < _LOADING  # drawn apart, so that it moves nothing else of a schedule
        return None if loading else found

    async def getmany(self, *partitions: TopicPartition, timeout_ms: int, max_records: int) -> dict[TopicPartition, list[Record]]:
        """What comes next, at most some of it; nothing after so many milliseconds."""
        asked = partitions or tuple(tp for tp in self._at if tp not in self._paused)
        begun = dict(self._at)
        most = min(max_records, self._rng.choice((1, 7, 1000)))
        found = await self._network.ask("recovery", lambda: {tp: self._broker.logs[tp].read(begun[tp], most) for tp in asked})
        if all(end == begun[tp] for tp, (_, end) in found.items()):
            await self._network.change([self._broker.logs[tp] for tp in asked], timeout_ms / 1000)
            return {}
        self._at.update({tp: end for tp, (_, end) in found.items()})
        return {tp: records for tp, (records, _) in found.items() if records}
