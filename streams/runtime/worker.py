"""A worker: one or more stages in one process, each a consumer group of its own."""

from __future__ import annotations

import asyncio
import fcntl
import logging
import signal
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import IO, Any

from aiokafka import TopicPartition
from aiokafka.errors import KafkaError, ProducerFenced

from schemas.codec import Codec
from schemas.settings import Settings
from streams.runtime.engine import App
from streams.runtime.task import Shared, Task
from streams.stage import Stage

log = logging.getLogger(__name__)
_RESTARTS = 30


class WorkerFailed(Exception):
    """A stage cannot go on; the message says which and why."""


def run(stages: Sequence[Stage], settings: Settings, brokers: str, codec: Codec, tell: Callable[[str], None]) -> None:
    """Run stages until SIGTERM or SIGINT; raises WorkerFailed when one of them cannot go on."""
    with _Slot(settings.home / "state") as folder:
        asyncio.run(_run([Runner(stage, settings, brokers, codec, folder, tell) for stage in stages]))


async def _run(runners: Sequence[Runner]) -> None:
    loop = asyncio.get_running_loop()
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    tasks = [asyncio.create_task(runner.run(), name=runner.name) for runner in runners]
    waiter = asyncio.create_task(stop.wait())
    done, _ = await asyncio.wait([*tasks, waiter], return_when=asyncio.FIRST_COMPLETED)
    for runner in runners:
        runner.stop()
    await asyncio.wait([*tasks], timeout=30)
    waiter.cancel()
    for task in done - {waiter}:
        task.result()


class _Slot:
    """A folder for state that no other process has: the first free one, so that a worker that comes back finds its own again.

    A worker that is frozen keeps its lock, and the one that takes over its partitions has another folder.
    """

    def __init__(self, root: Path) -> None:
        self._root = root
        self._lock: IO[bytes] | None = None

    def __enter__(self) -> Path:
        self._root.mkdir(parents=True, exist_ok=True)
        for number in range(1024):
            lock = (self._root / f"{number}.lock").open("wb")
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                lock.close()
                continue
            self._lock = lock
            return self._root / str(number)
        raise WorkerFailed(f"no free slot in {self._root}")

    def __exit__(self, *_: object) -> None:
        if self._lock:
            self._lock.close()


class Runner:
    """One stage in this worker: a Faust app, and a task for each partition that it is assigned.

    After a rebalance all tasks are made anew. When a task is refused by the broker (it was thought dead, or its transaction timed out), its batch is dropped,
    and the whole app leaves the group and joins it again, so that only a proper member takes the partition.
    """

    def __init__(self, stage: Stage, settings: Settings, brokers: str, codec: Codec, folder: Path, tell: Callable[[str], None]) -> None:
        """Nothing is started yet."""
        self.name = stage.name
        self._stage, self._settings, self._brokers, self._codec, self._tell = stage, settings, brokers, codec, tell
        self._folder = folder / (settings.namespace + stage.name)
        self._tasks: dict[int, Task] = {}
        self._running: set[asyncio.Task[None]] = set()
        self._changing = asyncio.Lock()
        self._stop = asyncio.Event()
        self._again = asyncio.Event()
        self._failure: BaseException | None = None
        self._app: App | None = None

    def stop(self) -> None:
        """End `run` soon."""
        self._stop.set()
        self._again.set()

    async def run(self) -> None:
        """Join the group, work, and join again when refused; raises WorkerFailed for what joining again does not mend."""
        for attempt in range(_RESTARTS):
            await self._join()
            if self._stop.is_set():
                return
            if self._failure and not isinstance(self._failure, KafkaError | TimeoutError | OSError):
                raise WorkerFailed(f"stage {self.name}: {type(self._failure).__name__}") from self._failure
            log.warning("stage %s joins its group again (%d): %s", self.name, attempt + 1, type(self._failure).__name__)
            await asyncio.sleep(min(0.2 * 2**attempt, 5))
        raise WorkerFailed(f"stage {self.name} was refused {_RESTARTS} times") from self._failure

    async def _join(self) -> None:
        self._again.clear()
        if self._stop.is_set():
            return
        self._failure = None
        names = {topic: self._settings.namespace + topic for topic in self._stage.inputs}
        group = f"{self._settings.namespace}lianfang.{self.name}"
        app = self._app = App(group, self._brokers, names, self._settings, self._deliver)
        app.on_partitions_revoked.connect(self._revoked)
        app.on_partitions_assigned.connect(self._assigned)
        await app.start()
        watch = asyncio.create_task(self._watch(app))
        await self._again.wait()
        watch.cancel()
        await self._revoked(app)
        await asyncio.wait_for(app.stop(), 30)

    async def _watch(self, app: App) -> None:
        """Notice when Faust gives up by itself."""
        while not app.should_stop:
            await asyncio.sleep(0.2)
        self._fail(app.crash_reason or RuntimeError("Faust stopped"))

    def _fail(self, failure: BaseException) -> None:
        self._failure = self._failure or failure
        self._again.set()

    async def _deliver(self, records: list[Any]) -> None:
        task = self._tasks.get(records[0].partition)
        if task:
            task.offer(records)

    async def _revoked(self, app: Any, *_: Any, **__: Any) -> None:
        async with self._changing:
            await self._drop()

    async def _drop(self) -> None:
        tasks, self._tasks = self._tasks, {}
        await asyncio.gather(*(task.close() for task in tasks.values()))
        if self._running:
            await asyncio.wait(self._running, timeout=10)

    async def _assigned(self, app: Any, assigned: Any = (), *_: Any, **__: Any) -> None:
        """Start the tasks in the background: recovery may take longer than a rebalance may."""
        tps = [tp for tp in assigned if tp.topic in {self._settings.namespace + topic for topic in self._stage.inputs}]
        work = asyncio.create_task(self._take_over(app, sorted({tp.partition for tp in tps})))
        self._running.add(work)
        work.add_done_callback(self._ended)

    async def _take_over(self, app: App, partitions: list[int]) -> None:
        async with self._changing:
            await self._drop_quietly()
            shared = Shared(self._stage, self._settings, self._brokers, self._codec, app.gate, self._folder, self._seek, self._tell)
            self._tasks = {partition: Task(shared, partition) for partition in partitions}
            await asyncio.gather(*(task.start() for task in self._tasks.values()))
            for task in self._tasks.values():
                running = asyncio.create_task(task.run())
                self._running.add(running)
                running.add_done_callback(self._ended)
        self._tell(f"stage {self.name} is ready on partitions {', '.join(map(str, partitions)) or 'none'}")

    async def _drop_quietly(self) -> None:
        tasks, self._tasks = self._tasks, {}
        await asyncio.gather(*(task.close() for task in tasks.values()))

    def _ended(self, work: asyncio.Task[None]) -> None:
        self._running.discard(work)
        if not work.cancelled() and (failure := work.exception()):
            known = isinstance(failure, ProducerFenced)
            log.warning(
                "stage %s: %s", self.name, "refused by the broker, its batch is dropped" if known else type(failure).__name__, exc_info=not known and failure
            )
            self._fail(failure)

    async def _seek(self, tp: TopicPartition, offset: int) -> None:
        assert self._app is not None
        await self._app.consumer.seek(tp, offset)
