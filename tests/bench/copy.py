"""The messages of a topic as they are, to be sent again on another bus."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence

from kafka import KafkaConsumer, TopicPartition

from deploy.bus import Bus
from tests.bench.feed import Message

_PATIENCE = 60.0


def messages(bus: Bus, topic: str, partitions: Sequence[int] | None = None) -> Iterator[Message]:
    """Every committed message of some partitions of a topic (None: of all), partition, key and value; fails when nothing comes for a minute."""
    consumer = KafkaConsumer(bootstrap_servers=bus.endpoints.brokers, isolation_level="read_committed", enable_auto_commit=False, group_id=None,
                             auto_offset_reset="earliest", max_partition_fetch_bytes=4 * 2**20)  # fmt: skip
    try:
        numbers = range(bus.topics[topic].partitions or 1) if partitions is None else partitions
        parts = [TopicPartition(bus.settings.namespace + topic, number) for number in numbers]
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
