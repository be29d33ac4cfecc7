"""One publisher that many requests share."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Sequence
from typing import Protocol

from connectors.publish import CannotPublish
from schemas.models.raw import Raw


class Publishes(Protocol):
    """What it asks of a publisher; connectors.publish.Publisher does it."""

    def publish(self, raws: Sequence[Raw]) -> None:
        """Return when all are acknowledged; raises CannotPublish."""

    def ask(self) -> object:
        """Return when the broker answers; raises CannotPublish. Called beside `publish`."""

    def close(self) -> None:
        """Let go of the connection."""


class Sender:
    """Publishes for requests: what comes while other records are on their way goes together next, so an acknowledgement is waited for once for all of it.

    The broker's client blocks, so it runs in a thread, one batch after the other. After a failure the next batch connects anew.
    """

    def __init__(self, connect: Callable[[], Publishes], patience: float) -> None:
        """Take how to connect, and how many seconds a request waits."""
        self._connect, self._patience = connect, patience
        self._publisher: Publishes | None = None
        self._queue: list[tuple[list[Raw], asyncio.Future[None]]] = []
        self._task: asyncio.Task[None] | None = None
        self._sending = 0
        self.acknowledged = 0
        """Batches with records that the broker has."""
        self.failed: float | None = None
        """When records were not acknowledged, by the monotonic clock; None when later ones were."""

    @property
    def waiting(self) -> int:
        """Records that were not acknowledged yet."""
        return self._sending + sum(len(raws) for raws, _ in list(self._queue))

    async def publish(self, raws: list[Raw]) -> None:
        """Return when the broker has acknowledged all. Raises CannotPublish or TimeoutError when it has not, and then it is not known what it has."""
        done: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._queue.append((raws, done))
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self._send())
        await asyncio.wait_for(done, self._patience)

    async def ask(self) -> None:
        """Return when there is a connection and the broker answers; raises like `publish`."""
        await self.publish([])
        if self._publisher:
            await asyncio.wait_for(asyncio.to_thread(self._publisher.ask), self._patience)

    async def close(self) -> None:
        """Wait for what is on its way, and let go of the connection."""
        if self._task:
            await self._task
        if self._publisher:
            await asyncio.to_thread(self._publisher.close)

    async def _send(self) -> None:
        while self._queue:
            batch = [(raws, done) for raws, done in self._queue if not done.done()]
            self._queue = []
            problem: Exception | None = None
            raws = [raw for some, _ in batch for raw in some]
            self._sending = len(raws)
            try:
                await asyncio.to_thread(self._blocking, raws)
            except Exception as error:  # noqa: BLE001 - whatever it is, every request of the batch gets it
                problem = error
            self._sending = 0
            self.acknowledged += bool(raws) and not problem
            if raws:
                self.failed = time.monotonic() if problem else None
            for done in (done for _, done in batch if not done.done()):
                done.set_exception(problem) if problem else done.set_result(None)

    def _blocking(self, raws: list[Raw]) -> None:
        self._publisher = self._publisher or self._connect()
        try:
            self._publisher.publish(raws)
        except CannotPublish:
            broken, self._publisher = self._publisher, None
            broken.close()
            raise
