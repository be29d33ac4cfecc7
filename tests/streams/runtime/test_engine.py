"""What Faust is stopped from doing, and what it hands over instead."""

from __future__ import annotations

import asyncio
import inspect
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Thread
from types import SimpleNamespace
from typing import Any

import pytest
from aiokafka.consumer.fetcher import Fetcher
from aiokafka.errors import CommitFailedError, IllegalStateError, KafkaConnectionError
from faust.types import TP

from streams.runtime.engine import Fetched, Gate, _Consumer, _Nothing

A, B = TP("a", 0), TP("b", 0)


def consumer(fetched: list[dict[TP, list[Any]]], generation: list[int]) -> Any:
    """A consumer whose fetches are scripted; each entry of `generation` is what the app says before and after a fetch."""

    class Scripted(_Consumer):
        def __init__(self) -> None:
            self._began = 0
            self._came = 0.0
            self._fetch = None
            self._turn = asyncio.Lock()
            self.placed: list[tuple[TP, int]] = []
            self.app = SimpleNamespace(consumer_generation_id=generation[0], patience=lambda: 0.0)
            self.gate = Gate()
            self.flow_active = True
            self._asked: list[set[TP]] = []

        async def seek(self, partition: TP, offset: int) -> None:
            self.placed.append((partition, offset))

        async def _wait_next_records(self, timeout: float) -> Any:
            return await self._getmany({A, B}, timeout), {A, B}

    class Driver:
        _consumer = SimpleNamespace(_fetcher=SimpleNamespace())

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


def test_placing_waits_for_a_fetch_that_was_given_up() -> None:
    """A fetch under way when Faust gives up waiting could carry the position on after a task has set it: setting waits for it, and nothing of it is lost."""
    async def run() -> None:
        made = consumer([], [4, 4])
        made.gate.open([A])
        come = asyncio.Event()

        class Slow:
            _consumer = SimpleNamespace(_fetcher=SimpleNamespace())

            async def getmany(self, active: set[TP], timeout: float) -> Any:
                await come.wait()
                return {A: [record(3)]}

        made._thread = Slow()
        given_up = asyncio.create_task(made._getmany({A, B}, 1.0))
        await asyncio.sleep(0)
        given_up.cancel()
        await asyncio.gather(given_up, return_exceptions=True)
        made.app.consumer_generation_id = 5
        placing = asyncio.create_task(made.place({B: 7}))
        await asyncio.sleep(0.01)
        assert made.placed == []
        come.set()
        await placing
        assert made.placed == [(B, 7)]
        assert made.gate.among([A, B]) == {A, B}
        assert await made._getmany({A, B}, 1.0) == {A: [record(3)]}
        assert made._began == 4, "it is still of the generation in which it began"

    asyncio.run(run())


def test_shut_partitions_are_not_fetched() -> None:
    """Only partitions whose gate is open are asked for, and none at all when all are shut."""
    made = consumer([{A: []}], [4, 4])
    assert asyncio.run(taken(made)) == []
    assert made._asked == []
    made.gate.open([A, B])
    made.gate.shut([B])
    asyncio.run(taken(made))
    assert made._asked == [{A}]


def test_the_broker_gathers_while_tasks_wait() -> None:
    """Where tasks wait for their turn a fetch waits as long for more, but not the one after a pause; where none waits each has what is there at once."""
    made = consumer([{A: [record(3)]}, {A: [record(4)]}, {}, {A: [record(5)]}], [4, 4])
    made.gate.open([A])
    asked: list[tuple[int, int]] = []

    def fetch(patience: float) -> None:
        made.app.patience = lambda: patience
        asyncio.run(taken(made))
        fetcher = made._thread._consumer._fetcher
        asked.append((fetcher._fetch_min_bytes, fetcher._fetch_max_wait_ms))

    for patience in (0.3, 0.3, 0.0):
        fetch(patience)
    made._came -= 1.1
    fetch(0.3)
    assert asked == [(1, 500), (2**18, 300), (1, 500), (1, 500)]


def test_aiokafka_has_what_is_set() -> None:
    """The two attributes that are set on aiokafka's fetcher are those that it makes its requests of."""
    source = inspect.getsource(Fetcher._get_actions_per_node)
    assert ("self._fetch_min_bytes" in source, "self._fetch_max_wait_ms" in source) == (True, True)


def test_faust_commits_nothing() -> None:
    """Faust's own commits, which could move offsets back, do nothing; its memory of what was read is empty whatever it is told."""
    made = consumer([], [1, 1])
    assert asyncio.run(made.commit()) is False
    assert asyncio.run(made.force_commit(None, start_new_transaction=False)) is False
    nothing = _Nothing()
    nothing[A] = 9
    nothing.update({A: 9})
    assert nothing[A] is None


def test_acknowledgement_moves_nothing() -> None:
    """A batch that is handled is forgotten by Faust; gaps that markers and compaction leave are not kept, and no offset follows from either."""
    made = consumer([], [1, 1])
    message = object()
    made._unacked_messages = {message}
    assert made.ack(message) is True
    assert made._unacked_messages == set()
    asyncio.run(made._add_gap(A, 3, 9))
    made.verify_event_path(0.0, A)
    assert not hasattr(made, "_acked"), "nothing of Faust's bookkeeping was touched"


def test_a_gate_that_opens_wakes_the_fetch() -> None:
    """While all gates are shut no fetch is made, and the first that opens is not kept waiting."""
    async def run() -> float:
        gate = Gate()
        loop = asyncio.get_running_loop()
        began = loop.time()
        loop.call_later(0.02, gate.open, [A])
        await gate.opening(5.0)
        return loop.time() - began

    assert asyncio.run(run()) < 2.5


@pytest.mark.parametrize("refusal", [None, CommitFailedError(), IllegalStateError(), KafkaConnectionError()], ids=str)
def test_the_group_is_told_how_far_inputs_are_read(refusal: Exception | None) -> None:
    """In the consumer's own thread; what a rebalance or a broker that is away refuses raises nothing and is said, so that it is told again."""
    told: list[dict[TP, int]] = []

    async def commit(ends: Any) -> None:
        if refusal:
            raise refusal
        told.append({tp: end.offset for tp, end in ends.items()})

    with _thread() as loop:
        made = consumer([], [4, 4])
        made._thread = SimpleNamespace(_consumer=SimpleNamespace(commit=commit), thread_loop=loop)
        assert asyncio.run(made.mark({A: 7})) is (refusal is None)
    assert told == ([] if refusal else [{A: 7}])
    assert asyncio.run(made.mark({A: 8})) is False, "the thread has ended"


@contextmanager
def _thread() -> Iterator[asyncio.AbstractEventLoop]:
    """A loop that runs in a thread of its own, and is closed in the end."""
    loop = asyncio.new_event_loop()
    runs = Thread(target=loop.run_forever)
    runs.start()
    try:
        yield loop
    finally:
        loop.call_soon_threadsafe(loop.stop)
        runs.join()
        loop.close()
