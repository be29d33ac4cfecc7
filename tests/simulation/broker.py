"""The broker: topics, transactional producers with fencing by epoch, and the offsets of groups. It answers at once; `network` makes the way to it long."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Protocol

from aiokafka import TopicPartition
from aiokafka.errors import ProducerFenced

from tests.simulation.log import Fate, Log, Transaction

Later = Callable[[Callable[[], None]], None]
"""Do something after a while of the broker's own."""


class Concurrent(Exception):
    """The producer's transaction before is decided, but not all of its markers are written: ask again."""


class Timer(Protocol):
    """Do something after so many seconds."""

    def __call__(self, seconds: float, action: Callable[[], None], /) -> object:
        """Remember it."""


class Broker:
    """One broker, which checks every request as KIP-890 has it: the epoch of its producer, and that the partition belongs to the open transaction."""

    def __init__(self, partitions: Mapping[str, int], now: Callable[[], int], later: Later, after: Timer) -> None:
        """Take the number of partitions by topic, the clock (milliseconds), how markers are delayed, and a timer for transactions that last too long."""
        self.logs = {TopicPartition(topic, number): Log(TopicPartition(topic, number), now) for topic, count in partitions.items() for number in range(count)}
        self.partitions = dict(partitions)
        self._later, self._after = later, after
        self._epochs: dict[str, int] = {}
        self._current: dict[str, Transaction] = {}
        self._offsets: dict[tuple[str, TopicPartition], int] = {}
        self._decided = 0
        self.commits = 0

    def init(self, owner: str) -> int:
        """A new epoch for a producer, after whatever its predecessor left open is ended; raises Concurrent until it is."""
        current = self._current.get(owner)
        if current is not None:
            if current.fate is Fate.OPEN:
                self._decide(current, Fate.ABORTED)
                self._epochs[owner] += 1
            raise Concurrent
        self._epochs[owner] = self._epochs.get(owner, 0) + 1
        return self._epochs[owner]

    def add(self, owner: str, epoch: int, tp: TopicPartition, seconds: float) -> None:
        """Add a partition to the transaction, which begins with the first; the broker ends it after so many seconds."""
        self._transaction(owner, epoch, seconds).partitions[tp] = None

    def produce(self, owner: str, epoch: int, tp: TopicPartition, pairs: list[tuple[bytes, bytes | None]]) -> int:
        """Write records; returns the offset of the first."""
        transaction = self._current.get(owner)
        if self._epochs.get(owner) != epoch or transaction is None or transaction.fate is not Fate.OPEN or tp not in transaction.partitions:
            raise ProducerFenced
        return self.logs[tp].append(pairs, transaction)

    def mark(self, group: str, offsets: Mapping[TopicPartition, int]) -> None:
        """Keep how far a group has read."""
        self._offsets.update({(group, tp): offset for tp, offset in offsets.items()})

    def commit(self, owner: str, epoch: int) -> None:
        """Decide for the transaction; what is in it becomes visible partition by partition afterwards."""
        if self._epochs.get(owner) != epoch:
            raise ProducerFenced
        transaction = self._current.get(owner)
        if transaction is not None and transaction.fate is Fate.OPEN:
            self._decide(transaction, Fate.COMMITTED)
            self.commits += 1

    def committed(self, group: str, tp: TopicPartition) -> int | None:
        """The offset that a group goes on from."""
        return self._offsets.get((group, tp))

    @property
    def settled(self) -> bool:
        """Whether no transaction is open or lacks a marker."""
        return not self._current

    def _transaction(self, owner: str, epoch: int, seconds: float) -> Transaction:
        if self._epochs.get(owner) != epoch:
            raise ProducerFenced
        current = self._current.get(owner)
        if current is None:
            current = self._current[owner] = Transaction(owner)
            self._after(seconds, lambda: self._expire(current))
        elif current.fate is not Fate.OPEN:
            raise Concurrent
        return current

    def _expire(self, transaction: Transaction) -> None:
        if transaction.fate is Fate.OPEN:
            self._epochs[transaction.owner] += 1
            self._decide(transaction, Fate.ABORTED)

    def _decide(self, transaction: Transaction, fate: Fate) -> None:
        self._decided += 1
        transaction.fate, transaction.moment = fate, self._decided
        transaction.missing = len(transaction.partitions)
        for tp in transaction.partitions:
            self._later(partial(self._marked, transaction, partial(self.logs[tp].mark, transaction)))

    def _marked(self, transaction: Transaction, write: Callable[[], None]) -> None:
        write()
        transaction.missing -= 1
        if not transaction.missing:
            del self._current[transaction.owner]
