"""The messages of a topic as they are: to be sent again on another bus, or looked at."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence

from kafka import KafkaConsumer, TopicPartition

from deploy.bus import Bus
from tests.bench.feed import Message

_PATIENCE = 60.0


def messages(bus: Bus, topic: str, partitions: Sequence[int] | None = None) -> Iterator[Message]:
    """Every committed message of some partitions of a topic of the bus (None: of all), as `committed` gives them."""
    return committed(bus.endpoints.brokers, bus.settings.namespace + topic, range(bus.topics[topic].partitions or 1) if partitions is None else partitions)


def committed(brokers: str, topic: str, partitions: Sequence[int]) -> Iterator[Message]:
    """Every committed message that partitions of a topic, by its name on the broker, hold now: partition, key and value; fails when nothing comes for a minute."""
    consumer = KafkaConsumer(bootstrap_servers=brokers, isolation_level="read_committed", enable_auto_commit=False, group_id=None,
                             auto_offset_reset="earliest", max_partition_fetch_bytes=4 * 2**20)  # fmt: skip
    try:
        parts = [TopicPartition(topic, number) for number in partitions]
        consumer.assign(parts)
        consumer.seek_to_beginning(*parts)
        ends = consumer.end_offsets(parts)
        limit = time.monotonic() + _PATIENCE
        while any(consumer.position(part) < ends[part] for part in parts):
            assert time.monotonic() < limit, f"{topic} cannot be read to its end"
            for records in consumer.poll(timeout_ms=200, max_records=10_000).values():
                limit = time.monotonic() + _PATIENCE
                yield from ((record.partition, record.key or b"", record.value or b"") for record in records)
    finally:
        consumer.close()
