"""One batch, one transaction: what a task takes, writes, and does not write when the transaction fails."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from aiokafka import TopicPartition
from aiokafka.errors import IllegalOperation, ProducerFenced

from schemas.codec import Codec
from schemas.models.fact import Model
from schemas.models.raw import Ledger, Reject
from schemas.settings import Settings
from schemas.topics import MODELS
from streams.runtime.engine import Fetched, Gate
from streams.runtime.store import Store
from streams.runtime.task import Shared, Task
from streams.stage import Emit, Message, Outcome, Stage, State, Verdict


class Registry:
    """Ids for schemas, in memory: only the numbering is a stand-in, the encoding is real."""

    def __init__(self) -> None:
        self.schemas: list[dict[str, Any]] = []

    def lookup(self, subject: str, schema: dict[str, Any]) -> int:
        """Number a schema."""
        self.schemas.append(schema)
        return len(self.schemas) - 1

    def by_id(self, number: int) -> dict[str, Any]:
        """A numbered schema."""
        return self.schemas[number]


class Producer:
    """Notes what it is asked; `fails` is the number of the send whose delivery fails."""

    def __init__(self, fails: int | None = None) -> None:
        self.did: list[Any] = []
        self.fails = fails
        self._sent = 0

    async def begin_transaction(self) -> None:
        """Note it."""
        self.did.append("begin")

    async def send(self, topic: str, value: bytes | None, key: bytes, partition: int | None = None) -> asyncio.Future[Any]:
        """Note it; deliver, or fail."""
        future: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
        self._sent += 1
        if self._sent == self.fails:
            future.set_exception(OSError("not delivered"))
        else:
            future.set_result(SimpleNamespace(offset=100 + self._sent))
        self.did.append((topic, key, value))
        return future

    async def send_offsets_to_transaction(self, offsets: dict[TopicPartition, Any], group: str) -> None:
        """Note the offsets."""
        self.did.append({tp: offset.offset for tp, offset in offsets.items()})

    async def commit_transaction(self) -> None:
        """Note it."""
        self.did.append("commit")

    async def stop(self) -> None:
        """Note it."""
        self.did.append("stop")


def _step(message: Message, state: State) -> Outcome:
    assert isinstance(message.value, Ledger)
    state.put(b"last", str(message.value.received).encode())
    return Outcome(Verdict.APPLIED, [Emit("ledger", "out", message.value)])


def ledger(number: int) -> Ledger:
    """A value to pass on."""
    return Ledger(stage="s", topic="t", partition=0, through=0, received=number, applied=0, duplicates=0, rejected=0)


async def _nowhere(_: Any) -> None:
    """Nothing to place: records are offered by hand."""


class Rig:
    """A task on partition 0 of topic `ledger`, started as the runner starts it, but on a scripted producer."""

    def __init__(self, folder: Path, producer: Producer, step: Callable[[Message, State], Outcome] = _step, batch_size: int = 3) -> None:
        self.codec = Codec(Registry(), MODELS)
        self.gate = Gate()
        self.producer = producer
        shared = Shared(Stage("s", ("ledger",), ("ledger",), step), Settings(home=folder, batch_size=batch_size), "", self.codec, self.gate, 7, asyncio.Lock(), folder,
                        _nowhere, lambda _: None)  # fmt: skip
        self.tp = TopicPartition("ledger", 0)
        self.task = Task(shared, 0, producer)
        self.task._store = self.store = Store(folder / "store")
        self.task._next = {self.tp: 10}
        self.gate.open([self.tp])

    def fetched(self, *offsets: int, generation: int = 7, value: bytes | None = None) -> Fetched:
        """Records as they come from Faust."""
        records = [
            SimpleNamespace(topic="ledger", partition=0, offset=offset, key=b"k", value=value or self.codec.encode("ledger", ledger(offset)), timestamp=5)
            for offset in offsets
        ]
        return Fetched(generation, records)

    async def once(self) -> None:
        """Handle one batch."""
        await self.task._batch(self.task._take())


def test_takes_each_record_once(tmp_path: Path) -> None:
    """Records already had, of another generation, or before the start are dropped; the rest is taken in order."""
    async def run() -> None:
        rig = Rig(tmp_path, Producer(), batch_size=100)
        rig.task.offer(rig.fetched(8, 9))
        rig.task.offer(rig.fetched(9, 10, 11))
        rig.task.offer(rig.fetched(10, 11, 14))
        rig.task.offer(rig.fetched(20, generation=6))
        assert [record.offset for record in rig.task._take()] == [10, 11, 14]

    asyncio.run(run())


def test_shuts_the_gate_when_it_has_enough(tmp_path: Path) -> None:
    """With a full batch waiting nothing more is fetched, until the waiting are taken."""
    async def run() -> None:
        rig = Rig(tmp_path, Producer())
        rig.task.offer(rig.fetched(10, 11, 12))
        assert rig.gate.among([rig.tp]) == set()
        rig.task._take()
        assert rig.gate.among([rig.tp]) == {rig.tp}

    asyncio.run(run())


def test_writes_outputs_changelog_ledger_and_offsets_in_one_transaction(tmp_path: Path) -> None:
    """Between begin and commit lie the outputs, the ledger, the changed rows and the input offset after the last record; the store follows the commit."""
    async def run() -> None:
        rig = Rig(tmp_path, Producer())
        rig.task.offer(rig.fetched(10, 13))
        await rig.once()
        did = rig.producer.did
        assert (did[0], did[-2], did[-1]) == ("begin", {rig.tp: 14}, "commit")
        assert [topic for topic, _, _ in did[1:-2]] == ["ledger", "ledger", "ledger", "state.s", "state.s"]
        told = rig.codec.decode(did[3][2])
        assert isinstance(told, Ledger)
        assert (told.received, told.applied, told.through) == (2, 2, 13)
        assert rig.store.get(b"last") == b"13"
        assert rig.store.position == 106

    asyncio.run(run())


@pytest.mark.parametrize("fails", [1, 3, 5])
def test_a_failed_delivery_leaves_nothing(tmp_path: Path, fails: int) -> None:
    """When any delivery fails, offsets are not sent, nothing is committed, and the store is as it was."""
    async def run() -> None:
        rig = Rig(tmp_path, Producer(fails))
        rig.task.offer(rig.fetched(10, 11))
        with pytest.raises(OSError, match="not delivered"):
            await rig.once()
        assert "commit" not in rig.producer.did
        assert rig.store.get(b"last") is None
        assert rig.store.position == 0

    asyncio.run(run())


def test_a_transaction_refused_between_two_sends(tmp_path: Path) -> None:
    """What aiokafka says when the broker has refused the transaction meanwhile counts as being refused: the stage joins again and the worker lives."""
    class Refused(Producer):
        async def send_offsets_to_transaction(self, offsets: dict[TopicPartition, Any], group: str) -> None:
            """Refuse as aiokafka does."""
            raise IllegalOperation("Not in the middle of a transaction")

    async def run() -> None:
        rig = Rig(tmp_path, Refused())
        rig.task.offer(rig.fetched(10))
        with pytest.raises(ProducerFenced):
            await rig.once()
        assert rig.store.position == 0

    asyncio.run(run())


def test_a_step_that_raises_leaves_nothing(tmp_path: Path) -> None:
    """An error in a step stops the task before a transaction begins; the records are read again by whoever takes the partition."""
    def broken(message: Message, state: State) -> Outcome:
        state.put(b"last", b"x")
        raise RuntimeError("bug")

    async def run() -> None:
        rig = Rig(tmp_path, Producer(), broken)
        rig.task.offer(rig.fetched(10))
        with pytest.raises(RuntimeError, match="bug"):
            await rig.once()
        assert rig.producer.did == []
        assert rig.store.get(b"last") is None

    asyncio.run(run())


def test_foreign_bytes_are_refused_with_a_pointer(tmp_path: Path) -> None:
    """Bytes that are no value of the bus become a reject that says where they are, are counted, and hold up nothing."""
    async def run() -> None:
        rig = Rig(tmp_path, Producer())
        rig.task.offer(rig.fetched(10, value=b"garbage"))
        await rig.once()
        sent = [rig.codec.decode(value) for topic, _, value in rig.producer.did[1:-2] if not topic.startswith("state.")]
        (reject,) = [value for value in sent if isinstance(value, Reject)]
        (told,) = [value for value in sent if isinstance(value, Ledger)]
        assert (reject.pointer.topic, reject.pointer.partition, reject.pointer.offset) == ("ledger", 0, 10)
        assert (told.received, told.rejected) == (1, 1)

    asyncio.run(run())


def test_closing_finishes_the_batch_in_hand(tmp_path: Path) -> None:
    """A task that is told to close ends its batch and drops what waits, which the next owner reads again."""
    async def run() -> None:
        rig = Rig(tmp_path, Producer(), batch_size=1)
        rig.task.offer(rig.fetched(10))
        rig.task.offer(rig.fetched(11))
        running = asyncio.create_task(rig.task.run())
        await asyncio.sleep(0)
        await rig.task.close()
        await running
        assert [one for one in rig.producer.did if isinstance(one, dict)] in ([{rig.tp: 11}], [])
        assert rig.producer.did[-1] == "stop"

    asyncio.run(run())


def test_model_is_what_the_codec_takes() -> None:
    """The stand-in registry numbers real schemas: a value goes through the real wire format."""
    codec = Codec(Registry(), MODELS)
    value: Model = ledger(3)
    assert codec.decode(codec.encode("ledger", value)) == value
