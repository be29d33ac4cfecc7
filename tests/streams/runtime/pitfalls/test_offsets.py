"""Where a task goes on reading after its broker was started again."""

from __future__ import annotations

import asyncio
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from aiokafka import TopicPartition
from aiokafka.consumer.group_coordinator import GroupCoordinator
from aiokafka.errors import GroupLoadInProgressError
from aiokafka.protocol.commit import OffsetFetchResponse_v3

from schemas.brokers import Brokers
from schemas.codec import Codec
from schemas.settings import Settings
from schemas.topics import MODELS
from streams.runtime import task as module
from streams.runtime.batch import compute
from streams.runtime.engine import Gate
from streams.runtime.overlay import Overlay
from streams.runtime.task import Shared, Task
from streams.runtime.turn import Turn
from streams.runtime.version import VERSION, stamp
from streams.stage import Message, Outcome, Stage, State, Verdict
from tests.streams.runtime.test_task import Producer, Registry, ledger

PART = TopicPartition("ledger", 0)


def test_stock_takes_a_loading_coordinator_for_one_that_knows_no_offset() -> None:
    """A coordinator that is still loading says so for the whole answer; aiokafka looks only at its partitions, of which there are none, and says that nothing is committed."""
    answer = OffsetFetchResponse_v3(throttle_time_ms=0, topics=[], error_code=GroupLoadInProgressError.errno)

    async def send(_: Any) -> OffsetFetchResponse_v3:
        return answer

    coordinator = SimpleNamespace(group_id="g", _send_req=send)
    assert asyncio.run(GroupCoordinator._do_fetch_commit_offsets(coordinator, [PART])) == {}


class _Answering(Producer):
    """A producer that can be started."""

    async def start(self) -> None:
        """Nothing to connect to."""


def _step(message: Message, state: State) -> Outcome:
    return Outcome(Verdict.APPLIED)


@pytest.mark.parametrize(("said", "goes_on"), [(0, 14), (14, 14), (20, 20)], ids=["loading", "the same", "moved by hand"])
def test_ours_goes_on_after_what_its_state_has_counted(said: int, goes_on: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The state was written with the offsets, in one transaction, so it knows how far they are; a committed offset that lies behind it is not believed."""
    placed: dict[TopicPartition, int] = {}

    async def recovered(*_: Any) -> dict[TopicPartition, int]:
        return {PART: said}

    async def place(offsets: Any) -> None:
        placed.update(offsets)

    monkeypatch.setattr(module, "recover", recovered)
    codec, stage = Codec(Registry(), MODELS), Stage("s", ("ledger",), ("ledger",), _step)

    async def run() -> None:
        for started in (False, True):
            shared = Shared(stage, Settings(home=tmp_path), Brokers(""), codec, Gate(), 7, Turn(), tmp_path, place, lambda _: None)
            task = Task(shared, 0, _Answering())
            await task.start()
            if not started:
                assert placed[PART] == said, "a state that has counted nothing believes what is committed"
                _count(task, codec)
            await task.close()
        assert placed[PART] == goes_on

    asyncio.run(run())


def _count(task: Task, codec: Codec) -> None:
    """Let the task's state have counted a message at offset 13."""
    assert task._store is not None
    record = SimpleNamespace(topic="ledger", partition=0, offset=13, key=b"k", value=codec.encode("ledger", ledger(1)), timestamp=5)
    computed = compute(task._shared.stage, codec, "", [record], Overlay(task._store))
    task._store.write({VERSION: stamp(task._shared.stage), **computed.overlay.changes}, 3)
