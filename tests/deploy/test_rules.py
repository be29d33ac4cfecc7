"""A worker says under which agency files it decides, once for every change of them."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

from deploy.clock import PIECES
from deploy.rules import TOPIC, said, tell
from schemas.agency import Agency, rules_of
from schemas.models.control import SLOTS, Rules
from tests.streams.routing.cases import agency, hospital

PARTITIONS = 3


class FakeTopic:
    """Publisher and reader of one topic: what was sent is what is read."""

    def __init__(self) -> None:
        self.sent: list[tuple[int, str, Rules]] = []

    def send(self, topic: str, key: str, value: Rules, partition: int) -> None:
        """Keep it."""
        assert topic == TOPIC
        self.sent.append((partition, key, value))

    def settle(self) -> None:
        """Nothing waits."""

    def read(self, topic: str) -> list[Any]:
        """What was sent."""
        assert topic == TOPIC
        return [SimpleNamespace(partition=partition, key=key, value=value) for partition, key, value in self.sent]


def _said(topic: FakeTopic, *agencies: Agency) -> int:
    bus: Any = SimpleNamespace(agencies={one.name: one for one in agencies}, topics={TOPIC: SimpleNamespace(partitions=PARTITIONS)})
    both: Any = topic
    return tell(bus, both, both)


def test_every_slot_of_every_partition_is_told() -> None:
    """Each partition gets every slot once, with the digest of the files."""
    topic = FakeTopic()
    assert _said(topic, agency()) == PARTITIONS * PIECES == len(topic.sent)
    for number in range(PARTITIONS):
        slots = [slot for partition, _, value in topic.sent if partition == number for slot in range(value.first, value.last + 1)]
        assert slots == list(range(SLOTS))
    assert {value.digest for _, _, value in topic.sent} == {rules_of([agency()])}


def test_the_same_files_are_said_once() -> None:
    """A second worker with the same files says nothing; one with others does, and so does one with the files of before."""
    topic = FakeTopic()
    did = [_said(topic, *files) > 0 for files in ((agency(),), (agency(),), (agency(), hospital()), (hospital(), agency()), (agency(),))]
    assert did == [True, False, True, False, True]


def test_what_was_said_by_half_is_said_again() -> None:
    """A worker that died while it said so left some slots with the digest of before: the next one says all of it."""
    topic, reader = FakeTopic(), FakeTopic()
    _said(topic, agency())
    _said(topic, hospital())
    reader.sent = topic.sent[: PARTITIONS * PIECES + 5]
    both: Any = reader
    assert said(both) == {rules_of([agency()]), rules_of([hospital()])}
    assert _said(reader, hospital()) == PARTITIONS * PIECES
