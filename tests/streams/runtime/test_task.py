"""One batch, one transaction: what a task takes, writes, and does not write when the transaction fails."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any, ClassVar

import pytest
from aiokafka import TopicPartition
from aiokafka.errors import IllegalOperation, ProducerFenced

from schemas.avro import unpack
from schemas.brokers import Brokers
from schemas.codec import Codec
from schemas.models.fact import Model
from schemas.models.raw import Ledger, Reject
from schemas.settings import Settings
from schemas.topics import MODELS
from streams.runtime.engine import Fetched, Gate
from streams.runtime.inputs import Inputs
from streams.runtime.store import Store
from streams.runtime.task import Shared, Task
from streams.runtime.turn import Turn
from streams.runtime.version import VERSION
from streams.stage import Emit, Message, Outcome, Stage, State, Verdict

LAST = b"last" * 5
"""Key of a row."""


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


class Packed:
    """A batch as aiokafka's builder makes it, of at most two records."""

    def __init__(self) -> None:
        self.records: list[tuple[bytes, bytes | None]] = []

    def append(self, *, timestamp: None, key: bytes, value: bytes | None) -> object | None:
        """Take a record, or say that there is no room."""
        if len(self.records) == 2:
            return None
        self.records.append((key, value))
        return self

    def record_count(self) -> int:
        """How many there are."""
        return len(self.records)


class Producer:
    """Notes what it is asked; `fails` is the number of the batch whose delivery fails."""

    def __init__(self, fails: int | None = None) -> None:
        self.did: list[Any] = []
        self.fails = fails
        self._batches = self._records = 0

    async def begin_transaction(self) -> None:
        """Note it."""
        self.did.append("begin")

    async def partitions_for(self, topic: str) -> set[int]:
        """Each topic has two."""
        return {0, 1}

    def create_batch(self) -> Packed:
        """An empty batch."""
        return Packed()

    async def send_batch(self, batch: Packed, topic: str, partition: int) -> asyncio.Future[Any]:
        """Note its records; deliver it at offsets from 100 on, or fail."""
        future: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
        self._batches += 1
        if self._batches == self.fails:
            future.set_exception(OSError("not delivered"))
        else:
            future.set_result(SimpleNamespace(offset=100 + self._records))
        self._records += len(batch.records)
        self.did += [(topic, partition, key, value) for key, value in batch.records]
        return future

    async def commit_transaction(self) -> None:
        """Note it."""
        self.did.append("commit")

    async def stop(self) -> None:
        """Note it."""
        self.did.append("stop")

    def sent(self, topic: str) -> list[tuple[bytes, bytes | None]]:
        """Key and value of what was sent to a topic."""
        return [one[2:] for one in self.did if isinstance(one, tuple) and one[0] == topic]


def _step(message: Message, state: State) -> Outcome:
    assert isinstance(message.value, Ledger)
    state.put(LAST, str(message.value.received).encode())
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
        shared = Shared(Stage("s", ("ledger",), ("ledger",), step), Settings(home=folder, batch_size=batch_size), Brokers(""), self.codec, self.gate, 7, Turn(), folder,
                        _nowhere, lambda _: None)  # fmt: skip
        self.tp = TopicPartition("ledger", 0)
        self.task = Task(shared, 0, producer)
        self.task._store = self.store = Store(folder / "store")
        self.task._inputs.place({self.tp: 10})
        self.gate.open([self.tp])

    def fetched(self, *offsets: int, generation: int = 7, value: bytes | None = None) -> Fetched:
        """Records as they come from Faust."""
        records = [
            SimpleNamespace(topic="ledger", partition=0, offset=offset, key=b"k", value=value or self.codec.encode("ledger", ledger(offset)), timestamp=5)
            for offset in offsets
        ]
        return Fetched(generation, records)

    @property
    def ends(self) -> list[int]:
        """By transaction the offset after the last record of the input, as its changelog and its ledger say."""
        rows = [unpack(Ledger, value).through + 1 for key, value in self.producer.sent("state.s") if value and key == b"\0ledger\0ledger"]
        told = [self.codec.decode(value) for key, value in self.producer.sent("ledger") if value and key != b"out"]
        assert rows == [one.through + 1 for one in told if isinstance(one, Ledger)]
        return rows

    async def once(self) -> None:
        """Handle one batch, to its commit."""
        await self.task.batch()
        await self.task._settled()


def test_writes_outputs_changelog_ledger_and_offsets_in_one_transaction(tmp_path: Path) -> None:
    """Between begin and commit lie the outputs, the ledger, and the changed rows with the offset of the last record of the input; the store follows the commit."""
    async def run() -> None:
        rig = Rig(tmp_path, Producer())
        rig.task.offer(rig.fetched(10, 13))
        await rig.once()
        did = rig.producer.did
        assert (did[0], did[-1]) == ("begin", "commit")
        assert rig.ends == [14]
        assert [key for key, _ in rig.producer.sent("state.s")] == [VERSION, LAST, b"\0ledger\0ledger"]
        told = [rig.codec.decode(value) for key, value in rig.producer.sent("ledger") if value and key != b"out"]
        assert [(one.received, one.applied, one.through) for one in told if isinstance(one, Ledger)] == [(2, 2, 13)]
        assert rig.store.get(LAST) == b"13"
        assert rig.store.position == 103, "the changelog's records are at 100 to 102"

    asyncio.run(run())


def test_equal_keys_go_to_one_partition(tmp_path: Path) -> None:
    """Outputs are spread by their keys, in order under each key; changelog and ledger go to the task's own partition."""
    def spread(message: Message, state: State) -> Outcome:
        state.put(LAST, b"x")
        return Outcome(Verdict.APPLIED, [Emit("contact", str(number % 5), message.value) for number in range(20)])

    async def run() -> None:
        rig = Rig(tmp_path, Producer(), spread)
        rig.task.offer(rig.fetched(10))
        await rig.once()
        places = {(key, partition) for topic, partition, key, _ in (one for one in rig.producer.did if isinstance(one, tuple)) if topic == "contact"}
        assert len(places) == len({key for key, _ in places}) == 5
        assert {partition for _, partition in places} == {0, 1}
        assert {one[1] for one in rig.producer.did if isinstance(one, tuple) and one[0] in ("state.s", "ledger")} == {0}

    asyncio.run(run())


def test_the_next_batch_is_computed_while_one_commits(tmp_path: Path) -> None:
    """With a backlog a batch is computed over the rows of the one under way, and written after it."""
    class Slow(Producer):
        def __init__(self) -> None:
            super().__init__()
            self.free = asyncio.Event()

        async def commit_transaction(self) -> None:
            """Take long."""
            await self.free.wait()
            await super().commit_transaction()

    seen: list[bytes | None] = []

    def step(message: Message, state: State) -> Outcome:
        seen.append(state.get(LAST))
        return _step(message, state)

    async def run() -> None:
        slow = Slow()
        rig = Rig(tmp_path, slow, step, batch_size=1)
        rig.task.offer(rig.fetched(10, 11))
        await rig.task.batch()
        second = asyncio.create_task(rig.task.batch())
        async with asyncio.timeout(30):
            while len(seen) < 2:  # noqa: ASYNC110 - it is computed in a thread
                await asyncio.sleep(0.001)
        assert seen == [None, b"10"], "the second was computed"
        assert slow.did.count("begin") == 1, "and waits for the first"
        assert rig.store.get(LAST) is None
        slow.free.set()
        await second
        assert rig.ends == [11, 12]
        assert rig.store.get(LAST) == b"11"

    asyncio.run(run())


def test_what_was_computed_over_a_failed_batch_is_dropped(tmp_path: Path) -> None:
    """When the batch under way fails, nothing of the one computed over it is sent."""
    async def run() -> None:
        rig = Rig(tmp_path, Producer(1), batch_size=1)
        rig.task.offer(rig.fetched(10, 11))
        await rig.task.batch()
        with pytest.raises(OSError, match="not delivered"):
            await rig.task.batch()
        assert rig.producer.did.count("begin") == 1
        assert rig.store.get(LAST) is None

    asyncio.run(run())


@pytest.mark.parametrize("fails", [1, 2, 3])
def test_a_failed_delivery_leaves_nothing(tmp_path: Path, fails: int) -> None:
    """When any delivery fails, nothing is committed, and the store is as it was."""
    async def run() -> None:
        rig = Rig(tmp_path, Producer(fails))
        rig.task.offer(rig.fetched(10, 11))
        with pytest.raises(OSError, match="not delivered"):
            await rig.once()
        assert "commit" not in rig.producer.did
        assert rig.store.get(LAST) is None
        assert rig.store.position == 0

    asyncio.run(run())


def test_a_transaction_refused_between_two_sends(tmp_path: Path) -> None:
    """What aiokafka says when the broker has refused the transaction meanwhile counts as being refused: the stage joins again and the worker lives."""
    class Refused(Producer):
        async def send_batch(self, batch: Packed, topic: str, partition: int) -> asyncio.Future[Any]:
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
        state.put(LAST, b"x")
        raise RuntimeError("bug")

    async def run() -> None:
        rig = Rig(tmp_path, Producer(), broken)
        rig.task.offer(rig.fetched(10))
        with pytest.raises(RuntimeError, match="bug"):
            await rig.once()
        assert rig.producer.did == []
        assert rig.store.get(LAST) is None

    asyncio.run(run())


def test_foreign_bytes_are_refused_with_a_pointer(tmp_path: Path) -> None:
    """Bytes that are no value of the bus become a reject that says where they are, are counted, and hold up nothing."""
    async def run() -> None:
        rig = Rig(tmp_path, Producer())
        rig.task.offer(rig.fetched(10, value=b"garbage"))
        await rig.once()
        sent = [rig.codec.decode(value) for topic in ("reject", "ledger") for _, value in rig.producer.sent(topic) if value]
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
        assert rig.ends in ([11], [])
        assert rig.producer.did[-1] == "stop"

    asyncio.run(run())


@pytest.mark.parametrize("urgent", [True, False])
def test_an_urgent_batch_presses_for_its_turn(tmp_path: Path, urgent: bool) -> None:
    """A batch with something urgent in it asks for its turn before the others, and one without does not."""
    class Noting(Turn):
        asked: ClassVar[list[bool]] = []

        def mine(self, *, pressing: bool = False) -> Any:
            """Note it."""
            self.asked.append(pressing)
            return super().mine(pressing=pressing)

    async def run() -> None:
        turn = Noting()
        turn.asked.clear()
        rig = Rig(tmp_path, Producer())
        rig.task._shared = replace(rig.task._shared, turn=turn)
        rig.task._inputs = Inputs(rig.gate, 7, 3, ["ledger"] if urgent else [])
        rig.task._inputs.place({rig.tp: 10})
        rig.task.offer(rig.fetched(10))
        await rig.once()
        assert turn.asked == [urgent]

    asyncio.run(run())


def test_model_is_what_the_codec_takes() -> None:
    """The stand-in registry numbers real schemas: a value goes through the real wire format."""
    codec = Codec(Registry(), MODELS)
    value: Model = ledger(3)
    assert codec.decode(codec.encode("ledger", value)) == value


def test_a_store_that_cannot_close(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As with a full disk: the error is told, and the producer is let go of nevertheless, or the partition would stay with nobody."""
    def full() -> None:
        raise OSError("no space left")

    async def run() -> None:
        rig = Rig(tmp_path, Producer())
        monkeypatch.setattr(rig.store, "close", full)
        with pytest.raises(OSError, match="no space left"):
            await rig.task.close()
        assert rig.producer.did[-1] == "stop"

    asyncio.run(run())
