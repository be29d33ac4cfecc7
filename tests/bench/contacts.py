"""The contacts stage in one worker on a core of its own: exposures, and how long until a reader has the contacts."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Sequence

from schemas.models.movement import Contact, Exposure
from tests.bench import feed, presences
from tests.bench.arrivals import Arrival
from tests.bench.ask import percentile
from tests.broker.live import Live
from tests.broker.processes import Command

STAGE = ["contacts"]


class Exposed:
    """Exposures, each of another person, and when each was handed to the producer (seconds of `time.time`)."""

    def __init__(self, live: Live, exposures: Sequence[Exposure]) -> None:
        """Take exposures of different people."""
        self.sent: dict[str, float] = {}
        self._live = live
        self._seen, self._found = 0, dict[str, float]()
        self._messages = {exposure.person: presences.message(live.bus, exposure) for exposure in exposures}

    def messages(self) -> Iterator[feed.Message]:
        """What to send; the time is noted when each is taken."""
        for person, message in self._messages.items():
            self.sent[person] = time.time()
            yield message

    def took(self, came: Sequence[Arrival]) -> dict[str, float]:
        """Seconds until the first contact of each exposure that has one, by its person; `came` is the same list each time, which grows."""
        new = came[self._seen :]
        self._seen += len(new)
        for at, topic, data in new:
            contact = self._live.bus.codec.decode(data, topic)
            if isinstance(contact, Contact) and contact.person in self.sent:
                self._found.setdefault(contact.person, at - self.sent[contact.person])
        return self._found


def spread(values: Sequence[float]) -> dict[str, float]:
    """How many there are, and the median, 99th percentile and longest of some times."""
    found = sorted(values)
    return {"count": len(found), "p50": percentile(found, 0.5), "p99": percentile(found, 0.99), "longest": found[-1]}


def publish(live: Live, topic: str, messages: Iterable[feed.Message]) -> int:
    """Send messages to a topic of the bus as fast as the broker takes them; returns how many."""
    return feed.publish(live.bus.endpoints.brokers, live.bus.settings.namespace + topic, messages)


def end(command: Command) -> None:
    """Ask a worker to end; fails with what it said when it does not end well."""
    assert command.end() == 0, command.said
