"""Assignment in which partition p of all of a stage's inputs goes to one worker."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from aiokafka.coordinator.assignors.abstract import AbstractPartitionAssignor
from aiokafka.coordinator.protocol import ConsumerProtocolMemberAssignment, ConsumerProtocolMemberMetadata


class Copartitioned(AbstractPartitionAssignor):
    """Worker number p modulo the number of workers owns partition p of every topic; workers are numbered by member id."""

    name = "lianfang-copartitioned"
    version = 0

    @classmethod
    def assign(cls, cluster: Any, members: Mapping[str, ConsumerProtocolMemberMetadata]) -> dict[str, ConsumerProtocolMemberAssignment]:
        """Assign every partition of every subscribed topic to one member."""
        topics = sorted({topic for member in members.values() for topic in member.subscription})
        workers = sorted(members)
        owned: dict[str, dict[str, list[int]]] = {worker: {} for worker in workers}
        for topic in topics:
            for partition in sorted(cluster.partitions_for_topic(topic) or ()):
                owned[workers[partition % len(workers)]].setdefault(topic, []).append(partition)
        return {worker: ConsumerProtocolMemberAssignment(cls.version, sorted(mine.items()), b"") for worker, mine in owned.items()}

    @classmethod
    def metadata(cls, topics: Iterable[str]) -> ConsumerProtocolMemberMetadata:
        """Describe the subscription of this member."""
        return ConsumerProtocolMemberMetadata(cls.version, list(topics), b"")

    @classmethod
    def on_assignment(cls, assignment: ConsumerProtocolMemberAssignment) -> None:
        """Nothing is kept between assignments."""
