"""What happens to an output that the broker does not take."""

from __future__ import annotations

import asyncio
import logging
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from aiokafka.errors import TopicAuthorizationFailedError
from aiokafka.producer.message_accumulator import MessageAccumulator
from faust.transport.producer import ProducerBuffer

from schemas.brokers import Brokers
from schemas.codec import Codec
from schemas.settings import Settings
from schemas.topics import MODELS
from streams.runtime.engine import Gate
from streams.runtime.task import Shared, Task
from streams.runtime.turn import Turn
from streams.stage import Stage
from tests.streams.runtime.pitfalls import stock
from tests.streams.runtime.test_task import Producer, Registry, Rig, _nowhere, _step


def test_stock_only_warns_of_a_failed_send(caplog: pytest.LogCaptureFixture) -> None:
    """Of an output that the broker refuses, an access rule for example, Faust writes a line into the log; nothing stops the offset of its cause (273)."""
    caplog.set_level(logging.WARNING)

    async def run(made: Any) -> None:
        topic = made.topic("out")
        failed: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
        failed.set_exception(TopicAuthorizationFailedError("out"))
        kept: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
        kept.message = SimpleNamespace(channel=topic, callback=None)  # type: ignore[attr-defined]
        topic._on_published(failed, message=kept, producer=made.producer, state=None)
        assert isinstance(kept.exception(), TopicAuthorizationFailedError)
        made.consumer.ack(stock.message(made, 4))
        assert made.consumer._filter_committable_offsets([stock.A]) == {stock.A: 5}

    stock.talk(run)
    assert "_on_published error" in caplog.text


def test_stock_flush_hides_a_failed_batch() -> None:
    """The client's `flush`, which Faust calls before it commits, returns as if all were well when a batch has failed."""
    async def run() -> None:
        waiting: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
        asyncio.get_running_loop().call_later(0.01, waiting.set_exception, TopicAuthorizationFailedError("out"))
        accumulator = SimpleNamespace(_batches={}, _pending_batches=[SimpleNamespace(future=waiting)])
        await MessageAccumulator.flush(accumulator)
        assert isinstance(waiting.exception(), TopicAuthorizationFailedError)

    asyncio.run(run())


def test_stock_buffer_is_no_barrier() -> None:
    """The buffer for what is sent `soon`, and for rows of tables, gives up waiting after a tenth of a second without progress and says nothing."""
    class Stuck(ProducerBuffer):  # type: ignore[misc]
        async def _send_pending(self, fut: Any) -> None:
            await asyncio.Event().wait()

    async def run() -> None:
        buffer = Stuck()
        buffer.app = SimpleNamespace(conf=SimpleNamespace(producer_threaded=False))
        await buffer.start()
        for number in range(3):
            buffer.pending.put_nowait(number)
        assert await buffer.flush_atmost(None) == 0
        assert buffer.size == 2, "and one more was taken out and is not sent"
        buffer._stopped.set()
        for task in list(buffer._futures):
            task.cancel()
        await asyncio.gather(*buffer._futures, return_exceptions=True)

    asyncio.run(run())


def test_stock_settings() -> None:
    """Faust's producer is not idempotent, gives a batch up after twenty minutes, and its consumer reads what is not committed."""
    async def run(made: Any) -> None:
        assert "enable_idempotence" not in {**made.producer._settings_default(), **made.producer._settings_extra()}
        assert made.conf.producer_request_timeout == 1200
        assert made.consumer.in_transaction is False

    stock.talk(run)


def test_ours_is_transactional_and_never_waits_for_ever(tmp_path: Path) -> None:
    """The producer of a task is idempotent and of its input partition alone; what it cannot commit in time fails, and the stage joins its group again."""
    class Hanging(Producer):
        async def commit_transaction(self) -> None:
            """Never come back, as a producer does whose coordinator has moved (aiokafka 1145)."""
            await asyncio.Event().wait()

    async def run() -> None:
        settings = Settings(home=tmp_path, namespace="ns.")
        shared = Shared(Stage("s", ("ledger",), ("ledger",), _step), settings, Brokers("127.0.0.1:1"), Codec(Registry(), MODELS), Gate(), 7, Turn(), tmp_path, _nowhere, lambda _: None)
        ours = [Task(shared, partition)._producer for partition in (0, 1)]
        assert [producer._txn_manager.transactional_id for producer in ours] == ["ns.lianfang.s.0", "ns.lianfang.s.1"]
        for producer in ours:
            producer._closed = True
        rig = Rig(tmp_path, Hanging())
        rig.task._shared = replace(rig.task._shared, settings=Settings(home=tmp_path, transaction_timeout=0.1))
        rig.task.offer(rig.fetched(10))
        with pytest.raises(TimeoutError):
            await rig.once()
        assert rig.store.position == 0

    asyncio.run(run())


def test_ours_reads_what_is_committed(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """The consumer that Faust is given reads committed records only, commits nothing by itself, and assigns partition p of all topics to one worker."""
    from streams.runtime import engine
    from streams.runtime.assignor import Copartitioned

    asked: list[dict[str, Any]] = []
    monkeypatch.setattr("aiokafka.AIOKafkaConsumer", lambda **how: asked.append(how))

    async def run() -> None:
        made = engine.App("ours", Brokers("127.0.0.1:1"), {"a": "a"}, Settings(home=tmp_path), lambda _: None)
        thread = made.consumer._thread
        thread._create_worker_consumer(made.transport)
        thread.thread_loop.close()
        stocks = stock.app(table_standby_replicas=0)
        stocks.consumer._thread._create_worker_consumer(stocks.transport)
        stocks.consumer._thread.thread_loop.close()

    asyncio.run(run())
    ours, stocks = asked
    assert (ours["isolation_level"], stocks["isolation_level"]) == ("read_committed", "read_uncommitted")
    assert (ours["enable_auto_commit"], ours["auto_offset_reset"]) == (False, "earliest")
    assert issubclass(ours["partition_assignment_strategy"][0], Copartitioned)
    assert [one.name for one in stocks["partition_assignment_strategy"]] == ["roundrobin"]
