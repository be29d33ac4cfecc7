"""Publishing many messages fast: batches built here, partition by partition, as the default partitioner would place them."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterable
from functools import cache
from typing import Any

from aiokafka import AIOKafkaProducer
from kafka.partitioner.default import murmur2

from deploy.cli.output import progress

_BATCH = 256 * 1024
_IN_FLIGHT = 32
_QUIET = 2.0


def publish(brokers: str, topic: str, partitions: int, messages: Iterable[tuple[bytes, bytes]]) -> int:
    """Send keys and values to a topic by its name on the broker; returns how many there were when all are acknowledged."""
    return asyncio.run(_publish(brokers, topic, partitions, messages))


@cache
def _partition(key: bytes, partitions: int) -> int:
    """The partition of a key as kafka-python's and Java's default partitioners choose it."""
    return int((murmur2(key) & 0x7FFFFFFF) % partitions)


async def _publish(brokers: str, topic: str, partitions: int, messages: Iterable[tuple[bytes, bytes]]) -> int:
    producer = AIOKafkaProducer(bootstrap_servers=brokers, acks="all", max_batch_size=_BATCH, linger_ms=0)
    await producer.start()
    open_ = {number: producer.create_batch() for number in range(partitions)}
    waiting: list[asyncio.Future[Any]] = []
    count, told = 0, time.monotonic()
    try:
        for count, (key, value) in enumerate(messages, 1):
            number = _partition(key, partitions)
            if open_[number].append(key=key, value=value, timestamp=None) is None:
                waiting.append(await producer.send_batch(open_[number], topic, partition=number))
                open_[number] = producer.create_batch()
                open_[number].append(key=key, value=value, timestamp=None)
                waiting = await _fewer(waiting)
                if time.monotonic() - told > _QUIET:
                    told = time.monotonic()
                    progress(f"published {count:,} to {topic}")
        waiting += [await producer.send_batch(batch, topic, partition=number) for number, batch in open_.items() if batch.record_count()]
        await asyncio.gather(*waiting)
    finally:
        await producer.stop()
    return count


async def _fewer(waiting: list[asyncio.Future[Any]]) -> list[asyncio.Future[Any]]:
    """Wait for the oldest acknowledgements while too many are outstanding; raises what the broker refused."""
    await asyncio.sleep(0)
    while len(waiting) > _IN_FLIGHT:
        await waiting.pop(0)
    return waiting
