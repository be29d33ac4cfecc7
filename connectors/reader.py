"""Reading topics of the bus from the beginning to their committed end."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass

from kafka import KafkaConsumer, TopicPartition
from kafka.errors import KafkaError
from pydantic import BaseModel

from schemas.brokers import Brokers
from schemas.codec import Codec


class CannotRead(Exception):
    """A topic cannot be read; the message says why and what to do."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One committed message: where it is, when the broker had it (UTC milliseconds), its key, and its value (None when the bytes are no value)."""

    topic: str
    partition: int
    offset: int
    written: int
    key: str
    value: BaseModel | None


class Reader:
    """Reads topics by their name in the contract."""

    def __init__(self, brokers: Brokers, codec: Codec, namespace: str) -> None:
        """Connect; raises CannotRead when there is no broker."""
        self._codec, self._namespace, self._brokers = codec, namespace, brokers
        try:
            self._consumer = KafkaConsumer(**brokers.options(), isolation_level="read_committed", enable_auto_commit=False,
                                           auto_offset_reset="earliest", group_id=None, bootstrap_timeout_ms=10_000)  # fmt: skip
        except KafkaError as error:
            raise CannotRead(f"no broker at {brokers} ({type(error).__name__}): `lianfang up` starts one, LIANFANG_BROKERS names another") from error

    def close(self) -> None:
        """Let go of the connection."""
        self._consumer.close()

    def topics(self) -> set[str]:
        """Names of the topics there are."""
        return {name.removeprefix(self._namespace) for name in self._consumer.topics() if name.startswith(self._namespace)}

    def read(self, topic: str, patience: float = 60.0) -> Iterator[Entry]:
        """Every committed message of a topic that was there when reading began, partition by partition in order.

        Raises CannotRead when the topic is not there, or when nothing comes for `patience` seconds.
        """
        try:
            yield from self._read(topic, patience)
        except KafkaError as error:
            raise CannotRead(f"topic {topic} cannot be read ({type(error).__name__}): is the broker at {self._brokers} up? `lianfang status` tells") from error

    def _read(self, topic: str, patience: float) -> Iterator[Entry]:
        parts = self._parts(topic)
        ends = self._consumer.end_offsets(parts)
        self._consumer.assign(parts)
        self._consumer.seek_to_beginning(*parts)
        limit = time.monotonic() + patience
        while any(self._consumer.position(part) < ends[part] for part in parts):
            if time.monotonic() > limit:
                raise CannotRead(f"topic {topic} could not be read to its end in {patience:.0f} seconds")
            for records in self._consumer.poll(timeout_ms=200, max_records=5000).values():
                limit = time.monotonic() + patience
                for record in records:
                    yield Entry(
                        topic, record.partition, record.offset, record.timestamp, (record.key or b"").decode("utf-8", "replace"), self._value(record.value)
                    )

    def raw_bytes(self, topic: str, partition: int, offset: int) -> BaseModel | None:
        """The value at one place of a topic."""
        part = TopicPartition(self._namespace + topic, partition)
        self._consumer.assign([part])
        self._consumer.seek(part, offset)
        limit = time.monotonic() + 20
        while time.monotonic() < limit:
            for records in self._consumer.poll(timeout_ms=500, max_records=1).values():
                return self._value(records[0].value) if records[0].offset == offset else None
        raise CannotRead(f"topic {topic} holds nothing at partition {partition}, offset {offset} any more")

    def _value(self, data: bytes | None) -> BaseModel | None:
        try:
            return self._codec.decode(data or b"")
        except ValueError:
            return None

    def _parts(self, topic: str) -> list[TopicPartition]:
        numbers = self._consumer.partitions_for_topic(self._namespace + topic)
        if not numbers:
            raise CannotRead(f"there is no topic {topic}: `lianfang topics apply` makes the topics of the contract")
        return [TopicPartition(self._namespace + topic, number) for number in sorted(numbers)]
