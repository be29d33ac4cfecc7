"""The log's edge to Kafka, where the broker does not do what it should; how it works on a broker stands in tests/broker/test_log.py."""

from __future__ import annotations

from collections import deque
from types import SimpleNamespace
from typing import Any, ClassVar

import pytest
from kafka import TopicPartition
from kafka.errors import KafkaError, OffsetOutOfRangeError, ProducerFencedError

from connectors.reader import CannotRead
from deploy.docs.golden import OneSchema
from deploy.log import bus
from deploy.log.bus import CannotLog, Recorded, Written
from deploy.log.entry import Said
from deploy.log.writer import Tampered
from schemas.brokers import Brokers
from schemas.codec import Codec
from schemas.models.log import Taken
from schemas.topics import MODELS
from tests.deploy.log.pieces import audit

CODEC = Codec(OneSchema(), MODELS, "test.")
PART = TopicPartition("test.audit", 0)
READER: Any = SimpleNamespace()


class Consumer:
    """A consumer that gives what is prepared: lists of records, or an error."""

    prepared: ClassVar[deque[Any]] = deque()
    partitions: ClassVar[set[int] | None] = {0}

    def __init__(self, **_: Any) -> None:
        """Nothing was read."""
        self.at = 0

    def partitions_for_topic(self, _: str) -> set[int] | None:
        """The partitions there are."""
        return self.partitions

    def assign(self, _: Any) -> None:
        """Nothing to do."""

    def seek(self, _: Any, offset: int) -> None:
        """Read from there."""
        self.at = offset

    def position(self, _: Any) -> int:
        """Where it is."""
        return self.at

    def poll(self, **_: Any) -> dict[TopicPartition, list[Any]]:
        """What is prepared."""
        given = self.prepared.popleft() if self.prepared else []
        if isinstance(given, Exception):
            raise given
        self.at = max([self.at, *(one + 1 for one in given)])
        return {PART: [SimpleNamespace(topic="test.audit", partition=0, offset=one, value=b"x") for one in given]} if given else {}


@pytest.fixture
def recorded(monkeypatch: pytest.MonkeyPatch) -> Recorded:
    """The recorded topics on such a consumer."""
    monkeypatch.setattr(Consumer, "prepared", deque())
    monkeypatch.setattr(bus, "KafkaConsumer", Consumer)
    return Recorded(Brokers("broker.test:9092"), CODEC, "test.", ["audit"])


def test_what_is_read(recorded: Recorded) -> None:
    """Messages carry the topic's name of the contract; the same positions go on where it was; up to a position, no further."""
    Consumer.prepared.extend([[0, 2], [5], [1, 2, 5]])
    assert [said.offset for said in recorded.new({})] == [0, 2]
    assert recorded.new({("audit", 0): 3}) == [Said("audit", 0, 5, b"x")]
    assert [said.offset for said in recorded.between({("audit", 0): 1}, {("audit", 0): 3})] == [1, 2]
    assert recorded.between({("audit", 0): 3}, {("audit", 0): 3}) == []


def test_values(recorded: Recorded) -> None:
    """A message means a value of its topic, or nothing."""
    assert recorded.value(Said("audit", 0, 0, CODEC.encode("audit", audit(1)))) is None, "the registry does not know the schema"
    codec = Codec(OneSchema(_schema()), MODELS, "test.")
    again = Recorded(Brokers("broker.test:9092"), codec, "test.", ["audit"])
    assert again.value(Said("audit", 0, 0, codec.encode("audit", audit(1)))) == audit(1)
    assert again.value(Said("receipt", 0, 0, codec.encode("audit", audit(1)))) is None


def _schema() -> dict[str, Any]:
    from schemas.avro import schema_of

    return schema_of(MODELS["Audit"])


def test_messages_that_are_gone(recorded: Recorded, monkeypatch: pytest.MonkeyPatch) -> None:
    """When the beginning or the end of a partition is gone that the log has read, it says so."""
    monkeypatch.setattr(bus, "_PATIENCE", 0.0)
    Consumer.prepared.append(OffsetOutOfRangeError({PART: 5}))
    with pytest.raises(Tampered, match=r"messages are gone .*test\.audit 0"):
        recorded.new({("audit", 0): 5})
    with pytest.raises(Tampered, match=r"test\.audit 0 can no longer be read as far as the log once did"):
        recorded.between({}, {("audit", 0): 5})


def test_no_topic_and_no_broker(monkeypatch: pytest.MonkeyPatch, recorded: Recorded) -> None:
    """Without the topic, or without a broker, it is said what to do."""
    monkeypatch.setattr(Consumer, "partitions", None)
    with pytest.raises(CannotRead, match="lianfang topics apply"):
        Recorded(Brokers("broker.test:9092"), CODEC, "test.", ["audit"])
    assert recorded.new({}) == []

    def none(**_: Any) -> None:
        raise KafkaError

    monkeypatch.setattr(bus, "KafkaConsumer", none)
    with pytest.raises(CannotRead, match="no broker at"):
        Recorded(Brokers("broker.test:9092"), CODEC, "test.", ["audit"])
    monkeypatch.setattr(bus, "KafkaProducer", none)
    with pytest.raises(CannotLog, match="lets no log write"):
        Written(Brokers("broker.test:9092"), CODEC, "test.", "example.org/log", READER)


@pytest.mark.parametrize("error", [ProducerFencedError, KafkaError])
def test_a_writer_that_was_fenced(error: type[Exception], monkeypatch: pytest.MonkeyPatch) -> None:
    """A writer that may write no more says that another may have taken over."""

    class Producer:
        """A producer that is fenced."""

        def __init__(self, **_: Any) -> None:
            """Connected."""

        def init_transactions(self) -> None:
            """Taken over."""

        def begin_transaction(self) -> None:
            """Fenced."""
            raise error

    monkeypatch.setattr(bus, "KafkaProducer", Producer)
    written = Written(Brokers("broker.test:9092"), CODEC, "test.", "example.org/log", READER)
    with pytest.raises(CannotLog, match="another `lianfang log run` taken over"):
        written.add(Taken(size=1, root="", reads=[]))
