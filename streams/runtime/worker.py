"""A worker: one or more stages in one process, each a consumer group of its own."""

from __future__ import annotations

import asyncio
import fcntl
import signal
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import IO

from schemas.brokers import Brokers
from schemas.codec import Codec
from schemas.settings import Settings
from streams.runtime.garbage import look_seldom
from streams.runtime.report import Report
from streams.runtime.runner import Runner, Worker, WorkerFailed
from streams.runtime.turn import Turn
from streams.stage import Stage

_SWITCH = 0.0005
"""Seconds after which the event loop has its turn while a batch is computed, instead of five milliseconds: a transaction takes it some twenty turns."""


def run(stages: Sequence[Stage], settings: Settings, brokers: Callable[[str], Brokers], codec: Codec, tell: Callable[[str], None], report: Report | None = None,
        secret: bytes = b"") -> None:  # fmt: skip
    """Run stages until SIGTERM or SIGINT; raises WorkerFailed when one of them cannot go on.

    `brokers` gives each stage its own login, by its name; `report` says meanwhile how they are; `secret` is of `Shared`.
    """
    look_seldom()
    sys.setswitchinterval(_SWITCH)
    report = report or Report()
    with _Slot(settings.home / "state") as folder:
        asyncio.run(_run(stages, Worker(settings, brokers, codec, folder, Turn(), tell, report.measures, secret), report))


async def _run(stages: Sequence[Stage], worker: Worker, report: Report) -> None:
    loop = asyncio.get_running_loop()
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    runners = [Runner(stage, worker) for stage in stages]
    report.watch(runners)
    aside = [asyncio.create_task(report.beat()), asyncio.create_task(report.ask(worker.brokers(stages[0].name)))]
    tasks = [asyncio.create_task(runner.run(), name=runner.name) for runner in runners]
    waiter = asyncio.create_task(stop.wait())
    done, _ = await asyncio.wait([*tasks, waiter], return_when=asyncio.FIRST_COMPLETED)
    for runner in runners:
        runner.stop()
    await asyncio.wait([*tasks], timeout=30)
    waiter.cancel()
    for one in aside:
        one.cancel()
    await asyncio.wait(aside)
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
