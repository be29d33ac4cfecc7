"""What waits at a task: which records its next batch takes, and which topics may be fetched meanwhile."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

from aiokafka import TopicPartition

from streams.runtime.engine import Fetched, Gate

_FEWEST = 16
_BATCHES = 2
_WEIGHT = 0.3


class Inputs:
    """A queue for each input partition of one task.

    Each has its own gate, which is shut while two full batches wait in its queue: a partition with a backlog neither fills memory nor keeps another from being
    fetched. A batch takes urgent topics first and of the others an equal share each, so one fact that changes much passes a million scans.
    """

    def __init__(self, gate: Gate, generation: int, most: int, urgent: Collection[str] = ()) -> None:
        """Take the gate, the group's generation of which records are taken, the most records of a batch, and the physical names of urgent topics."""
        self._gate, self._generation, self._most = gate, generation, most
        self._urgent = frozenset(urgent)
        self._next: dict[TopicPartition, int] = {}
        self._queues: dict[TopicPartition, deque[Any]] = {}
        self._arrived = asyncio.Event()
        self._turn = 0

    def place(self, offsets: Mapping[TopicPartition, int]) -> None:
        """Records are taken from these offsets on."""
        self._next = dict(offsets)
        self._queues = {tp: deque() for tp in offsets}

    def offer(self, fetched: Fetched) -> None:
        """Take records of one input; those had before (after a seek back in a rebalance) are dropped, as are those of another generation.

        What is dropped is read again: whoever starts a task seeks to what is committed, and only then opens the gate.
        """
        tp = TopicPartition(fetched.records[0].topic, fetched.records[0].partition)
        if tp not in self._next or fetched.generation != self._generation:
            return
        fresh = [record for record in fetched.records if record.offset >= self._next[tp]]
        if fresh:
            self._next[tp] = fresh[-1].offset + 1
            queue = self._queues[tp]
            queue.extend(fresh)
            self._arrived.set()
            if len(queue) >= _BATCHES * self._most:
                self._gate.shut((tp,))

    async def arrival(self) -> None:
        """Wait until something waits, or `end`."""
        await self._arrived.wait()

    def end(self) -> None:
        """Take and give nothing more."""
        self._gate.shut(self._next)
        self._next = {}
        self._queues = {}
        self._arrived.set()

    @property
    def waiting(self) -> int:
        """Records that wait."""
        return sum(map(len, self._queues.values()))

    def __str__(self) -> str:
        """How they stand: of which generation they are, how many records wait, and what may not be fetched."""
        shut = sorted(tp.topic for tp in set(self._next) - self._gate.among(self._next))
        return f"{self.waiting} messages of generation {self._generation} wait, gates are shut of {', '.join(shut) or 'none'}"

    def waits(self) -> dict[TopicPartition, tuple[int, Any]]:
        """How many records of each input wait, and the first of them; may be asked in any thread."""
        return {tp: (len(queue), _first(queue)) for tp, queue in list(self._queues.items())}

    @property
    def pressing(self) -> bool:
        """Whether something urgent waits."""
        return any(queue for tp, queue in self._queues.items() if tp.topic in self._urgent)

    def take(self, most: int) -> list[Any]:
        """The next batch, at most so many: all that is urgent, then of each other input its share, the later ones first in the next turn."""
        first = [tp for tp in self._queues if tp.topic in self._urgent]
        others = [tp for tp in self._queues if tp.topic not in self._urgent and self._queues[tp]]
        batch: list[Any] = []
        for tp in first:
            batch += self._pop(tp, most - len(batch))
        self._turn += 1
        turned = others[self._turn % len(others) :] + others[: self._turn % len(others)] if others else []
        for number, tp in enumerate(turned):
            batch += self._pop(tp, (most - len(batch)) // (len(turned) - number))
        for tp in turned:
            batch += self._pop(tp, most - len(batch))
        if not any(self._queues.values()):
            self._arrived.clear()
        self._gate.open(tp for tp, queue in self._queues.items() if len(queue) < _BATCHES * self._most)
        return batch

    def put_back(self, records: Sequence[Any]) -> None:
        """Let records that were taken, but not handled, be the first of their inputs again."""
        for record in reversed(records):
            queue = self._queues.get(TopicPartition(record.topic, record.partition))
            if queue is not None:
                queue.appendleft(record)
        if records:
            self._arrived.set()

    def _pop(self, tp: TopicPartition, most: int) -> Iterable[Any]:
        queue = self._queues[tp]
        return [queue.popleft() for _ in range(min(most, len(queue)))]


def _first(queue: deque[Any]) -> Any:
    try:
        return queue[0]
    except IndexError:
        return None


class Appetite:
    """How many records a batch takes: as many as are computed in a given time, by how long the last ones took.

    So a batch neither keeps the event loop, and with it the transactions of all other tasks, for long, nor is small where records are cheap, or where the
    machine is busy with something else. What follows from records does not depend on how they fall into batches.
    """

    def __init__(self, most: int, seconds: float) -> None:
        """Take the most records of a batch, and the seconds of processor that it may take."""
        self._most, self._seconds = most, seconds
        self._each = 0.0

    @property
    def records(self) -> int:
        """As many as the next batch may take."""
        return self._most if not self._each else max(_FEWEST, min(self._most, int(self._seconds / self._each)))

    def took(self, records: int, seconds: float) -> None:
        """Learn from a batch; small ones say little about the cost of one record."""
        if records >= _FEWEST:
            each = seconds / records
            self._each = each if not self._each else (1 - _WEIGHT) * self._each + _WEIGHT * each
