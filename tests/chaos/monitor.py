"""Watches the bus while it works: how far every stage has read every input, and how much there is on each topic."""

from __future__ import annotations

import threading
import time
from collections import Counter

from kafka import KafkaConsumer, TopicPartition
from kafka.errors import KafkaError

from deploy.bus import Bus
from schemas.models.raw import Ledger

Place = tuple[str, int]
"""Topic and partition."""


class Monitor:
    """Follows all topics of facts in a thread of its own, past the relay; a broker that is away only makes it late."""

    def __init__(self, bus: Bus, agency: str) -> None:
        """Begin; `agency` is the one with a webhook."""
        self.messages: Counter[str] = Counter()
        self.last: dict[Place, int] = {}
        self.through: dict[tuple[str, str, int], int] = {}
        self.counted: dict[tuple[str, int], float] = {}
        """By stage and partition when it last committed a batch, by our clock."""
        self.delivered = f"deliver.{agency}"
        self.news = self.looked = time.monotonic()
        self.came = 0.0
        """When the last raw message came."""
        self._bus, self._prefix = bus, bus.settings.namespace
        topics = [topic for topic in bus.topics if not topic.startswith("state.")]
        self.parts = [TopicPartition(self._prefix + topic, number) for topic in topics for number in range(bus.topics[topic].partitions or 1)]
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True, name="monitor")
        self._thread.start()

    def behind(self) -> list[tuple[str, str, int]]:
        """Stage, topic and partition of every input of which messages wait."""
        return [(stage.name, topic, number) for stage in self._bus.stages for topic in stage.inputs for number in range(self._bus.topics[topic].partitions or 1)
                if self.last.get((topic, number), -1) > self.through.get((stage.name, topic, number), -1)]  # fmt: skip

    @property
    def waiting(self) -> int:
        """Raw messages that are not yet normalised, about (offsets count transactions too)."""
        raw = [(place, last) for place, last in list(self.last.items()) if place[0].startswith("raw.")]
        return sum(last - self.through.get(("normalise", *place), -1) for place, last in raw)

    def since(self, stage: str, moment: float) -> bool:
        """Whether a stage has committed on each of its partitions since a moment, or has nothing to do there."""
        late = {number for name, _, number in self.behind() if name == stage}
        return self.looked > moment and all(self.counted.get((stage, number), 0.0) > moment for number in late)

    def close(self) -> None:
        """End."""
        self._stop.set()
        self._thread.join(30)

    def _run(self) -> None:
        consumer = None
        while not self._stop.is_set():
            try:
                consumer = consumer or self._connected()
                self._take(consumer.poll(timeout_ms=200, max_records=5_000))
            except KafkaError:  # it is away, by our own doing; whoever waits for news sees that there are none
                time.sleep(0.2)
        if consumer:
            consumer.close()

    def _connected(self) -> KafkaConsumer:
        consumer = KafkaConsumer(bootstrap_servers=self._bus.endpoints.brokers, isolation_level="read_committed", enable_auto_commit=False,
                                 auto_offset_reset="earliest", group_id=None)  # fmt: skip
        consumer.assign(self.parts)
        return consumer

    def _take(self, polled: dict[TopicPartition, list[object]]) -> None:
        now = time.monotonic()
        for part, records in polled.items():
            topic = part.topic.removeprefix(self._prefix)
            self.messages[topic] += len(records)
            self.came = now if topic.startswith("raw.") else self.came
            self.last[topic, part.partition] = records[-1].offset  # type: ignore[attr-defined]
            if topic == "ledger":
                self._count([record.value for record in records], now)  # type: ignore[attr-defined]
        self.news = now if polled else self.news
        self.looked = now

    def _count(self, values: list[bytes], now: float) -> None:
        for value in values:
            ledger = self._bus.codec.decode(value)
            assert isinstance(ledger, Ledger)
            self.through[ledger.stage, ledger.topic, ledger.partition] = ledger.through
            self.counted[ledger.stage, ledger.partition] = now
