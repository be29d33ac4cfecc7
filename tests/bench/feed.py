"""Bringing prepared messages onto a topic: as fast as the broker takes them, or so many a second."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from itertools import islice
from typing import Any

from aiokafka import AIOKafkaProducer

from deploy.cli.output import progress

Message = tuple[int, bytes, bytes]
"""Partition, key, value."""
_TICK = 0.02
_PORTION = 8_000
_UNDER_WAY = 32
_QUIET = 2.0


class Feed:
    """Sends messages to a topic, by its name on the broker. `sent` is how many the producer has taken up to now."""

    def __init__(self, brokers: str, topic: str, messages: Iterable[Message], rate: float | None = None) -> None:
        """Take what to send, and how many a second, or None for as fast as the broker takes them."""
        self.sent = 0
        self._brokers, self._topic, self._messages, self._rate = brokers, topic, iter(messages), rate
        self._stop = threading.Event()

    def stop(self) -> None:
        """Send no more than is on its way."""
        self._stop.set()

    def run(self) -> None:
        """Send until there is no more, or `stop`; returns when all that was sent is acknowledged."""
        asyncio.run(self._run())

    async def _run(self) -> None:
        producer = AIOKafkaProducer(bootstrap_servers=self._brokers, acks="all", linger_ms=0, max_batch_size=256 * 1024)
        await producer.start()
        under_way: list[asyncio.Future[Any]] = []
        began = told = time.monotonic()
        try:
            while not self._stop.is_set() and (portion := list(islice(self._messages, await self._due(began)))):
                under_way += await _send(producer, self._topic, portion)
                self.sent += len(portion)
                while len(under_way) > _UNDER_WAY:
                    await under_way.pop(0)
                if not self._rate and time.monotonic() - told > _QUIET:
                    told = time.monotonic()
                    progress(f"{self.sent:,} messages published to {self._topic}")
            await asyncio.gather(*under_way)
        finally:
            await producer.stop()

    async def _due(self, began: float) -> int:
        """How many to send now; waits for a tick, and until there is one."""
        if not self._rate:
            return _PORTION
        while True:
            await asyncio.sleep(_TICK)
            due = int((time.monotonic() - began) * self._rate) - self.sent
            if due > 0 or self._stop.is_set():
                return due


async def _send(producer: AIOKafkaProducer, topic: str, portion: list[Message]) -> list[asyncio.Future[Any]]:
    """One batch for each partition, or several where one does not hold all."""
    sent = []
    batches: dict[int, Any] = {}
    for partition, key, value in portion:
        batch = batches.get(partition)
        if batch is None or batch.append(timestamp=None, key=key, value=value) is None:
            if batch is not None:
                sent.append(await producer.send_batch(batch, topic, partition=partition))
            batch = batches[partition] = producer.create_batch()
            batch.append(timestamp=None, key=key, value=value)
    return sent + [await producer.send_batch(batch, topic, partition=partition) for partition, batch in batches.items()]


def publish(brokers: str, topic: str, messages: Iterable[Message]) -> int:
    """Send messages as fast as the broker takes them; returns how many."""
    feed = Feed(brokers, topic, messages)
    feed.run()
    return feed.sent


@contextmanager
def feeding(brokers: str, topic: str, messages: Iterable[Message], rate: float) -> Iterator[Feed]:
    """Send messages at a rate in a thread meanwhile; at the end it is stopped, and what stopped it before is raised."""
    feed = Feed(brokers, topic, messages, rate)
    failures: list[BaseException] = []

    def run() -> None:
        try:
            feed.run()
        except BaseException as failure:  # noqa: BLE001 - it is raised in the thread that asked
            failures.append(failure)

    thread = threading.Thread(target=run, name=f"feed {topic}")
    thread.start()
    try:
        yield feed
    finally:
        feed.stop()
        thread.join()
    if failures:
        raise failures[0]
