"""What the broker tells about a run from outside: committed offsets, and bytes in its logs."""

from __future__ import annotations

from kafka import TopicPartition
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
