"""The log's edge to Kafka: reads the recorded topics, and writes orders and checkpoints in transactions that fence every other writer of the same bus."""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping
from typing import Any

from kafka import KafkaConsumer, KafkaProducer, TopicPartition
from kafka.errors import KafkaError, OffsetOutOfRangeError
from pydantic import BaseModel

from connectors.reader import CannotRead, Reader
from deploy.log.entry import SAYS, Said
from deploy.log.store import Positions
from deploy.log.writer import Tampered
from schemas.brokers import Brokers
from schemas.codec import Codec, Undecodable
from schemas.models.log import Checkpoint, Taken

_MOST = 2000
"""Messages that are taken in at once."""
_PATIENCE = 60.0


class CannotLog(Exception):
    """The log cannot go on; the message says why and what to do."""


class Recorded:
    """The topics that the log records (deploy.log.writer.Source)."""

    def __init__(self, brokers: Brokers, codec: Codec, namespace: str, topics: Iterable[str] = SAYS) -> None:
        """Connect; raises CannotRead when there is no broker, or a topic is not there."""
        self._codec, self._namespace = codec, namespace
        try:
            self._consumer = KafkaConsumer(**brokers.options(), isolation_level="read_committed", enable_auto_commit=False,
                                           auto_offset_reset="none", group_id=None, bootstrap_timeout_ms=10_000, max_poll_records=_MOST)  # fmt: skip
            self._parts = [part for topic in topics for part in self._of(topic)]
        except KafkaError as error:
            raise CannotRead(f"no broker at {brokers} ({type(error).__name__}): `lianfang up` starts one, LIANFANG_BROKERS names another") from error
        self._at: Positions | None = None

    def new(self, positions: Positions) -> list[Said]:
        """Some committed messages that follow these positions; waits half a second for one."""
        if self._at != positions:
            self._seek({part: positions.get(self._name(part), 0) for part in self._parts})
        found = [self._said(record) for record in self._poll()]
        self._at = positions | {(said.topic, said.partition): said.offset + 1 for said in sorted(found)}
        return found

    def between(self, begin: Positions, end: Positions) -> list[Said]:
        """All committed messages from one position to before another; raises Tampered when some partition ends before."""
        self._at = None
        ends = {part: end[name] for part in self._parts if (name := self._name(part)) in end and end[name] > begin.get(name, 0)}
        self._seek({part: begin.get(self._name(part), 0) for part in ends})
        found, limit = [], time.monotonic() + _PATIENCE
        while open_ := [part for part, last in ends.items() if self._consumer.position(part) < last]:
            if time.monotonic() > limit:
                raise Tampered(f"{', '.join(f'{part.topic} {part.partition}' for part in open_)} can no longer be read as far as the log once did")
            for record in self._poll():
                limit = time.monotonic() + _PATIENCE
                if record.offset < ends[TopicPartition(record.topic, record.partition)]:
                    found.append(self._said(record))
        return found

    def value(self, said: Said) -> BaseModel | None:
        """What a message means; None when it is no value of its topic."""
        try:
            return self._codec.decode(said.value, said.topic)
        except Undecodable:
            return None

    def close(self) -> None:
        """Let go of the connection."""
        self._consumer.close()

    def _seek(self, places: Mapping[TopicPartition, int]) -> None:
        self._consumer.assign(list(places))
        for part, offset in places.items():
            self._consumer.seek(part, offset)

    def _poll(self) -> list[Any]:
        """Some records. Raises Tampered when a partition has none where it should: its beginning or its end is gone."""
        try:
            return [record for records in self._consumer.poll(timeout_ms=500).values() for record in records]
        except OffsetOutOfRangeError as error:
            where = ", ".join(f"{part.topic} {part.partition}" for part in error.args[0]) if error.args and isinstance(error.args[0], dict) else str(error)
            raise Tampered(f"messages are gone from the bus that the log has read, or was about to: {where}") from error

    def _of(self, topic: str) -> list[TopicPartition]:
        numbers = self._consumer.partitions_for_topic(self._namespace + topic)
        if not numbers:
            raise CannotRead(f"there is no topic {topic}: `lianfang topics apply` makes the topics of the contract")
        return [TopicPartition(self._namespace + topic, number) for number in sorted(numbers)]

    def _name(self, part: TopicPartition) -> tuple[str, int]:
        return part.topic.removeprefix(self._namespace), part.partition

    def _said(self, record: Any) -> Said:
        return Said(record.topic.removeprefix(self._namespace), record.partition, record.offset, record.value or b"")


class Written:
    """The topics that the log writes. Whoever makes one fences all that were made before (deploy.log.writer.Orders)."""

    def __init__(self, brokers: Brokers, codec: Codec, namespace: str, origin: str, reader: Reader) -> None:
        """Connect and take over; raises CannotLog when there is no broker, or a topic is not there."""
        self._codec, self._namespace, self._origin, self._reader = codec, namespace, origin, reader
        try:
            self._producer = KafkaProducer(**brokers.options(), bootstrap_timeout_ms=10_000, acks="all", enable_idempotence=True,
                                           transactional_id=f"{namespace}lianfang.log", max_block_ms=30_000)  # fmt: skip
            self._producer.init_transactions()
        except KafkaError as error:
            raise CannotLog(f"the broker at {brokers} lets no log write ({type(error).__name__}): is it up? `lianfang status` tells") from error

    def read(self) -> Iterable[Taken]:
        """All orders, the oldest first."""
        return [entry.value for entry in self._reader.read("audit.order") if isinstance(entry.value, Taken)]

    def checkpoints(self) -> Iterable[Checkpoint]:
        """All checkpoints, the oldest first."""
        return [entry.value for entry in self._reader.read("audit.checkpoint") if isinstance(entry.value, Checkpoint)]

    def add(self, taken: Taken) -> None:
        """Add an order; returns when it is committed. Raises CannotLog, also when another log has taken over."""
        self._send("audit.order", taken)

    def publish(self, checkpoint: Checkpoint) -> None:
        """Add a checkpoint; returns when it is committed."""
        self._send("audit.checkpoint", checkpoint)

    def close(self) -> None:
        """Let go of the connection."""
        self._producer.close(timeout=5)

    def _send(self, topic: str, value: BaseModel) -> None:
        try:
            self._producer.begin_transaction()
            future = self._producer.send(self._namespace + topic, key=self._origin.encode(), value=self._codec.encode(topic, value))
            self._producer.commit_transaction()
            future.get(timeout=30)
        except KafkaError as error:
            raise CannotLog(f"the bus does not take what the log writes to {topic} ({type(error).__name__}): is the broker up, or has another "
                            "`lianfang log run` taken over? One runs for each bus; start it again, it goes on where it stopped") from error  # fmt: skip
