"""The simulated broker is itself right: what it shows, refuses, forgets and ends."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from aiokafka import TopicPartition
from aiokafka.errors import ProducerFenced

from tests.simulation.broker import Broker, Concurrent

TP = TopicPartition("t", 0)
DAY = 24 * 3600 * 1000


class Rig:
    """A broker whose markers and timers come when they are told to."""

    def __init__(self) -> None:
        self.now = 0
        self.markers: list[Callable[[], None]] = []
        self.timers: list[Callable[[], None]] = []
        self.broker = Broker({"t": 2}, lambda: self.now, self.markers.append, lambda _, action: self.timers.append(action))

    def begun(self, owner: str = "a") -> int:
        """A producer with one record in an open transaction."""
        epoch = self.broker.init(owner)
        self.broker.add(owner, epoch, TP, 1.0)
        self.broker.produce(owner, epoch, TP, [(b"key", b"value")])
        return epoch

    def mark(self) -> None:
        """Write all markers that are due."""
        markers, self.markers = self.markers, []
        for marker in markers:
            marker()

    def read(self, start: int = 0) -> tuple[list[bytes], int]:
        """Keys that a reader sees, and where it goes on."""
        records, end = self.broker.logs[TP].read(start, 100)
        return [record.key for record in records], end


def test_a_transaction_is_seen_with_its_marker() -> None:
    """Records of a transaction are seen when their marker is written, and the marker takes an offset."""
    rig = Rig()
    rig.broker.commit("a", rig.begun())
    assert rig.read() == ([], 0)
    rig.mark()
    assert rig.read() == ([b"key"], 2)
    assert rig.broker.settled


def test_an_open_transaction_holds_up_what_comes_after_it() -> None:
    """What is written behind an open transaction is not seen before that is decided."""
    rig = Rig()
    epoch = rig.begun()
    rig.broker.logs[TP].append([(b"later", b"")])
    assert rig.read() == ([], 0)
    rig.broker.commit("a", epoch)
    rig.mark()
    assert rig.read() == ([b"key", b"later"], 3)


def test_a_successor_ends_what_its_predecessor_left() -> None:
    """A producer that starts gets its epoch after the open transaction is aborted; the predecessor is refused, and nothing of it is seen."""
    rig = Rig()
    old = rig.begun()
    with pytest.raises(Concurrent):
        rig.broker.init("a")
    rig.mark()
    new = rig.broker.init("a")
    assert rig.read() == ([], 2)
    for refused in (lambda: rig.broker.produce("a", old, TP, [(b"zombie", b"")]), lambda: rig.broker.commit("a", old), lambda: rig.broker.add("a", old, TP, 1.0)):
        with pytest.raises(ProducerFenced):
            refused()
    rig.broker.add("a", new, TP, 1.0)


def test_a_late_record_finds_no_transaction() -> None:
    """A record that arrives after its transaction was decided, or for a partition that is not in it, is refused."""
    rig = Rig()
    epoch = rig.begun()
    with pytest.raises(ProducerFenced):
        rig.broker.produce("a", epoch, TopicPartition("t", 1), [(b"elsewhere", b"")])
    rig.broker.commit("a", epoch)
    with pytest.raises(ProducerFenced):
        rig.broker.produce("a", epoch, TP, [(b"late", b"")])
    with pytest.raises(Concurrent):
        rig.broker.add("a", epoch, TP, 1.0)


def test_a_transaction_that_lasts_too_long_is_ended() -> None:
    """The broker aborts it and refuses its producer."""
    rig = Rig()
    epoch = rig.begun()
    for timer in rig.timers:
        timer()
    rig.mark()
    with pytest.raises(ProducerFenced):
        rig.broker.commit("a", epoch)
    assert rig.read() == ([], 2)


def test_compaction_keeps_the_last_of_each_key() -> None:
    """Earlier records of a key go, a removal stays for a day and then goes too, and offsets stay as they were."""
    rig = Rig()
    log = rig.broker.logs[TP]
    log.append([(b"a", b"1"), (b"b", b"1"), (b"a", b"2"), (b"b", None), (b"c", b"1")])
    assert log.compact(4, -DAY) == 2
    assert [(record.key, record.value, record.offset) for record in log.read(0, 100)[0]] == [(b"a", b"2", 2), (b"b", None, 3), (b"c", b"1", 4)]
    assert log.compact(4, 1) == 1
    assert rig.read() == ([b"a", b"c"], 5)
    assert [record.offset for record in log.committed()] == [0, 1, 2, 3, 4], "what was ever visible is remembered"
