"""What Faust is stopped from doing, and what it hands over instead."""

from __future__ import annotations

import asyncio
from types import SimpleNamespace
from typing import Any

from faust.types import TP

from streams.runtime.engine import Fetched, Gate, _Consumer, _Nothing

A, B = TP("a", 0), TP("b", 0)


def consumer(fetched: list[dict[TP, list[Any]]], generation: list[int]) -> Any:
    """A consumer whose fetches are scripted; each entry of `generation` is what the app says before and after a fetch."""

    class Scripted(_Consumer):
        def __init__(self) -> None:
            self._began = 0
            self.app = SimpleNamespace(consumer_generation_id=generation[0])
            self.gate = Gate()
            self.flow_active = True
            self._asked: list[set[TP]] = []

        async def _wait_next_records(self, timeout: float) -> Any:
            return await self._getmany({A, B}, timeout), {A, B}

    class Driver:
        async def getmany(self, active: set[TP], timeout: float) -> Any:
            made._asked.append(set(active))
            made.app.consumer_generation_id = generation[1]
            return fetched.pop(0)

    made = Scripted()
    made._thread = Driver()
    return made


async def taken(made: Any) -> list[tuple[TP, Any]]:
    """What one call of getmany yields."""
    return [(tp, message) async for tp, message in made.getmany(1.0)]


def record(offset: int) -> Any:
    """A record as aiokafka gives it."""
    return SimpleNamespace(topic="a", partition=0, offset=offset, timestamp=1000, timestamp_type=0)


def test_one_message_a_partition() -> None:
    """A fetch of many records is one Faust message, whose offset is the last record's."""
    made = consumer([{A: [record(3), record(7)]}], [4, 4])
    made.gate.open([A])
    ((tp, message),) = asyncio.run(taken(made))
    assert (tp, message.offset, message.generation_id) == (A, 7, 4)
    assert isinstance(message.value, Fetched)
    assert (message.value.generation, [one.offset for one in message.value.records]) == (4, [3, 7])


def test_fetch_over_a_rebalance_is_dropped() -> None:
    """Records of a fetch that began in one generation and ended in the next are not handed over: the new task reads them again."""
    made = consumer([{A: [record(3)]}], [4, 5])
    made.gate.open([A])
    assert asyncio.run(taken(made)) == []


def test_shut_partitions_are_not_fetched() -> None:
    """Only partitions whose gate is open are asked for, and none at all when all are shut."""
    made = consumer([{A: []}], [4, 4])
    assert asyncio.run(taken(made)) == []
    assert made._asked == []
    made.gate.open([A, B])
    made.gate.shut([B])
    asyncio.run(taken(made))
    assert made._asked == [{A}]


def test_faust_commits_nothing() -> None:
    """Faust's own commits, which could move offsets back, do nothing; its memory of what was read is empty whatever it is told."""
    made = consumer([], [1, 1])
    assert asyncio.run(made.commit()) is False
    assert asyncio.run(made.force_commit(None, start_new_transaction=False)) is False
    nothing = _Nothing()
    nothing[A] = 9
    nothing.update({A: 9})
    assert nothing[A] is None
