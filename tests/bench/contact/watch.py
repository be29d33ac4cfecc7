"""What the broker and the machine tell about a run from outside: committed offsets, what was written, bytes on disk, seconds of CPU."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import psutil
from kafka import KafkaConsumer, TopicPartition
from kafka.admin import KafkaAdminClient
from kafka.errors import CoordinatorLoadInProgressError, CoordinatorNotAvailableError, NotCoordinatorError

_LOADING = (CoordinatorLoadInProgressError, CoordinatorNotAvailableError, NotCoordinatorError)


class Watch:
    """Looks at the topics and groups whose names hold a prefix; close it at the end."""

    def __init__(self, brokers: str, prefix: str) -> None:
        """Connect."""
        self._brokers, self._prefix = brokers, prefix
        self._admin = KafkaAdminClient(bootstrap_servers=brokers.split(","))
        self._groups: list[str] = []
        self._moved = False

    def committed(self, topics: list[str]) -> list[int]:
        """How many messages of each topic (by its name on the broker) the groups have committed, all partitions together.

        Right for topics written without transactions, where offsets count messages.
        """
        counts = dict.fromkeys(topics, 0)
        for part, offset in self._offsets().items():
            if part.topic in counts:
                counts[part.topic] += max(offset, 0)
        self._moved = any(counts.values())
        return list(counts.values())

    def _offsets(self) -> dict[TopicPartition, int]:
        """What the groups have committed; nothing while the broker still loads its groups. Groups are looked for until one has committed something."""
        try:
            if not self._moved:
                self._groups = [one["group_id"] for one in self._admin.list_groups() if one["group_id"].startswith(self._prefix)]
            found = self._admin.list_group_offsets(self._groups) if self._groups else {}
        except _LOADING:
            return {}
        return {part: committed.offset for offsets in found.values() for part, committed in offsets.items()}

    def values(self, topic: str, patience: float = 60.0) -> Iterator[bytes]:
        """The value of every committed message that a topic holds now; fails when nothing comes for `patience` seconds."""
        consumer = KafkaConsumer(bootstrap_servers=self._brokers, isolation_level="read_committed", enable_auto_commit=False, group_id=None,
                                 auto_offset_reset="earliest", max_partition_fetch_bytes=4 * 2**20)  # fmt: skip
        try:
            parts = [TopicPartition(topic, number) for number in sorted(consumer.partitions_for_topic(topic) or ())]
            consumer.assign(parts)
            ends = consumer.end_offsets(parts)
            limit = time.monotonic() + patience
            while any(consumer.position(part) < ends[part] for part in parts):
                assert time.monotonic() < limit, f"nothing more of {topic} came for {patience:.0f} seconds"
                for records in consumer.poll(timeout_ms=200, max_records=10_000).values():
                    limit = time.monotonic() + patience
                    yield from (record.value or b"" for record in records)
        finally:
            consumer.close()

    def logged(self, part: str) -> int:
        """Bytes in the broker's logs of all topics of the prefix whose names hold a part."""
        found = 0
        for broker in self._admin.describe_log_dirs():
            for folder in broker["log_dirs"]:
                for topic in folder["topics"]:
                    if self._prefix in topic["name"] and part in topic["name"]:
                        found += sum(one["partition_size"] for one in topic["partitions"])
        return found

    def make(self, topic: str, partitions: int) -> None:
        """Make a topic."""
        self._admin.create_topics({topic: {"num_partitions": partitions, "replication_factor": 1}}, wait_for_metadata=True)

    def close(self) -> None:
        """Let go of the connection."""
        self._admin.close()


class Gauge:
    """One process from outside: seconds of CPU, user and system, and the most memory that was seen."""

    def __init__(self, pid: int) -> None:
        """Take its id."""
        self._process = psutil.Process(pid)
        self.memory = 0

    def cpu(self) -> float:
        """Seconds of CPU until now; the memory is looked at as well."""
        with self._process.oneshot():
            times = self._process.cpu_times()
            self.memory = max(self.memory, self._process.memory_info().rss)
        return float(times.user + times.system)


def on_disk(folder: Path) -> int:
    """Bytes that the files under a folder take on disk."""
    return sum(path.lstat().st_blocks * 512 for path in folder.rglob("*") if path.is_file()) if folder.exists() else 0
