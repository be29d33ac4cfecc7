"""Whether a stage has read what was just written to one of its inputs, told by its ledger from now on: cheap also on a bus that holds much."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Protocol

from kafka import KafkaConsumer, TopicPartition
from kafka.errors import KafkaError

from deploy.admin import Refused
from deploy.bus import Bus
from schemas.models.raw import Ledger

Clock = Callable[[], float]
_LOOK_MS = 500
"""How long one look waits for news."""


class Looks(Protocol):
    """What waiting asks of whoever follows a ledger."""

    def read_all(self) -> bool:
        """Look once, for at most half a second; whether all is read."""


class Follower:
    """Follows what a stage counts of one input. Make it before writing, call `written` after that."""

    def __init__(self, bus: Bus, stage: str, topic: str) -> None:
        """Connect, and stand at the end of the ledger. Raises Refused when there is no broker."""
        self._bus, self._stage, self._topic = bus, stage, topic
        self._left: dict[int, int] = {}
        try:
            self._consumer = KafkaConsumer(**bus.brokers.options(), isolation_level="read_committed", enable_auto_commit=False, group_id=None)
            parts = self._parts("ledger")
            self._consumer.assign(parts)
            self._consumer.seek_to_end(*parts)
            for part in parts:
                self._consumer.position(part)  # only now is the end known
        except KafkaError as error:
            raise Refused(f"the ledger cannot be read ({type(error).__name__}): `lianfang status` tells whether the broker is up") from error

    def written(self) -> None:
        """What is to be read is now all that the input holds."""
        ends = self._consumer.end_offsets(self._parts(self._topic))
        self._left = {part.partition: end - 1 for part, end in ends.items() if end}

    def read_all(self) -> bool:
        """Look once, for at most half a second; whether the stage has counted the last message of each partition of the input."""
        for records in self._consumer.poll(timeout_ms=_LOOK_MS).values():
            for record in records:
                self._count(self._bus.codec.decode(record.value or b""))
        return not self._left

    def close(self) -> None:
        """Let go of the connection."""
        self._consumer.close()

    def _count(self, value: object) -> None:
        if not isinstance(value, Ledger) or (value.stage, value.topic) != (self._stage, self._topic):
            return
        last = self._left.get(value.partition)
        if last is not None and value.through >= last:
            del self._left[value.partition]

    def _parts(self, topic: str) -> list[TopicPartition]:
        return [TopicPartition(self._bus.settings.namespace + topic, number) for number in range(self._bus.topics[topic].partitions or 1)]


def taken(follower: Looks, patience: float, clock: Clock = time.monotonic) -> float | None:
    """The seconds until all is read; None when it is not within `patience` seconds."""
    began = clock()
    while not follower.read_all():
        if clock() - began >= patience:
            return None
    return clock() - began
