"""Publishing: raw messages to Kafka, idempotent, acknowledged by all replicas, each acknowledgement awaited."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable
from typing import Any

from kafka import KafkaProducer
from kafka.admin import KafkaAdminClient
from kafka.errors import KafkaError, KafkaTimeoutError
from pydantic import BaseModel

from schemas.brokers import Brokers
from schemas.codec import Codec
from schemas.models.raw import Raw
from schemas.registry import RegistryError

_IN_FLIGHT = 5_000
_TOGETHER = 200
"""Values to be sealed that wait for each other."""
_CONNECTS = 10_000
"""Milliseconds within which a broker that is there lets connect."""


class CannotPublish(Exception):
    """The broker or the registry did not take a record in time; what was acknowledged before stays, and publishing again goes on from there."""


class Publisher:
    """Sends values to topics of the bus; not for several threads at once.

    After a failure nothing more is sent: what failed is not known to be there, so only publishing it again, with a new publisher, makes it sure.
    """

    def __init__(self, brokers: Brokers, codec: Codec, namespace: str, patience: float = 60.0) -> None:
        """Connect; `patience` in seconds is how long a record may wait for its acknowledgement."""
        self._codec, self._namespace, self._brokers, self._patience = codec, namespace, brokers, patience
        self._waiting: deque[Any] = deque()
        self._unsealed: list[tuple[str, str, BaseModel, int | None]] = []
        self._failed: CannotPublish | None = None
        self._cluster: str | None = None
        limit = int(patience * 1000)
        try:
            self._producer = KafkaProducer(
                **brokers.options(), bootstrap_timeout_ms=min(limit, _CONNECTS), acks="all", enable_idempotence=True, linger_ms=5,
                max_block_ms=limit, delivery_timeout_ms=limit, request_timeout_ms=min(limit - 10, 30_000),
            )  # fmt: skip
        except KafkaError as error:
            raise self._problem(error) from error

    def send(self, topic: str, key: str, value: BaseModel, partition: int | None = None) -> None:
        """Send one value, to the partition of its key if none is named; waits when too many are on their way.

        Raises CannotPublish, as all methods do, when the broker or the registry is away.
        """
        self._usable()
        if self._codec.guards(value):  # the vault makes new keys of many at once
            self._unsealed.append((topic, key, value, partition))
            if len(self._unsealed) < _TOGETHER:
                return
        self._seal()
        if not self._codec.guards(value):
            self._send(topic, key, value, partition)

    def _seal(self) -> None:
        """Send what waits to be sealed."""
        waiting, self._unsealed = self._unsealed, []
        if waiting:
            self._codec.foresee([value for _, _, value, _ in waiting])
        for one in waiting:
            self._send(*one)

    def _send(self, topic: str, key: str, value: BaseModel, partition: int | None) -> None:
        try:
            self._waiting.append(self._producer.send(self._namespace + topic, key=key.encode(), value=self._codec.encode(topic, value), partition=partition))
        except (KafkaError, RegistryError) as error:
            raise self._problem(error) from error
        while len(self._waiting) > _IN_FLIGHT:
            self._await(self._waiting.popleft())

    def settle(self) -> None:
        """Return when everything sent is acknowledged."""
        self._usable()
        self._seal()
        try:
            self._producer.flush(timeout=self._patience * 2)  # kafka-python forgets a batch now and then whose connection ends, and would wait for ever
        except KafkaError as error:
            raise self._problem(error) from error
        while self._waiting:
            self._await(self._waiting.popleft())

    def publish(self, raws: Iterable[Raw]) -> None:
        """Send raw messages to the topics of their sources, and settle."""
        for raw in raws:
            self.send(f"raw.{raw.source}", raw.record, raw)
        self.settle()

    def bus(self) -> str:
        """What tells this bus from any other: the cluster's id and the prefix of topics."""
        self._cluster = self._cluster or self.ask()
        return f"{self._cluster} {self._namespace}"

    def ask(self) -> str:
        """The id of the cluster, from the broker itself: returns when it answers. May be called while another thread publishes."""
        try:
            client = KafkaAdminClient(**self._brokers.options(), bootstrap_timeout_ms=min(int(self._patience * 1000), _CONNECTS))
            try:
                return str(client.describe_cluster()["cluster_id"])
            finally:
                client.close()
        except KafkaError as error:
            raise self._cannot(error) from error

    def close(self) -> None:
        """Let go of the connection; what is not settled may be lost."""
        try:
            self._producer.close(timeout=5)
        except KafkaTimeoutError:  # close() stops there and leaves its thread, which would try on for ever
            self._producer._sender.force_close()

    def _await(self, future: Any) -> None:
        try:
            future.get(timeout=self._patience * 2)
        except KafkaError as error:
            raise self._problem(error) from error

    def _usable(self) -> None:
        if self._failed:
            raise self._failed

    def _problem(self, error: Exception) -> CannotPublish:
        self._failed = self._cannot(error)
        return self._failed

    def _cannot(self, error: Exception) -> CannotPublish:
        if isinstance(error, RegistryError):
            return CannotPublish(str(error))
        return CannotPublish(f"the broker at {self._brokers} does not take records ({type(error).__name__}): is it up, and were the topics made? "
                             "`lianfang status`, `lianfang topics plan`; then publish again, it goes on where it stopped")  # fmt: skip
