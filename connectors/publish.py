"""Publishing: raw messages to Kafka, idempotent, acknowledged by all replicas, each acknowledgement awaited."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable
from typing import Any

from kafka import KafkaProducer
from kafka.errors import KafkaError
from pydantic import BaseModel

from schemas.codec import Codec
from schemas.models.raw import Raw

_IN_FLIGHT = 5_000


class CannotPublish(Exception):
    """The broker did not take a record in time; what was acknowledged before stays, and publishing again goes on from there."""


class Publisher:
    """Sends values to topics of the bus."""

    def __init__(self, brokers: str, codec: Codec, namespace: str, patience: float = 60.0) -> None:
        """Connect; `patience` in seconds is how long a record may wait for its acknowledgement."""
        self._codec, self._namespace, self._brokers = codec, namespace, brokers
        limit = int(patience * 1000)
        try:
            self._producer = KafkaProducer(bootstrap_servers=brokers.split(","), acks="all", enable_idempotence=True, linger_ms=5, max_block_ms=limit,
                                           delivery_timeout_ms=limit, request_timeout_ms=min(limit - 10, 30_000))  # fmt: skip
        except KafkaError as error:
            raise self._problem(error) from error
        self._waiting: deque[Any] = deque()

    def send(self, topic: str, key: str, value: BaseModel) -> None:
        """Send one value; waits when too many are on their way."""
        try:
            self._waiting.append(self._producer.send(self._namespace + topic, key=key.encode(), value=self._codec.encode(topic, value)))
        except KafkaError as error:
            raise self._problem(error) from error
        while len(self._waiting) > _IN_FLIGHT:
            self._await(self._waiting.popleft())

    def settle(self) -> None:
        """Return when everything sent is acknowledged; raises CannotPublish when something is not."""
        self._producer.flush()
        while self._waiting:
            self._await(self._waiting.popleft())

    def publish(self, raws: Iterable[Raw]) -> None:
        """Send raw messages to the topics of their sources, and settle."""
        for raw in raws:
            self.send(f"raw.{raw.source}", raw.record, raw)
        self.settle()

    def close(self) -> None:
        """Let go of the connection; what is not settled may be lost."""
        self._producer.close(timeout=5)

    def _await(self, future: Any) -> None:
        try:
            future.get(timeout=120)
        except KafkaError as error:
            raise self._problem(error) from error

    def _problem(self, error: Exception) -> CannotPublish:
        return CannotPublish(f"the broker at {self._brokers} does not take records ({type(error).__name__}): is it up, and were the topics made? "
                             "`lianfang status`, `lianfang topics plan`; then publish again, it goes on where it stopped")  # fmt: skip
