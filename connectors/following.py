"""Following a topic of which every partition has all, such as `control.level`: the messages of one of them, read on from the last look."""

from __future__ import annotations

import time

from kafka import KafkaConsumer, TopicPartition
from kafka.errors import KafkaError
from pydantic import BaseModel

from connectors.reader import CannotRead
from schemas.brokers import Brokers
from schemas.codec import Codec

_TIMEOUT = 5_000
"""Milliseconds within which a broker that is there answers."""
_PATIENCE = 30.0
"""Seconds within which what is there must be read to its end."""


class Following:
    """Reads the first partition of a topic; for one thread at a time. Whoever gets CannotRead calls again, and is told all from the beginning."""

    def __init__(self, brokers: Brokers, codec: Codec, namespace: str, topic: str) -> None:
        """Take where it is; it connects at the first look, and after a failure."""
        self._brokers, self._codec = brokers, codec
        self._topic, self._part = topic, TopicPartition(namespace + topic, 0)
        self._consumer: KafkaConsumer | None = None
        self._values: list[BaseModel] = []

    def look(self) -> list[BaseModel]:
        """All values that are committed now, in their order; raises CannotRead."""
        try:
            self._consumer = self._consumer or self._connected()
            self._read(self._consumer)
        except KafkaError as error:
            self.close()
            raise CannotRead(f"topic {self._topic} cannot be read ({type(error).__name__}): is the broker at {self._brokers} up?") from error
        except CannotRead:
            self.close()
            raise
        return list(self._values)

    def close(self) -> None:
        """Let go of the connection, and of what was read."""
        consumer, self._consumer, self._values = self._consumer, None, []
        if consumer:
            consumer.close()

    def _connected(self) -> KafkaConsumer:
        consumer = KafkaConsumer(**self._brokers.options(), isolation_level="read_committed", enable_auto_commit=False, auto_offset_reset="earliest",
                                 group_id=None, bootstrap_timeout_ms=_TIMEOUT)  # fmt: skip
        consumer.assign([self._part])
        consumer.seek_to_beginning(self._part)
        return consumer

    def _read(self, consumer: KafkaConsumer) -> None:
        end, limit = consumer.end_offsets([self._part])[self._part], time.monotonic() + _PATIENCE
        while consumer.position(self._part) < end:
            if time.monotonic() > limit:
                raise CannotRead(f"topic {self._topic} could not be read to its end in {_PATIENCE:.0f} seconds")
            for records in consumer.poll(timeout_ms=200, max_records=5000).values():
                self._values += [value for record in records if (value := self._value(record.value)) is not None]

    def _value(self, data: bytes | None) -> BaseModel | None:
        try:
            return self._codec.decode(data or b"")
        except ValueError:  # no value: no stage counts it either
            return None
