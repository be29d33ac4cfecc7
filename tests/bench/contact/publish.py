"""Publishing messages where the default partitioners of Kafka's clients would place them."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache

from kafka.partitioner.default import murmur2

from tests.bench import feed


def publish(brokers: str, topic: str, partitions: int, messages: Iterable[tuple[bytes, bytes]]) -> int:
    """Send keys and values to a topic by its name on the broker; returns how many there were when all are acknowledged."""
    return feed.publish(brokers, topic, ((_partition(key, partitions), key, value) for key, value in messages))


@cache
def _partition(key: bytes, partitions: int) -> int:
    """The partition of a key as kafka-python's and Java's default partitioners choose it."""
    return int((murmur2(key) & 0x7FFFFFFF) % partitions)
