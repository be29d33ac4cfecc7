"""Publishing, with a producer that does what a test tells it."""

from __future__ import annotations

from typing import Any

import pytest
from kafka.errors import KafkaTimeoutError, MessageSizeTooLargeError, NotEnoughReplicasError

from connectors import publish
from connectors.envelope import Item, envelopes
from connectors.publish import CannotPublish, Publisher
from schemas.brokers import Brokers
from schemas.codec import Codec
from schemas.models.raw import Raw
from schemas.registry import RegistryError
from tests.connectors.sample import KEYS, record, source


class Future:
    """An acknowledgement that came, or did not."""

    def __init__(self, failure: Exception | None = None) -> None:
        self.failure, self.waited = failure, False

    def get(self, timeout: float) -> None:
        """Wait for it."""
        self.waited = True
        if self.failure:
            raise self.failure


class Producer:
    """A producer as far as Publisher uses it."""

    def __init__(self, **settings: Any) -> None:
        self.settings = settings
        self.sent: list[tuple[str, bytes, bytes]] = []
        self.futures: list[Future] = []
        self.fails: dict[int, Exception] = {}
        self.refuses: dict[int, Exception] = {}
        self.flushed = 0
        self.forgets = False
        self.closing: Exception | None = None
        self.forced = False
        self._sender = self

    def send(self, topic: str, key: bytes, value: bytes, partition: int | None = None) -> Future:
        """Take a record, or refuse it."""
        number = len(self.sent)
        self.sent.append((topic, key, value))
        if number in self.refuses:
            raise self.refuses[number]
        self.futures.append(Future(self.fails.get(number)))
        return self.futures[-1]

    def flush(self, timeout: float | None = None) -> None:
        """Send all; like kafka-python's, it says nothing of failures, and waits for a batch that it has forgotten as long as it may."""
        self.flushed += 1
        if self.forgets:
            assert timeout is not None, "this would never end"
            raise KafkaTimeoutError("Timeout waiting for future")

    def close(self, timeout: float) -> None:
        """Let go."""
        if self.closing:
            raise self.closing

    def force_close(self) -> None:
        """Let go at once."""
        self.forced = True


class Words(Codec):
    """Values as their names, without a registry."""

    def __init__(self) -> None:
        self.away = False
        self._guards = {}

    def encode(self, topic: str, value: Any) -> bytes:
        """The name."""
        if self.away:
            raise RegistryError("schema registry http://somewhere does not answer")
        return f"{topic} {value.record}".encode()


@pytest.fixture
def producer(monkeypatch: pytest.MonkeyPatch) -> Producer:
    """The producer that the next publisher gets."""
    made = Producer()

    def make(**settings: Any) -> Producer:
        made.settings = settings
        return made

    monkeypatch.setattr(publish, "KafkaProducer", make)
    return made


def raws(count: int) -> list[Raw]:
    """Raw messages of the register."""
    return [raw for number in range(count) for raw in envelopes(source(), Item(str(record(number)).replace("'", '"').encode()), KEYS)]


def publisher(codec: Codec | None = None) -> Publisher:
    """A publisher over the fake producer."""
    return Publisher(Brokers("one:1,two:2"), codec or Words(), "space.", patience=5)


def test_settings(producer: Producer) -> None:
    """It is idempotent, waits for all replicas, and gives a record up when its time is over."""
    publisher()
    asked = {name: producer.settings[name] for name in ("bootstrap_servers", "acks", "enable_idempotence", "delivery_timeout_ms", "max_block_ms")}
    assert asked == {"bootstrap_servers": ["one:1", "two:2"], "acks": "all", "enable_idempotence": True, "delivery_timeout_ms": 5000, "max_block_ms": 5000}
    assert producer.settings["request_timeout_ms"] + producer.settings["linger_ms"] < producer.settings["delivery_timeout_ms"]


def test_publishes_to_the_topic_of_the_source(producer: Producer) -> None:
    """Each raw message goes to its source's topic under its record's token, and each acknowledgement is waited for."""
    found = raws(3)
    publisher().publish(found)
    assert [(topic, key.decode()) for topic, key, _ in producer.sent] == [("space.raw.register", raw.record) for raw in found]
    assert all(future.waited for future in producer.futures)
    assert producer.flushed == 1


@pytest.mark.parametrize("number", [0, 3, 6])
def test_failed_acknowledgement_is_told(producer: Producer, number: int) -> None:
    """One record that is not acknowledged is told, wherever it stands, although the producer's flush says nothing."""
    producer.fails[number] = NotEnoughReplicasError()
    with pytest.raises(CannotPublish, match=r"one:1,two:2 does not take records \(NotEnoughReplicasError\)"):
        publisher().publish(raws(7))


def test_a_batch_that_the_producer_forgets_is_told(producer: Producer) -> None:
    """A batch of which the producer never hears again is a failure after a time, and nobody waits for it for ever."""
    producer.forgets = True
    with pytest.raises(CannotPublish, match="KafkaTimeoutError"):
        publisher().publish(raws(1))


def test_failure_is_never_forgotten(producer: Producer) -> None:
    """After a failure nothing is sent and nothing is settled with that publisher, so nobody can take what failed for published."""
    producer.fails[0] = KafkaTimeoutError()
    one = publisher()
    with pytest.raises(CannotPublish):
        one.publish(raws(1))
    before = len(producer.sent)
    for again in (one.settle, lambda: one.publish(raws(1)), lambda: one.send("receipt", "key", raws(1)[0])):
        with pytest.raises(CannotPublish):
            again()
    assert len(producer.sent) == before


def test_failure_in_a_long_run_is_told_before_the_end(producer: Producer, monkeypatch: pytest.MonkeyPatch) -> None:
    """When many are on their way the oldest is waited for, so a failure is told while there is still much to send."""
    monkeypatch.setattr(publish, "_IN_FLIGHT", 10)
    producer.fails[2] = KafkaTimeoutError()
    with pytest.raises(CannotPublish):
        publisher().publish(raws(100))
    assert len(producer.sent) == 13


@pytest.mark.parametrize("error", [KafkaTimeoutError(), MessageSizeTooLargeError()])
def test_refused_by_the_producer(producer: Producer, error: Exception) -> None:
    """A record that the producer does not even take is told the same way."""
    producer.refuses[1] = error
    with pytest.raises(CannotPublish, match=type(error).__name__):
        publisher().publish(raws(2))


def test_registry_away(producer: Producer) -> None:
    """A registry that is away is told as what it is."""
    codec = Words()
    codec.away = True
    with pytest.raises(CannotPublish, match="schema registry http://somewhere does not answer"):
        publisher(codec).publish(raws(1))
    assert not producer.sent


def test_no_broker(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where nobody answers, connecting says what to do."""

    def nobody(**_: Any) -> None:
        raise KafkaTimeoutError

    monkeypatch.setattr(publish, "KafkaProducer", nobody)
    with pytest.raises(CannotPublish, match="is it up, and were the topics made"):
        publisher()


def test_messages_hold_no_values(producer: Producer) -> None:
    """What is told of a failure holds nothing of the record."""
    producer.fails[0] = KafkaTimeoutError("李样本 13800000001")
    with pytest.raises(CannotPublish) as told:
        publisher().publish(raws(1))
    assert "李样本" not in str(told.value)


def test_close(producer: Producer) -> None:
    """Closing lets go of the producer, also of one that cannot send what it holds."""
    publisher().close()
    assert not producer.forced
    producer.closing = KafkaTimeoutError()
    publisher().close()
    assert producer.forced


class Admin:
    """The broker's administration as far as Publisher asks it."""

    asked = 0
    closed = 0
    away = False

    def __init__(self, **settings: Any) -> None:
        assert settings["bootstrap_servers"] == ["one:1", "two:2"]

    def describe_cluster(self) -> dict[str, str]:
        """Who it is."""
        if Admin.away:
            raise KafkaTimeoutError
        Admin.asked += 1
        return {"cluster_id": "abc"}

    def close(self) -> None:
        """Let go."""
        Admin.closed += 1


def test_asks_the_broker(producer: Producer, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whether the broker answers is asked anew each time; what bus it is, once."""
    monkeypatch.setattr(publish, "KafkaAdminClient", Admin)
    one = publisher()
    assert [one.bus(), one.bus()] == ["abc space."] * 2
    assert Admin.asked == 1
    assert one.ask() == "abc"
    monkeypatch.setattr(Admin, "away", True)
    with pytest.raises(CannotPublish):
        one.ask()
    assert (Admin.asked, Admin.closed) == (2, 3)
    monkeypatch.setattr(Admin, "away", False)
    one.publish(raws(1))
    assert len(producer.sent) == 1
