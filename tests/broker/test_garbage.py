"""What nobody should have written onto the topics: it is refused with its place, and all else goes on as if it were not there."""

from __future__ import annotations

from collections import Counter
from contextlib import closing
from typing import Any

from kafka import KafkaProducer

from schemas.models.fact import Fact
from schemas.models.raw import Raw, Reject
from tests.broker.live import Live
from tests.broker.people import positive, scan
from tests.broker.truth import wrong

NOT_AVRO, UNKNOWN, ELSEWHERE = b"garbage", b"\0\x7f\xff\xff\xffrest", b"\x01\0\0\0\x01"
ONTO = ("raw.scan-code", "record.lab", "record.scan", "identity.mention", "identity.match", "identity.link", "presence", "case.evidence", "case.linked")
"""Topics onto which garbage is written: one that each stage reads."""


class Vandal:
    """Writes onto topics without asking anybody, and remembers where."""

    def __init__(self, live: Live) -> None:
        self._live = live
        self._producer = KafkaProducer(bootstrap_servers=live.bus.endpoints.brokers)
        self.places: list[tuple[str, int, int]] = []

    def write(self, topic: str, value: bytes | None, key: bytes | None = b"k", partition: int = 0) -> None:
        """Write one message."""
        future = self._producer.send(f"{self._live.bus.settings.namespace}{topic}", value=value, key=key, partition=partition)
        self.places.append((topic, partition, future.get(10).offset))

    def close(self) -> None:
        """Let go of the connection."""
        self._producer.close()


def _pointers(live: Live) -> list[tuple[str, int, int]]:
    rejects = [entry.value for entry in live.entries("reject") if isinstance(entry.value, Reject)]
    return [(one.pointer.topic, one.pointer.partition, one.pointer.offset) for one in rejects]


def _good(live: Live, topic: str) -> bytes:
    """The bytes of a message that is on a topic already."""
    value = next(entry.value for entry in live.entries(topic) if entry.value is not None)
    return live.bus.codec.encode(topic, value)


def _odd(live: Live) -> list[bytes]:
    """Raw messages that are Avro of the right schema, and that no connector writes."""
    raw = Raw(source="scan-code", record="k", version=1, digest="d", body=b"{}", received_at=0)
    strange: list[dict[str, Any]] = [
        {"source": "no-such"}, {"received_at": 2**62}, {"received_at": -(2**62)}, {"digest": "d" * 70_000}, {"version": -(2**63)}, {"body": b"\xff" * 100},
        {"fields": {"scan_no": "\0\u202e"}}, {"source": "s" * 300_000, "digest": "e" * 300_000},  # a seal names the source again
    ]  # fmt: skip
    return [live.bus.codec.encode("raw.scan-code", raw.model_copy(update={"digest": f"{number}", **more})) for number, more in enumerate(strange)]


def test_garbage_on_topics(live: Live) -> None:
    """On a topic of every stage: no Avro, no such schema, a value cut short, a value of another topic, a wrong key, no value.

    Each becomes one reject for each stage that reads it, the ledgers count it, what is good before and behind it comes through, and the answer is the oracle's.
    """
    worker = live.commands.worker()
    before, after = [scan(number, number) for number in range(1, 4)], [scan(number, number) for number in range(4, 8)]
    live.publish("scan-code", before)
    live.publish("lab-result", [positive(1, 1)])
    live.settle()
    with closing(Vandal(live)) as vandal:
        for topic in ONTO:
            good, other = _good(live, topic), _good(live, "contact")
            for value in (NOT_AVRO, UNKNOWN, ELSEWHERE, good[:-3], good + b"x", other, b"", None, good):  # the last has a wrong key
                vandal.write(topic, value)
            if live.bus.topics[topic].cleanup != "compact":  # there the broker takes nothing without a key
                vandal.write(topic, good, key=None)
        for value in _odd(live):
            vandal.write("raw.scan-code", value)
    expected = Counter(place for place in vandal.places for stage in live.bus.stages if place[0] in stage.inputs)
    live.publish("scan-code", after)
    rows = live.settle()
    assert worker.ended is None, worker.said
    assert not [row for row in rows if row.problems]
    assert Counter(_pointers(live)) == expected
    assert sum(row.rejected for row in rows) == sum(expected.values())
    told = wrong(live, [("scan-code", one) for one in (*before, *after)] + [("lab-result", positive(1, 1))])
    extra = tuple(f"- {topic} " for topic in (*ONTO, "reject"))  # there the vandal's own messages stand, for whoever reads without a look at keys
    assert [line for line in told.splitlines() if not line.startswith(extra)] == []
    assert all(entry.value.at < 2**42 for entry in live.entries("reject") if isinstance(entry.value, Fact))


def test_stops_reading_what_is_nearly_all_refused(live: Live) -> None:
    """Of a thousand records that are all wrong some hundred are refused, then the stage stops reading that topic, says so, and reads all others.

    Started again it stops at the same place, and when told that all may be refused, it refuses the rest. Nothing is lost.
    """
    live.publish("scan-code", [scan(number, number, place_code="") for number in range(1000)])
    worker = live.commands.start("worker", "--stages", "normalise")
    worker.says("has stopped reading raw.scan-code on partition 0")
    worker.says("has stopped reading raw.scan-code on partition 1")
    assert worker.ended is None
    drained = len(_pointers(live))
    assert drained < 2 * 200
    live.publish("lab-result", [positive(number, number) for number in range(20)])
    live.commands.wait(lambda: len(live.standing("record.lab")) == 20, 40)
    assert len(_pointers(live)) == drained
    assert worker.end() == 0
    again = live.commands.start("worker", "--stages", "normalise")
    again.says("has stopped reading raw.scan-code on partition 0")
    again.says("has stopped reading raw.scan-code on partition 1")
    assert len(_pointers(live)) == drained
    assert again.end() == 0
    live.commands.start("worker", "--stages", "normalise", LIANFANG_REJECT_SHARE="1")
    live.commands.wait(lambda: len(_pointers(live)) == 1000, 60)
    (row,) = [row for row in live.rows() if row.topic == "raw.scan-code"]
    assert (row.received, row.rejected, row.problems) == (1000, 1000, [])
