"""Waiting until a stage has read what was written."""

from __future__ import annotations

from pathlib import Path
from typing import Any, ClassVar, NamedTuple

import pytest
from kafka import TopicPartition
from kafka.errors import KafkaConnectionError

from deploy.admin import Refused
from deploy.bus import Bus
from deploy.linkage.taken import Follower, taken
from deploy.local.stack import Endpoints
from schemas.models.raw import Ledger

LEDGER = TopicPartition("ledger", 0)


class Record(NamedTuple):
    """A message as a consumer gives it."""

    value: bytes


class Consumer:
    """A ledger whose messages come look by look, and an input of three partitions, of which the last is empty."""

    looks: ClassVar[list[list[Ledger | None]]] = []

    def __init__(self, **_: Any) -> None:
        """Connect to nothing."""
        self.did: list[str] = []
        Consumer.last = self

    last: Consumer

    def assign(self, parts: list[TopicPartition]) -> None:
        """Note it."""
        self.did.append(f"assign {parts[0].topic}")

    def seek_to_end(self, *parts: TopicPartition) -> None:
        """Note it."""
        self.did.append(f"end of {parts[0].topic}")

    def position(self, part: TopicPartition) -> int:
        """Note it."""
        self.did.append(f"position {part.topic}")
        return 7

    def end_offsets(self, parts: list[TopicPartition]) -> dict[TopicPartition, int]:
        """Ends of the input."""
        return dict(zip(parts, (258, 257, 0), strict=True))

    def poll(self, timeout_ms: int) -> dict[TopicPartition, list[Record]]:
        """The messages of the next look."""
        assert timeout_ms
        return {LEDGER: [Record(b"" if one is None else one.model_dump_json().encode()) for one in Consumer.looks.pop(0)]} if Consumer.looks else {}

    def close(self) -> None:
        """Note it."""
        self.did.append("close")


class Codec:
    """Reads what the consumer gives."""

    def decode(self, data: bytes) -> object:
        """A ledger, or something else."""
        return Ledger.model_validate_json(data) if data else None


@pytest.fixture(name="bus")
def _bus(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Bus:
    (tmp_path / "secret").write_bytes(bytes(32))
    monkeypatch.setenv("LIANFANG_HOME", str(tmp_path))
    monkeypatch.setenv("LIANFANG_PARTITIONS", "3")
    monkeypatch.setattr("deploy.linkage.taken.KafkaConsumer", Consumer)
    bus = Bus()
    bus.__dict__["endpoints"] = Endpoints("broker.test:9092", "http://registry.test")
    bus.__dict__["codec"] = Codec()
    return bus


def through(partition: int, offset: int, stage: str = "pairs", topic: str = "identity.model") -> Ledger:
    """That a stage has counted up to an offset."""
    return Ledger(stage=stage, topic=topic, partition=partition, through=offset, received=1, applied=1, duplicates=0, rejected=0)


def test_all_is_read_when_each_partition_is_counted_to_its_end(bus: Bus) -> None:
    """Only the stage and the input that are asked for count, only from the last message on, and an empty partition is not waited for."""
    follower = Follower(bus, "pairs", "identity.model")
    assert Consumer.last.did[:3] == ["assign ledger", "end of ledger", "position ledger"]
    follower.written()
    Consumer.looks = [[None, through(0, 256), through(1, 999, "links"), through(1, 999, topic="identity.block")], [through(0, 257)], [through(0, 300), through(1, 256)]]
    assert [follower.read_all() for _ in range(4)] == [False, False, True, True]
    follower.close()
    assert Consumer.last.did[-1] == "close"


def test_without_a_broker(bus: Bus, monkeypatch: pytest.MonkeyPatch) -> None:
    """A broker that is away is a problem that is told."""

    def away(**_: Any) -> None:
        raise KafkaConnectionError

    monkeypatch.setattr("deploy.linkage.taken.KafkaConsumer", away)
    with pytest.raises(Refused, match="the ledger cannot be read"):
        Follower(bus, "pairs", "identity.model")


class Looks:
    """All is read at the n-th look; each look takes half a second."""

    def __init__(self, count: int) -> None:
        """Take the n."""
        self.left, self.now = count, 0.0

    def read_all(self) -> bool:
        """Look."""
        self.left, self.now = self.left - 1, self.now + 0.5
        return self.left <= 0


@pytest.mark.parametrize(("looks", "seconds"), [(1, 0.5), (4, 2.0), (1000, None)])
def test_waiting(looks: int, seconds: float | None) -> None:
    """Waiting says after how many seconds all was read; or that it was not, when patience ends."""
    follower = Looks(looks)
    assert taken(follower, 5, lambda: follower.now) == seconds
    assert follower.now <= 5
