"""A task owns one partition of all inputs of a stage. One batch is one transaction.

Order of a batch: compute on an overlay; in one Kafka transaction the outputs, the changelog, the ledger and the input offsets; after the commit the local
store. A crash before the commit leaves nothing, a crash after it leaves the store behind its changelog, from which it catches up. The transactional id names
the stage and the input partition, so the broker refuses whatever a worker that was thought dead still sends.
"""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from aiokafka import AIOKafkaProducer, TopicPartition
from aiokafka.errors import IllegalOperation, ProducerFenced
from aiokafka.structs import OffsetAndMetadata

from schemas.avro import pack, unpack
from schemas.codec import Codec, Undecodable
from schemas.models.fact import digest_of
from schemas.models.raw import Ledger, Pointer, Reason, Reject
from schemas.settings import Settings
from streams.runtime.changelog import recover
from streams.runtime.engine import Fetched, Gate
from streams.runtime.store import Overlay, Store
from streams.stage import Emit, Message, Stage, Verdict, run_batch

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Shared:
    """What all tasks of a stage in one worker have in common, from one rebalance to the next.

    `turn` is one for the whole worker: tasks compute in turn, and between two turns the event loop gets to what the network brought. Without it eight
    stages with a backlog keep each other's transactions open for many seconds.
    """

    stage: Stage
    settings: Settings
    brokers: str
    codec: Codec
    gate: Gate
    generation: int
    turn: asyncio.Lock
    folder: Path
    place: Callable[[Mapping[TopicPartition, int]], Awaitable[None]]
    progress: Callable[[str], None]

    def physical(self, topic: str) -> str:
        """The name of a topic on the broker."""
        return self.settings.namespace + topic

    def logical(self, topic: str) -> str:
        """The name of a topic in the contract."""
        return topic.removeprefix(self.settings.namespace)

    @property
    def group(self) -> str:
        """The consumer group of the stage."""
        return f"{self.settings.namespace}lianfang.{self.stage.name}"


class Task:
    """One stage on one partition; `start`, then `run` until cancelled or failed, then `close`."""

    def __init__(self, shared: Shared, partition: int, producer: AIOKafkaProducer | None = None) -> None:
        """Nothing is opened yet. `producer` is for tests: unset, it is a transactional one of the task's own."""
        self._shared = shared
        self._partition = partition
        self._inputs = [TopicPartition(shared.physical(topic), partition) for topic in shared.stage.inputs]
        self._next: dict[TopicPartition, int] = {}
        self._waiting: deque[list[Any]] = deque()
        self._arrived = asyncio.Event()
        self._busy = asyncio.Lock()
        self._stopping = False
        self._began = 0.0
        self._store: Store | None = None
        timeout = int(shared.settings.transaction_timeout * 1000)
        self._producer = producer or AIOKafkaProducer(
            bootstrap_servers=shared.brokers, transactional_id=f"{shared.group}.{partition}", transaction_timeout_ms=timeout, acks="all", linger_ms=0,
            max_batch_size=256 * 1024, request_timeout_ms=10_000,
        )  # fmt: skip

    async def start(self) -> None:
        """Fence a predecessor, recover the state, and let the inputs be fetched from the committed offsets."""
        await self._producer.start()
        self._store = Store(self._shared.folder / str(self._partition))
        changelog = TopicPartition(self._shared.physical(self._shared.stage.changelog), self._partition)
        self._next = await recover(self._shared.brokers, self._shared.group, changelog, self._store, self._inputs, self._shared.progress)
        await self._shared.place(self._next)

    def offer(self, fetched: Fetched) -> None:
        """Take records of one input; those had before (after a seek back in a rebalance) are dropped, as are those of another generation.

        What is dropped is read again: whoever starts a task seeks to what is committed, and only then opens the gate.
        """
        tp = TopicPartition(fetched.records[0].topic, fetched.records[0].partition)
        if tp not in self._next or self._stopping or fetched.generation != self._shared.generation:
            return
        fresh = [record for record in fetched.records if record.offset >= self._next[tp]]
        if fresh:
            self._next[tp] = fresh[-1].offset + 1
            self._waiting.append(fresh)
            self._arrived.set()
            if sum(map(len, self._waiting)) >= self._shared.settings.batch_size:
                self._shared.gate.shut(self._inputs)

    async def run(self) -> None:
        """Handle batches for ever; raises what the broker raises, and the batch in hand is then as if it had not been read."""
        while not self._stopping:
            await self._arrived.wait()
            await self._pace()
            async with self._busy:
                if not self._stopping:
                    await self._batch(self._take())

    async def _pace(self) -> None:
        """Wait a little after a batch: at a steady trickle a transaction for each message would cost more than all steps together."""
        settings, now = self._shared.settings, asyncio.get_running_loop().time()
        if self._began + settings.pace > now and sum(map(len, self._waiting)) < settings.batch_size:
            await asyncio.sleep(self._began + settings.pace - now)
        self._began = asyncio.get_running_loop().time()

    async def close(self) -> None:
        """Finish the batch in hand, drop those that wait, and let go of store and producer."""
        self._stopping = True
        self._shared.gate.shut(self._inputs)
        self._arrived.set()
        async with self._busy:
            if self._store:
                self._store.close()
                self._store = None
        try:
            await asyncio.wait_for(self._producer.stop(), 10)
        except TimeoutError:
            log.warning("stage %s partition %d: its producer did not stop in time and is abandoned", self._shared.stage.name, self._partition)

    def _take(self) -> list[Any]:
        """The next batch: as many of the waiting lists as fit; one record alone goes at once."""
        batch = self._waiting.popleft()
        while self._waiting and len(batch) + len(self._waiting[0]) <= self._shared.settings.batch_size:
            batch = batch + self._waiting.popleft()
        if not self._waiting:
            self._arrived.clear()
            self._shared.gate.open(self._inputs)
        return batch

    async def _batch(self, records: list[Any]) -> None:
        assert self._store is not None
        overlay = Overlay(self._store)
        async with self._shared.turn:
            emits, counts = self._compute(records, overlay)
            await asyncio.sleep(0)
        ledgers = [self._count(topic, records, tally, overlay) for (topic, _), tally in counts.items()]
        emits += [Emit("ledger", f"{ledger.stage}/{ledger.topic}/{ledger.partition}", ledger) for ledger in ledgers]
        try:
            async with asyncio.timeout(self._shared.settings.transaction_timeout):
                position = await self._transact(records, emits, overlay)
        except (IllegalOperation, AssertionError) as error:
            # So aiokafka's producer answers whatever is asked of it next, once the broker has refused its transaction between two calls.
            raise ProducerFenced from error
        self._store.write(overlay.changes, position)

    def _compute(self, records: Sequence[Any], overlay: Overlay) -> tuple[list[Emit], dict[tuple[str, int], dict[Verdict, int]]]:
        messages, refused = [], []
        for record in records:
            topic = self._shared.logical(record.topic)
            try:
                value = self._shared.codec.decode(record.value or b"", topic)
            except Undecodable as error:
                refused.append(_refuse(topic, record, str(error)))
            else:
                messages.append(Message(topic, record.partition, record.offset, (record.key or b"").decode("utf-8", "replace"), value))
        emits, counts = run_batch(self._shared.stage, messages, overlay)
        for reject in refused:
            tally = counts.setdefault((reject.pointer.topic, self._partition), dict.fromkeys(Verdict, 0))
            tally[Verdict.REJECTED] += 1
        return emits + [Emit("reject", reject.record, reject) for reject in refused], counts

    def _count(self, topic: str, records: Sequence[Any], tally: dict[Verdict, int], overlay: Overlay) -> Ledger:
        """The ledger of an input after this batch; its counts are rows of the state, so that they are exact after any crash."""
        row = b"\0ledger\0" + topic.encode()
        before = overlay.get(row)
        old = unpack(Ledger, before) if before else None
        through = max(record.offset for record in records if self._shared.logical(record.topic) == topic)
        new = Ledger(
            stage=self._shared.stage.name, topic=topic, partition=self._partition, through=through,
            received=(old.received if old else 0) + sum(tally.values()),
            applied=(old.applied if old else 0) + tally[Verdict.APPLIED],
            duplicates=(old.duplicates if old else 0) + tally[Verdict.DUPLICATE],
            rejected=(old.rejected if old else 0) + tally[Verdict.REJECTED],
        )  # fmt: skip
        overlay.put(row, pack(new))
        return new

    async def _transact(self, records: Sequence[Any], emits: Sequence[Emit], overlay: Overlay) -> int:
        """Write everything in one transaction; returns the changelog offset up to which the store is then written."""
        shared, producer = self._shared, self._producer
        await producer.begin_transaction()
        changelog = shared.physical(shared.stage.changelog)
        sent: list[asyncio.Future[Any]] = []
        try:
            for emit in emits:
                value = shared.codec.encode(emit.topic, emit.value)
                sent.append(await producer.send(shared.physical(emit.topic), value, key=emit.key.encode()))
            for key, row in overlay.changes.items():
                sent.append(await producer.send(changelog, row, key=key, partition=self._partition))
        finally:
            written = await asyncio.gather(*sent, return_exceptions=True)
        for failure in written:
            if isinstance(failure, BaseException):
                raise failure
        ends = {TopicPartition(record.topic, record.partition): OffsetAndMetadata(record.offset + 1, "") for record in records}
        await producer.send_offsets_to_transaction(ends, shared.group)
        await producer.commit_transaction()
        return max(done.offset for done in written[len(emits) :] if not isinstance(done, BaseException)) + 1


def _refuse(topic: str, record: Any, problem: str) -> Reject:
    """Bytes on an internal topic that are no value of the bus: refused with a pointer, so that they neither block nor vanish."""
    pointer = Pointer(topic=topic, partition=record.partition, offset=record.offset)
    digest = digest_of(record.value or b"")
    return Reject.of(causes=[], at=record.timestamp, source=topic, record=digest, version=0, digest=digest,
                     reasons=[Reason(field="", problem=problem)], pointer=pointer)  # fmt: skip
