"""One stage in one worker: a member of the stage's consumer group, and a task for each partition that it is assigned."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from aiokafka import TopicPartition
from aiokafka.errors import KafkaError, ProducerFenced

from schemas import metrics
from schemas.brokers import Brokers
from schemas.codec import Codec
from schemas.measures import Measures
from schemas.metrics import OfFailure, OfInput, OfStage
from schemas.registry import RegistryAway
from schemas.settings import Settings
from streams.runtime import watchdog
from streams.runtime.condition import Condition
from streams.runtime.engine import App, Fetched
from streams.runtime.failure import place
from streams.runtime.held import Held
from streams.runtime.share import Unusual
from streams.runtime.standby import Copies
from streams.runtime.task import Shared, Task
from streams.runtime.turn import Turn
from streams.runtime.version import OtherVersion
from streams.runtime.where import STAGE
from streams.stage import Stage

log = logging.getLogger(__name__)
_RESTARTS = 30
_HEALTHY = 60.0
_MARKS = 0.3
"""Seconds between two times that the group is told how far its inputs are read; where tasks wait long for their turn it is up to a second."""
_LONGEST = 0.5
"""Seconds for which a broker gathers what comes, at most; how long aiokafka lets it wait for a message by default."""
_PASSING = (KafkaError, TimeoutError, OSError, RegistryAway)
"""Failures that joining the group again may mend; any other is a fault of the program or the machine, and ends the worker."""


class WorkerFailed(Exception):
    """A stage cannot go on; the message says which and why."""


@dataclass(frozen=True, slots=True)
class Worker:
    """What all stages of one worker have in common; `brokers` gives each stage its own login, by its name; `turn` and `secret` are described at `Shared`."""

    settings: Settings
    brokers: Callable[[str], Brokers]
    codec: Codec
    folder: Path
    turn: Turn
    tell: Callable[[str], None]
    measures: Measures = field(default_factory=Measures)
    secret: bytes = b""


class Runner:
    """A member of the group, again and again.

    After a rebalance all tasks are made anew. When a task is refused by the broker (it was thought dead, or its transaction timed out), its batch is dropped,
    and the whole app leaves the group and joins it again, so that only a proper member takes the partition.
    """

    def __init__(self, stage: Stage, worker: Worker) -> None:
        """Nothing is started yet."""
        self.name = stage.name
        self._stage, self._worker = replace(stage, refuses=worker.settings.reject_share), worker
        self._inputs = {topic: worker.settings.namespace + topic for topic in stage.inputs}
        self._tasks: dict[int, Task] = {}
        self._running: set[asyncio.Task[None]] = set()
        self._closing: set[asyncio.Task[None]] = set()
        self._taking: asyncio.Task[None] | None = None
        self._copying: asyncio.Task[None] | None = None
        self._stop = asyncio.Event()
        self._again = asyncio.Event()
        self._failure: BaseException | None = None
        self._held: set[tuple[str, int]] = set()
        self._app: App | None = None
        self.condition = Condition(stage.name)

    def stop(self) -> None:
        """End `run` soon."""
        self._stop.set()
        self._again.set()

    async def run(self) -> None:
        """Join the group, work, and join again when refused; raises WorkerFailed for what joining again does not mend."""
        refused = 0
        STAGE.set(self.name)
        while not self._stop.is_set():
            began = time.monotonic()
            await self._member()
            if self._stop.is_set():
                return
            failure = self._failure
            if isinstance(failure, Unusual):
                self._hold(failure)
                continue
            self.condition.ends(type(failure).__name__)
            if isinstance(failure, OtherVersion):
                raise WorkerFailed(str(failure)) from failure
            refused = 1 if time.monotonic() - began > _HEALTHY else refused + 1
            if not isinstance(failure, _PASSING) or refused > _RESTARTS:
                raise WorkerFailed(f"stage {self.name} cannot go on after {refused} tries: {type(failure).__name__} at {place(failure)}") from failure
            self.condition.joins(type(failure).__name__)
            self._worker.measures.add(metrics.REJOINS, OfFailure(self.name, type(failure).__name__))
            log.warning("stage %s joins its group again (%d): %s", self.name, refused, type(failure).__name__)
            await asyncio.sleep(min(0.2 * 2**refused, 5))

    async def _member(self) -> None:
        """Be a member until told to stop, or until something fails."""
        self._again.clear()
        self._failure = None
        name, settings = f"{self._worker.settings.namespace}lianfang.{self.name}", self._worker.settings
        app = App(name, self._worker.brokers(self.name), self._inputs, settings, self._deliver, self._patience)
        app.gate = Held(self._held)
        self._app = app
        app.on_partitions_revoked.connect(self._revoked)
        app.on_partitions_assigned.connect(self._assigned)
        watches = [asyncio.create_task(watch(app)) for watch in (self._watch, self._guard, self._mark)]
        for watch in watches:
            watch.add_done_callback(self._ended)
        try:
            await app.start()
            await self._again.wait()
            if self._stop.is_set():
                await self._part(app)
        except _PASSING as failure:
            self._fail(failure)
        finally:
            for watch in watches:
                watch.cancel()
            self._app = None
            try:
                await self._revoked(app)
            finally:  # or its threads stay members of the group, and nobody else is given the partitions
                await asyncio.wait_for(app.stop(), 30)

    def _patience(self) -> float:
        """Seconds for which the broker may gather what comes: as long as tasks wait for their turn, for what comes earlier would only wait there."""
        return min(_LONGEST, self._worker.turn.waited)

    async def _part(self, app: App) -> None:
        """Let all tasks go, and tell the group how far they came."""
        tasks = list(self._tasks.values())
        await self._revoked(app)
        if ends := {tp: at for task in tasks for tp, at in task.done.items()}:
            await app.consumer.mark(ends)

    def _hold(self, unusual: Unusual) -> None:
        """Read an input of a partition no more until this worker is started again; whoever takes the partition over comes to the same."""
        self._held.add((self._inputs[unusual.topic], unusual.partition))
        self.condition.held |= {(unusual.topic, unusual.partition)}
        log.error("%s", unusual)
        self._worker.tell(str(unusual))

    def look(self) -> None:
        """Tell the measures how this stage stands, from any thread."""
        measures, app, condition = self._worker.measures, self._app, self.condition
        measures.set(metrics.PARTITIONS, OfStage(self.name), len(condition.reading))
        for topic, partition in condition.held:
            measures.set(metrics.HELD, OfInput(self.name, topic, partition), 1)
        for task in list(self._tasks.values()):
            task.look(lambda tp: app.consumer.behind(tp) if app else 0)

    async def _watch(self, app: App) -> None:
        """Notice when Faust gives up by itself."""
        while not app.should_stop:  # noqa: ASYNC110 - Faust has no event for it
            await asyncio.sleep(0.2)
        self._fail(app.crash_reason or RuntimeError("Faust stopped"))

    async def _guard(self, app: App) -> None:
        """Notice when nothing is done of an input any more. A broker that does not answer is asked again; `Report.ask` tells of its silence."""
        dog = watchdog.Watchdog()
        while True:
            await asyncio.sleep(watchdog.EVERY)
            held = {(self._inputs[topic], partition) for topic, partition in self.condition.held}
            done = {tp: at for task in self._tasks.values() for tp, at in task.idle().items() if tuple(tp) not in held}
            if not self.condition.reading or not done:
                continue
            with suppress(KafkaError, TimeoutError):
                suspects = dog.look(done, await asyncio.wait_for(app.consumer.highwaters(*done), watchdog.EVERY))
                if suspects:
                    self._bark(await watchdog.more(self._worker.brokers(self.name), suspects))
                    dog.clear(suspects)

    async def _mark(self, app: App) -> None:
        """Tell the group how far the inputs are read; what could not be told is told with the next. No task goes by it, but lag and back-pressure do."""
        generation, marked = 0, dict[TopicPartition, int]()
        while True:
            await asyncio.sleep(max(_MARKS, 2 * self._patience()))
            if generation != app.consumer_generation_id:  # somebody else may have told otherwise meanwhile
                generation, marked = app.consumer_generation_id, {}
            new = {tp: at for task in self._tasks.values() for tp, at in task.done.items() if marked.get(tp) != at}
            if new and await app.consumer.mark(new):
                marked.update(new)

    def _bark(self, stuck: set[TopicPartition]) -> None:
        """Say how the tasks of these inputs stand, for whoever looks for the cause, and give up."""
        if stuck:
            for partition in sorted({tp.partition for tp in stuck} & set(self._tasks)):
                log.warning("stage %s partition %d stands still: %s", self.name, partition, self._tasks[partition])
            names = ", ".join(f"{tp.topic} {tp.partition}" for tp in sorted(stuck))
            raise watchdog.Stuck(f"nothing is done of {names}, although there is more")

    def _fail(self, failure: BaseException) -> None:
        self._failure = self._failure or failure
        self._again.set()

    async def _deliver(self, fetched: Fetched) -> None:
        task = self._tasks.get(fetched.records[0].partition)
        if task:
            task.offer(fetched)

    async def _revoked(self, _: Any, *__: Any, **___: Any) -> None:
        """Let all tasks and copies go, also those that are still recovering: a rebalance must not wait for a recovery."""
        self.condition.rebalances()
        busy = [work for work in (self._taking, self._copying) if work and not work.done()]
        for work in busy:
            work.cancel()
        if busy:
            await asyncio.wait(busy)
        self._copying = None
        tasks, self._tasks = self._tasks, {}
        await self._close(tasks.values())
        if self._running:
            await asyncio.wait(self._running, timeout=10)

    async def _close(self, tasks: Iterable[Task]) -> None:
        """Close these tasks, and those of before that are still closing.

        Faust cancels whoever waits here when a rebalance takes too long; they go on closing nevertheless, or a store would stay open for ever.
        """
        self._closing |= {asyncio.create_task(task.close()) for task in tasks}
        closed = (await asyncio.wait(self._closing))[0] & self._closing if self._closing else set()
        self._closing -= closed
        for failure in filter(None, (one.exception() for one in closed)):  # as of a full disk: all others are let go of nevertheless, and the group is left
            log.warning("stage %s: a task did not close: %s at %s", self.name, type(failure).__name__, place(failure))
            self._fail(failure)

    async def _assigned(self, app: Any, assigned: Any = (), *_: Any, **__: Any) -> None:
        """Start the tasks in the background: recovery may take longer than a rebalance may."""
        await self._revoked(app)
        partitions = sorted({tp.partition for tp in assigned if tp.topic in self._inputs.values()})
        self._worker.measures.add(metrics.REBALANCES, OfStage(self.name))
        self.condition.recovers(partitions)
        self._taking = asyncio.create_task(self._take_over(app, partitions))
        self._taking.add_done_callback(self._ended)

    async def _take_over(self, app: App, partitions: list[int]) -> None:
        worker = self._worker

        async def place(offsets: Mapping[TopicPartition, int]) -> None:
            await app.consumer.place(offsets)

        folder, settings = worker.folder / (worker.settings.namespace + self.name), worker.settings
        if self.name in settings.standby.split(",") and app.assignment.copies:
            copies = Copies(worker.brokers(self.name), settings.namespace + self._stage.changelog, folder, app.assignment.copies)
            self._copying = asyncio.create_task(copies.run())
            self._copying.add_done_callback(self._ended)
        shared = Shared(
            self._stage, settings, worker.brokers(self.name), worker.codec, app.gate, app.consumer_generation_id, worker.turn, folder, place, worker.tell,
            worker.measures, worker.secret,
        )  # fmt: skip
        self._tasks = {partition: Task(shared, partition) for partition in partitions}
        await _started(list(self._tasks.values()))
        for task in self._tasks.values():
            running = asyncio.create_task(task.run())
            self._running.add(running)
            running.add_done_callback(self._ended)
        self.condition.reads(partitions, lambda: app.consumer.turned)
        copied = f", with copies of {', '.join(map(str, app.assignment.copies))}" if self._copying else ""
        worker.tell(f"stage {self.name} is ready on partitions {', '.join(map(str, partitions)) or 'none'}{copied}")

    def _ended(self, work: asyncio.Task[None]) -> None:
        self._running.discard(work)
        if not work.cancelled() and (failure := work.exception()):
            if isinstance(failure, ProducerFenced):
                self._worker.measures.add(metrics.FENCED, OfStage(self.name))
            what = "refused by the broker, its batch is dropped" if isinstance(failure, ProducerFenced) else f"{type(failure).__name__} at {place(failure)}"
            log.warning("stage %s: %s", self.name, what)
            self._fail(failure)


async def _started(tasks: Sequence[Task]) -> None:
    """Start tasks; when one fails none goes on starting, for it would open a store that nobody closes and fence the one that comes after it."""
    starts = [asyncio.create_task(task.start()) for task in tasks]
    try:
        await asyncio.gather(*starts)
    finally:
        for start in starts:
            start.cancel()
        if starts:
            await asyncio.wait(starts)
