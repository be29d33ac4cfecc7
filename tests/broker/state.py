"""The state of a stage as its changelog has it, and as the folders of workers do."""

from __future__ import annotations

from pathlib import Path

from kafka import KafkaConsumer, TopicPartition

from streams.runtime.store import Store
from tests.broker.live import Live

Rows = dict[bytes, bytes]


def told(live: Live, stage: str, partition: int) -> Rows:
    """The rows that follow from the committed changelog of a stage's partition."""
    part = TopicPartition(f"{live.bus.settings.namespace}state.{stage}", partition)
    consumer = KafkaConsumer(bootstrap_servers=live.bus.endpoints.brokers, isolation_level="read_committed", enable_auto_commit=False, group_id=None)
    try:
        consumer.assign([part])
        consumer.seek_to_beginning(part)
        rows: Rows = {}
        while consumer.position(part) < consumer.end_offsets([part])[part]:
            for record in consumer.poll(timeout_ms=200).get(part, []):
                rows.pop(record.key, None)
                if record.value is not None:
                    rows[record.key] = record.value
        return rows
    finally:
        consumer.close()


def kept(live: Live, stage: str, partition: int) -> list[Rows]:
    """The rows in the folder of each worker that has any of a stage's partition; all workers must have ended."""
    found = []
    for path in sorted(live.bus.settings.home.glob(f"state/*/{live.bus.settings.namespace}{stage}/{partition}")):
        store = Store(Path(path))
        found.append(dict(store.every()))
        store.close()
    return found
