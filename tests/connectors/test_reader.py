"""Reading topics, with a consumer that holds what a test puts in."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import pytest
from kafka import TopicPartition
from kafka.errors import KafkaTimeoutError

from connectors import reader
from connectors.reader import CannotRead, Reader
from schemas.brokers import Brokers
from schemas.codec import Codec, Undecodable
from schemas.models.raw import Reason


@dataclass
class Record:
    """One message of a log."""

    partition: int
    offset: int
    value: bytes | None
    key: bytes | None = b"key"
    timestamp: int = 5


@dataclass
class Consumer:
    """A consumer over logs; offsets that hold nothing, as compaction and transactions leave them, are passed over."""

    logs: dict[TopicPartition, list[Record]]
    ends: dict[TopicPartition, int] = field(default_factory=dict)
    at: dict[TopicPartition, int] = field(default_factory=dict)
    stuck: bool = False
    closed: bool = False

    def topics(self) -> set[str]:
        """Names."""
        return {part.topic for part in self.logs}

    def partitions_for_topic(self, topic: str) -> set[int]:
        """Numbers."""
        return {part.partition for part in self.logs if part.topic == topic}

    def end_offsets(self, parts: list[TopicPartition]) -> dict[TopicPartition, int]:
        """Ends, as they were noted or as they are."""
        return {part: self.ends.get(part, self._end(part)) for part in parts}

    def assign(self, parts: list[TopicPartition]) -> None:
        """Take partitions."""
        self.at = dict.fromkeys(parts, 0)

    def seek_to_beginning(self, *parts: TopicPartition) -> None:
        """Start over."""
        self.at.update(dict.fromkeys(parts, 0))

    def seek(self, part: TopicPartition, offset: int) -> None:
        """Go to an offset."""
        self.at[part] = offset

    def position(self, part: TopicPartition) -> int:
        """Where it is."""
        return self.at[part]

    def poll(self, timeout_ms: int, max_records: int) -> dict[TopicPartition, list[Record]]:
        """Two messages of each partition at most."""
        found = {}
        for part in [] if self.stuck else self.at:
            rest = [one for one in self.logs[part] if one.offset >= self.at[part]][: min(max_records, 2)]
            self.at[part] = rest[-1].offset + 1 if rest else max(self.at[part], self.ends.get(part, self._end(part)))
            if rest:
                found[part] = rest
        return found

    def close(self) -> None:
        """Let go."""
        self.closed = True

    def _end(self, part: TopicPartition) -> int:
        return self.logs[part][-1].offset + 1 if self.logs[part] else 0


class Words(Codec):
    """Values as reasons, without a registry."""

    def __init__(self) -> None:
        pass

    def decode(self, data: bytes, topic: str | None = None) -> Reason:
        """The value, unless the bytes are none."""
        if not data or data == b"broken":
            raise Undecodable("no value")
        return Reason(field="", problem=data.decode())


def reading(monkeypatch: pytest.MonkeyPatch, consumer: Consumer) -> Reader:
    """A reader over a consumer."""
    monkeypatch.setattr(reader, "KafkaConsumer", lambda **_: consumer)
    return Reader(Brokers("one:1"), Words(), "space.")


def part(number: int, topic: str = "space.contact") -> TopicPartition:
    """A partition."""
    return TopicPartition(topic, number)


def test_reads_to_the_end_as_it_was(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every message that was there is read, partition by partition in order, over gaps too; what comes later ends nothing."""
    logs = {part(0): [Record(0, number, f"a{number}".encode()) for number in (0, 1, 4, 5)], part(1): [Record(1, 7, b"b7", key=None)], part(2): []}
    entries = list(reading(monkeypatch, Consumer(logs, ends={part(0): 9, part(1): 8})).read("contact"))
    assert [(one.partition, one.offset) for one in entries if one.partition == 0] == [(0, 0), (0, 1), (0, 4), (0, 5)]
    assert [(one.offset, one.key, one.written, one.topic) for one in entries if one.partition == 1] == [(7, "", 5, "contact")]
    assert {one.value.problem for one in entries if isinstance(one.value, Reason)} == {"a0", "a1", "a4", "a5", "b7"}


def test_what_is_no_value(monkeypatch: pytest.MonkeyPatch) -> None:
    """Bytes that are no value, and messages without one, are entries without a value, and do not end the reading."""
    logs = {part(0): [Record(0, 0, None), Record(0, 1, b"broken"), Record(0, 2, b"good", key=b"\xff")]}
    entries = list(reading(monkeypatch, Consumer(logs)).read("contact"))
    assert [one.value and one.value.model_dump()["problem"] for one in entries] == [None, None, "good"]
    assert entries[2].key == "\ufffd"


def test_end_that_is_not_reached(monkeypatch: pytest.MonkeyPatch) -> None:
    """A topic that cannot be read to its end in time is told, and not taken for a shorter one."""
    consumer = Consumer({part(0): [Record(0, 0, b"a")]}, stuck=True)
    with pytest.raises(CannotRead, match="topic contact could not be read to its end"):
        list(reading(monkeypatch, consumer).read("contact", patience=0.05))


def test_broker_that_goes_away(monkeypatch: pytest.MonkeyPatch) -> None:
    """A broker that goes away while a topic is read is told as what it is."""
    consumer = Consumer({part(0): [Record(0, 0, b"a")]})

    def away(_: object) -> None:
        raise KafkaTimeoutError

    monkeypatch.setattr(consumer, "end_offsets", away)
    with pytest.raises(CannotRead, match=r"topic contact cannot be read \(KafkaTimeoutError\)"):
        list(reading(monkeypatch, consumer).read("contact"))


def test_no_such_topic(monkeypatch: pytest.MonkeyPatch) -> None:
    """A topic that is not there is told with what makes it."""
    with pytest.raises(CannotRead, match="lianfang topics apply"):
        list(reading(monkeypatch, Consumer({})).read("contact"))


def test_one_message(monkeypatch: pytest.MonkeyPatch) -> None:
    """The value at one place is found, and nothing else is taken for it when it is gone."""
    found = reading(monkeypatch, Consumer({part(1): [Record(1, 3, b"three"), Record(1, 5, b"five")]}))
    value = found.raw_bytes("contact", 1, 5)
    assert isinstance(value, Reason)
    assert value.problem == "five"
    assert found.raw_bytes("contact", 1, 4) is None


def test_topics_of_this_bus(monkeypatch: pytest.MonkeyPatch) -> None:
    """Topics of other buses on the same broker are not listed, and names are those of the contract."""
    consumer = Consumer({part(0): [], part(0, "other.contact"): []})
    one = reading(monkeypatch, consumer)
    assert one.topics() == {"contact"}
    one.close()
    assert consumer.closed


def test_no_broker(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where nobody answers, connecting says what to do."""

    def nobody(**_: Any) -> None:
        raise KafkaTimeoutError

    monkeypatch.setattr(reader, "KafkaConsumer", nobody)
    with pytest.raises(CannotRead, match="`lianfang up` starts one"):
        Reader(Brokers("one:1"), Words(), "")
