"""Assignment in which partition p of all of a stage's inputs goes to one worker, and which other worker may keep a copy of its state."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, ClassVar

from aiokafka.coordinator.assignors.abstract import AbstractPartitionAssignor
from aiokafka.coordinator.protocol import ConsumerProtocolMemberAssignment, ConsumerProtocolMemberMetadata


class Copartitioned(AbstractPartitionAssignor):
    """Worker number p modulo the number of workers owns partition p of every topic, and the worker after it may keep a copy of the state.

    Workers are numbered by member id. Each consumer has a class of its own (`of_its_own`), in which `copies` are the partitions of which it may keep one.
    """

    name = "lianfang-copartitioned"
    version = 0
    copies: ClassVar[tuple[int, ...]] = ()

    @classmethod
    def of_its_own(cls) -> type[Copartitioned]:
        """A class for one consumer."""
        return type(cls.__name__, (cls,), {})

    @classmethod
    def assign(cls, cluster: Any, members: Mapping[str, ConsumerProtocolMemberMetadata]) -> dict[str, ConsumerProtocolMemberAssignment]:
        """Assign every partition of every subscribed topic to one member."""
        topics = sorted({topic for member in members.values() for topic in member.subscription})
        workers = sorted(members)
        owned: dict[str, dict[str, list[int]]] = {worker: {} for worker in workers}
        for topic in topics:
            for partition in sorted(cluster.partitions_for_topic(topic) or ()):
                owned[workers[partition % len(workers)]].setdefault(topic, []).append(partition)
        partitions = range(max((len(cluster.partitions_for_topic(topic) or ()) for topic in topics), default=0))
        copied = {worker: [p for p in partitions if len(workers) > 1 and workers[(p + 1) % len(workers)] == worker] for worker in workers}
        return {
            worker: ConsumerProtocolMemberAssignment(cls.version, sorted(mine.items()), b",".join(b"%d" % p for p in copied[worker]))
            for worker, mine in owned.items()
        }

    @classmethod
    def metadata(cls, topics: Iterable[str]) -> ConsumerProtocolMemberMetadata:
        """Describe the subscription of this member."""
        return ConsumerProtocolMemberMetadata(cls.version, list(topics), b"")

    @classmethod
    def on_assignment(cls, assignment: ConsumerProtocolMemberAssignment) -> None:
        """Learn of which partitions a copy may be kept."""
        cls.copies = tuple(int(part) for part in assignment.user_data.split(b",") if part)
