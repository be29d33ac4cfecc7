"""A task owns one partition of all inputs of a stage. One batch is one transaction.

Order of a batch: compute on an overlay; in one Kafka transaction the outputs, the changelog and the ledger; after the commit the local store. How far the
inputs are read is a row of the changelog. A crash before the commit leaves nothing, a crash after it leaves the store behind its changelog, from which it
catches up. The transactional id names the stage and the input partition, so the broker refuses whatever a worker that was thought dead still sends.

With a backlog the next batch is computed while the last one commits, on an overlay over the last one's. That is safe since it writes nothing before the last
one is committed: when that fails, both are dropped.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from aiokafka import AIOKafkaProducer, TopicPartition

from schemas.brokers import Brokers
from schemas.codec import Codec
from schemas.measures import Measures
from schemas.settings import Settings
from streams.runtime.batch import Computed, compute, counted
from streams.runtime.changelog import recover
from streams.runtime.engine import Fetched, Gate
from streams.runtime.gauge import Gauges
from streams.runtime.inputs import Appetite, Inputs
from streams.runtime.overlay import Overlay
from streams.runtime.secret import SECRET, known
from streams.runtime.store import Store, clock
from streams.runtime.transaction import Work, transact
from streams.runtime.turn import Turn
from streams.runtime.version import VERSION, stamp, upgrade
from streams.runtime.where import PARTITION
from streams.stage import Stage

log = logging.getLogger(__name__)
_PARTS = 4
_FEW = 10
"""Messages of a batch after which the wait is whole."""
_WAITS, _LONGEST = 2.0, 2.0
"""How many times the wait for the turn a task waits after a batch, and the most seconds of it."""


@dataclass(frozen=True, slots=True)
class Shared:
    """What all tasks of a stage in one worker have in common, from one rebalance to the next; `turn` is one for the whole worker.

    `secret` tells the secret of the keys from any other; empty, state of any is taken.
    """

    stage: Stage
    settings: Settings
    brokers: Brokers
    codec: Codec
    gate: Gate
    generation: int
    turn: Turn
    folder: Path
    place: Callable[[Mapping[TopicPartition, int]], Awaitable[None]]
    progress: Callable[[str], None]
    measures: Measures = field(default_factory=Measures)
    secret: bytes = b""

    def physical(self, topic: str) -> str:
        """The name of a topic on the broker."""
        return self.settings.namespace + topic

    @property
    def group(self) -> str:
        """The consumer group of the stage."""
        return f"{self.settings.namespace}lianfang.{self.stage.name}"


class Task:
    """One stage on one partition; `start`, then `run` until cancelled or failed, then `close`."""

    def __init__(self, shared: Shared, partition: int, producer: AIOKafkaProducer | None = None) -> None:
        """Nothing is opened yet. `producer` is for tests: unset, it is a transactional one of the task's own."""
        settings, stage = shared.settings, shared.stage
        self._shared = shared
        self._partition = partition
        self._changelog = TopicPartition(shared.physical(stage.changelog), partition)
        self._inputs = Inputs(shared.gate, shared.generation, settings.batch_size, [shared.physical(topic) for topic in stage.urgent])
        self._appetite = Appetite(settings.batch_size, settings.batch_seconds)
        self._store: Store | None = None
        self._busy = asyncio.Lock()
        self._stopping = False
        self._under_way: Overlay | None = None
        self._commit: asyncio.Task[None] | None = None
        self._began, self._taken = 0.0, 0
        self._done: dict[TopicPartition, int] = {}
        self._taking: set[str] = set()
        self._gauges = Gauges(shared.measures, stage.name, partition, shared.settings.namespace)
        timeout = int(settings.transaction_timeout * 1000)
        self._producer = producer or AIOKafkaProducer(
            **shared.brokers.options(), transactional_id=f"{shared.group}.{partition}", transaction_timeout_ms=timeout, acks="all", linger_ms=0,
            max_batch_size=256 * 1024, request_timeout_ms=10_000,
        )  # fmt: skip

    async def start(self) -> None:
        """Fence a predecessor, recover the state, and let the inputs be fetched from where it has read them to, or the group if that is further."""
        stage = self._shared.stage
        await self._producer.start()
        few = [table.number for table in stage.tables if table.few]
        self._store = Store(self._shared.folder / str(self._partition), few, self._shared.settings.state_buffer, self._shared.settings.state_cache)
        inputs = [TopicPartition(self._shared.physical(topic), self._partition) for topic in stage.inputs]
        with self._gauges.recovering() as read:
            offsets = await recover(self._shared.brokers, self._shared.group, self._changelog, self._store, inputs, self._shared.progress, read)
        known(self._shared.secret, stage, self._partition, self._store)
        changes = upgrade(stage, self._partition, self._store, self._store.every())
        offsets = {tp: max(offset, counted(self._store, topic)) for topic, (tp, offset) in zip(stage.inputs, offsets.items(), strict=True)}
        if changes:
            self._shared.progress(f"migrating {len(changes):,} rows of stage {stage.name} on partition {self._partition}")
            overlay = Overlay(self._store)
            overlay.changes = changes
            await self._write(Computed({}, overlay, 0, {}), offsets)
        self._inputs.place(offsets)
        await self._shared.place(offsets)
        self._done = dict(offsets)

    def look(self, behind: Callable[[TopicPartition], int]) -> None:
        """Tell the measures how it stands, from any thread; `behind` says how many messages of an input were not fetched yet."""
        self._gauges.look(self._inputs, self._store, behind)

    @property
    def done(self) -> dict[TopicPartition, int]:
        """The offset after the last record of each input that is committed."""
        return dict(self._done)

    def idle(self) -> dict[TopicPartition, int]:
        """How far those inputs are committed of which nothing waits here, also not for this task's turn."""
        return {tp: at for tp, at in self._done.items() if tp.topic not in self._taking and not self._inputs.waits().get(tp, (0, None))[0]}

    def __str__(self) -> str:
        """How it stands."""
        did = ["is computed" if self._busy.locked() else "", "is committed" if self._commit and not self._commit.done() else ""]
        return f"a batch {' and one '.join(filter(None, did)) or 'is not under way'}, {self._inputs}"

    def offer(self, fetched: Fetched) -> None:
        """Take records of one input of this partition."""
        if not self._stopping:
            self._inputs.offer(fetched)

    async def run(self) -> None:
        """Handle batches for ever; raises what the broker raises, and what is not committed then is as if it had not been read."""
        PARTITION.set(self._partition)
        while not self._stopping:
            await self._inputs.arrival()
            await self._rest()
            async with self._busy:
                if not self._stopping:
                    await self.batch()

    async def batch(self) -> None:
        """Compute the next batch, wait until the one before is committed, and begin to commit this one; with nothing more waiting, wait for that too."""
        assert self._store is not None
        self._began = asyncio.get_running_loop().time()
        async with self._shared.turn.mine(pressing=self._inputs.pressing):  # what comes while it waits for its turn is in the batch too
            began = asyncio.get_running_loop().time()
            records = self._inputs.take(self._appetite.records)
            if not records:  # the partition was taken away meanwhile
                return
            self._taking = {record.topic for record in records}
            self._gauges.took(records)
            overlay = Overlay(self._under_way or self._store)
            if overlay.get(VERSION) is None:
                overlay.put(VERSION, stamp(self._shared.stage))
            if self._shared.secret and overlay.get(SECRET) is None:
                overlay.put(SECRET, self._shared.secret)
            computed, used = await asyncio.to_thread(self._compute, records, overlay)
            self._taken = computed.taken
            seconds = asyncio.get_running_loop().time() - began
            self._appetite.took(computed.taken, used)
            self._inputs.put_back(records[computed.taken :])
            self._gauges.computed(computed, seconds)
        self._taking = set()
        await self._settled()
        overlay.rebase(self._store)
        self._under_way = overlay
        ends = {TopicPartition(topic, self._partition): last + 1 for topic, last in computed.through.items()}
        self._commit = asyncio.create_task(self._write(computed, ends))
        if not self._inputs.waiting:
            await self._settled()

    def _compute(self, records: Sequence[Any], overlay: Overlay) -> tuple[Computed, float]:
        """In a thread: what follows from records, and the seconds of processor that it took."""
        began = time.thread_time()
        computed = compute(self._shared.stage, self._shared.codec, self._shared.settings.namespace, records, overlay)
        return computed, time.thread_time() - began

    async def close(self) -> None:
        """Finish the batch that is being committed, drop those that wait, and let go of store and producer."""
        self._stopping = True
        self._inputs.end()
        async with self._busy:
            if self._commit:
                (failure,) = await asyncio.gather(self._commit, return_exceptions=True)
                if failure:
                    log.warning("stage %s partition %d: its last batch was not committed and will be read again: %s", self._shared.stage.name, self._partition,
                                type(failure).__name__)  # fmt: skip
            store, self._store = self._store, None
            try:
                if store:
                    store.close()
            finally:  # also when a full disk does not let it close
                await self._let_go()

    async def _let_go(self) -> None:
        try:
            await asyncio.wait_for(self._producer.stop(), 10)
        except TimeoutError:
            log.warning("stage %s partition %d: its producer did not stop in time and is abandoned", self._shared.stage.name, self._partition)

    async def _rest(self) -> None:
        """Wait a little after a batch, unless a full one waits: at a trickle a transaction for each message costs more than all steps together.

        What is urgent waits a quarter of the time, and after a pause whatever comes goes at once. After a batch of very few it is as much shorter as they are
        fewer: one message now and then hardly waits, and of more in a second ever more come together until the wait is whole. Where there is more to compute
        than time, it waits as long as twice the turn is waited for: what comes would only stand in the queue, and in larger batches each message costs less.
        """
        pace = max(self._shared.settings.pace * min(1.0, self._taken / _FEW), min(_LONGEST, _WAITS * self._shared.turn.waited))
        for part in range(1, _PARTS + 1):
            wait = self._began + pace * part / _PARTS - asyncio.get_running_loop().time()
            if wait > 0 and self._inputs.waiting < self._appetite.records:
                await asyncio.sleep(wait)
            if self._inputs.pressing:
                return

    async def _settled(self) -> None:
        """Wait until the batch under way is committed and in the store; raises what its transaction raised."""
        commit, self._commit = self._commit, None
        if commit:
            await commit

    async def _write(self, computed: Computed, ends: Mapping[TopicPartition, int]) -> None:
        assert self._store is not None
        shared = self._shared
        changes = computed.overlay.changes
        work = Work(computed.outputs, self._changelog, changes.items(), shared.physical("ledger"),
                    [shared.physical(topic) for topic in shared.stage.everywhere])  # fmt: skip
        known, began = clock(), asyncio.get_running_loop().time()
        async with asyncio.timeout(shared.settings.transaction_timeout):
            position = await transact(self._producer, work)
        self._store.write(changes, self._store.position if position is None else position, known)
        self._under_way = None
        self._done.update(ends)
        self._gauges.committed(computed, asyncio.get_running_loop().time() - began)
