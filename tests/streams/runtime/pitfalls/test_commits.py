"""Which offset is committed when something is still being worked on, has failed, or is of before a rebalance."""

from __future__ import annotations

import asyncio
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from aiokafka import TopicPartition

from streams.runtime.engine import Gate
from streams.runtime.inputs import Inputs
from tests.streams.runtime.pitfalls import stock
from tests.streams.runtime.pitfalls.stock import A
from tests.streams.runtime.test_task import Producer, Rig


@pytest.mark.parametrize(("committed", "acked", "commits"), [(2585, (2586, 2587, 2588, 2589), 2590), (None, (1, 2, 3), 4)])
def test_stock_commits_past_what_is_in_flight(committed: int | None, acked: tuple[int, ...], commits: int) -> None:
    """Faust (606) commits the end of what was acknowledged although the message before it is still being worked on: after a crash that one is lost."""
    async def run(made: Any) -> None:
        consumer = made.consumer
        if committed is not None:
            consumer._committed_offset[A] = committed
        for offset in acked:
            consumer.ack(stock.message(made, offset))
        assert consumer._filter_committable_offsets([A]) == {A: commits}

    stock.talk(run)


def test_ours_commits_what_is_computed_and_no_more(tmp_path: Path) -> None:
    """The offset in a transaction is the one after the last message that is computed in it, whatever else was fetched and Faust has acknowledged."""
    async def run() -> None:
        rig = Rig(tmp_path, Producer(), batch_size=2)
        rig.task.offer(rig.fetched(10, 11, 12, 13))
        assert rig.producer.did == []
        await rig.once()
        assert rig.ends == [12]

    asyncio.run(run())


async def _raises(stream: Any) -> None:
    async for _ in stream:
        raise stock.Stop


async def _raises_over_some(stream: Any) -> None:
    async for _ in stream.take(3, within=10):
        raise stock.Stop


@pytest.mark.parametrize(("body", "offsets"), [(_raises, [5]), (_raises_over_some, [10, 11, 12])])
def test_stock_acknowledges_what_failed(body: Any, offsets: list[int]) -> None:
    """An exception in an agent acknowledges the message, and one over `take` the whole batch (189, 315, 527): none of it is read again."""
    async def run(made: Any) -> None:
        await stock.agent(made, [stock.message(made, offset) for offset in offsets], body)
        assert sorted(made.consumer._acked[A]) == offsets

    stock.talk(run)


def test_ours_commits_nothing_of_what_failed(tmp_path: Path) -> None:
    """What fails for a reason that is not the message's raises out of the task, and neither output nor offset is sent: whoever comes next reads it again."""
    def full(*_: Any) -> Any:
        raise OSError("the disk is full")

    async def run() -> None:
        rig = Rig(tmp_path, Producer(), full)
        rig.task.offer(rig.fetched(10, 11))
        with pytest.raises(OSError, match="disk"):
            await rig.once()
        assert rig.producer.did == []

    asyncio.run(run())


def test_stock_acknowledges_what_it_skips() -> None:
    """A message of before a rebalance is skipped and acknowledged all the same (216, 221, 596), by the iterator in Python: the timer may commit over it."""
    handed: list[object] = []

    async def body(stream: Any) -> None:
        async for value in stream._py_aiter():
            handed.append(value)
            raise stock.Stop

    async def run(made: Any) -> None:
        old, new = stock.message(made, 7, generation=made.consumer_generation_id - 1), stock.message(made, 8)
        new.value = b"new"
        await stock.agent(made, [old, new], body)
        assert handed == [b"new"]
        assert made.consumer._filter_committable_offsets([A]) == {A: 9}

    stock.talk(run)


def test_ours_reads_again_what_it_drops() -> None:
    """What is of another generation is dropped and moves nothing: the same offsets are taken when they come in this generation."""
    tp = TopicPartition("a", 0)
    inputs = Inputs(Gate(), generation=5, most=10)
    inputs.place({tp: 7})
    records = [SimpleNamespace(topic="a", partition=0, offset=offset) for offset in (7, 8)]
    inputs.offer(SimpleNamespace(generation=4, records=records))  # type: ignore[arg-type]
    assert inputs.waiting == 0
    inputs.offer(SimpleNamespace(generation=5, records=records))  # type: ignore[arg-type]
    assert [record.offset for record in inputs.take(10)] == [7, 8]


def test_stock_forgets_finished_work_in_a_rebalance() -> None:
    """What was finished but not yet committed is forgotten when partitions are revoked (502): whoever has them next does it again."""
    async def run(made: Any) -> None:
        made.consumer._on_partitions_revoked = lambda _: asyncio.sleep(0)
        made.consumer.ack(stock.message(made, 3))
        await made.consumer.on_partitions_revoked({A})
        assert made.consumer._filter_committable_offsets([A]) == {}

    stock.talk(run)


def test_ours_commits_finished_work_in_a_rebalance(tmp_path: Path) -> None:
    """A batch that is computed when its partition goes is committed before it is let go, and what only waits is not begun."""
    class Slow(Producer):
        async def commit_transaction(self) -> None:
            """Take a little."""
            await asyncio.sleep(0.05)
            await super().commit_transaction()

    async def run() -> None:
        rig = Rig(tmp_path, Slow(), batch_size=1)
        rig.task.offer(rig.fetched(10, 11))
        await rig.task.batch()
        await rig.task.close()
        assert rig.ends == [11]
        assert rig.producer.did[-2:] == ["commit", "stop"]

    asyncio.run(run())


def test_stock_never_commits_over_a_gap() -> None:
    """Where compaction or a transaction's markers leave a gap right after what was committed, nothing is committed any more (R401, 60)."""
    async def run(made: Any) -> None:
        made.consumer._committed_offset[A] = 10
        for offset in (15, 16, 17):
            made.consumer.ack(stock.message(made, offset))
        assert made.consumer._filter_committable_offsets([A]) == {}

    stock.talk(run)


def test_ours_commits_over_gaps(tmp_path: Path) -> None:
    """Offsets need not be consecutive: the one after the last is committed."""
    async def run() -> None:
        rig = Rig(tmp_path, Producer(), batch_size=10)
        rig.task.offer(rig.fetched(15, 19, 40))
        await rig.once()
        assert rig.ends == [41]

    asyncio.run(run())
