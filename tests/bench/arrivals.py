"""When messages come out of the bus, as a reader of committed messages sees them."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from kafka import KafkaConsumer, TopicPartition

from deploy.bus import Bus

Arrival = tuple[float, str, bytes]
"""When it came (seconds of `time.time`), the topic without its prefix, the value."""


class Arrivals:
    """Follows topics from their ends at the time when it was made; `came` grows meanwhile."""

    def __init__(self, bus: Bus, topics: Sequence[str]) -> None:
        """Connect, and remember the ends."""
        self.came: list[Arrival] = []
        self._prefix = bus.settings.namespace
        self._stop = threading.Event()
        self._consumer = KafkaConsumer(
            bootstrap_servers=bus.endpoints.brokers, isolation_level="read_committed", enable_auto_commit=False, group_id=None, auto_offset_reset="latest",
            fetch_max_wait_ms=100,
        )  # fmt: skip
        parts = [TopicPartition(self._prefix + topic, number) for topic in topics for number in range(bus.topics[topic].partitions or 1)]
        self._consumer.assign(parts)
        self._consumer.seek_to_end(*parts)
        for part in parts:
            self._consumer.position(part)

    def run(self) -> None:
        """Follow until `stop`."""
        try:
            while not self._stop.is_set():
                found = self._consumer.poll(timeout_ms=100, max_records=10_000)
                now = time.time()
                self.came += [(now, part.topic.removeprefix(self._prefix), record.value) for part, records in found.items() for record in records]
        finally:
            self._consumer.close()

    def stop(self) -> None:
        """Follow no longer."""
        self._stop.set()


@contextmanager
def following(bus: Bus, *topics: str) -> Iterator[list[Arrival]]:
    """What comes on topics meanwhile, in a list that grows; at the end it grows no more."""
    arrivals = Arrivals(bus, topics)
    thread = threading.Thread(target=arrivals.run, name="arrivals", daemon=True)
    thread.start()
    try:
        yield arrivals.came
    finally:
        arrivals.stop()
        thread.join()
