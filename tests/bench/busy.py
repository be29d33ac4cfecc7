"""What the rest of the bus notices of a very busy place: a station with a million presences in a day.

One worker of the contacts stage on a core of its own, two partitions. Exposures at quiet places, where one person was each, go on steadily, in the partition of the
busy place and in the other, and the time until the contact is read is taken: alone; while a backlog of the busy place's whole day is carried; and after an exposure
of two hours at the busy place itself, from which a contact follows for everybody who was there.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator

from schemas.models.movement import Exposure
from tests.bench import contacts, presences, workers
from tests.bench.arrivals import Arrival, following
from tests.bench.ask import Answer, Bench, Table, telling, wait
from tests.bench.feed import Message, feeding
from tests.bench.lag import Lag
from tests.broker.live import Live

_PARTITIONS = 2
_BUSY = 0
_EACH_SECOND = 20.0
_NOON = presences.TODAY + 12 * presences.HOUR
_CASE = -1


def ask(bench: Bench) -> Answer:
    """Measure the three in turn on one bus."""
    count, alone, each = bench.size(30_000, 1_000_000), bench.size(8, 30), bench.size(400, 2_000)
    with bench.bus("busy", partitions=_PARTITIONS) as live:
        backlog, expected, burst = _station(live, count)
        quiet = [_Quiet(live, range(count + phase * each, count + (phase + 1) * each)) for phase in range(3)]
        command = workers.start(live, contacts.STAGE, core=-1)
        lag = Lag(live.bus)
        try:
            workers.ready(command, contacts.STAGE)
            wait(lambda: lag.quiet(contacts.STAGE), lambda: "the quiet places' presences are carried")
            phases = {"has nothing": quiet[0].expose(lambda began, _: time.time() - began > alone)}
            contacts.publish(live, "presence", backlog)
            phases["has its day carried"] = quiet[1].expose(lambda *_: lag.quiet(contacts.STAGE))
            one = _Burst(live, burst, expected)
            phases["is exposed"] = quiet[2].expose(one.over, one.send)
        finally:
            lag.close()
        contacts.end(command)
    found = {"presences": count, "contacts": expected, "burst": one.took, "quiet places": phases}
    rows = [(phase, where, spread["count"], *(f"{1000 * spread[key]:,.0f}" for key in ("p50", "p99", "longest")))
            for phase, both in phases.items() for where, spread in both.items()]  # fmt: skip
    title = f"Exposures at quiet places, beside one with {count:,} presences a day"
    return Answer(found, [Table(title, ("the busy place", "quiet places in", "exposures", "p50 ms", "p99 ms", "longest ms"), rows)], [
        f"The exposure of the busy place: {expected:,} contacts, the last of them read {one.took:.1f} s after it was sent.",
    ])  # fmt: skip


def _station(live: Live, count: int) -> tuple[list[Message], int, Exposure]:
    """The messages of the busy place's day, its exposure for two hours at noon, and how many contacts follow from that."""
    burst = presences.exposure(_CASE, presences.place(_BUSY), _NOON, _NOON + 2 * presences.HOUR)
    messages, expected = [], 0
    for number in telling(range(count), "presences of the busy place prepared"):
        one = presences.presence(live.bus, number, burst.place, presences.TODAY + number * presences.DAY // count)
        expected += one.at <= burst.until and one.until >= burst.at
        messages.append(presences.message(live.bus, one))
    return messages, expected, burst


class _Burst:
    """The exposure of the busy place, and the count of its contacts."""

    def __init__(self, live: Live, exposure: Exposure, expected: int) -> None:
        self.took = self._at = 0.0
        self._live, self._exposure, self._expected = live, exposure, expected
        self._person = exposure.person.encode()  # looked for in the bytes: to decode so many would take the time of those that are measured
        self._seen = self._found = 0

    def send(self) -> None:
        contacts.publish(self._live, "exposure", self._stamped())

    def _stamped(self) -> Iterator[Message]:
        message = presences.message(self._live.bus, self._exposure)
        self._at = time.time()
        yield message

    def over(self, _began: float, came: list[Arrival]) -> bool:
        """Whether all have come; fails when more come than people were there."""
        new = came[self._seen :]
        self._seen += len(new)
        for at, _, data in new:
            if self._person in data:
                self._found += 1
                self.took = at - self._at
        assert self._found <= self._expected, f"{self._found} contacts of the busy place, and only {self._expected} people were there"
        return self._found == self._expected


class _Quiet:
    """Exposures at quiet places, each at another where one person was."""

    def __init__(self, live: Live, numbers: range) -> None:
        """Publish the presences of the people of these numbers, each at the place of the same number."""
        self._live = live
        there = [presences.presence(live.bus, number, presences.place(number), _NOON) for number in numbers]
        contacts.publish(live, "presence", [presences.message(live.bus, one) for one in there])
        self._exposures = [presences.exposure(number, presences.place(number), _NOON, _NOON + presences.HOUR) for number in numbers]

    def expose(self, over: Callable[[float, list[Arrival]], bool], before: Callable[[], None] = lambda: None) -> dict[str, dict[str, float]]:
        """Expose one after the other until it is over, which is told when it began and what has come; what it took in each partition."""
        exposed = contacts.Exposed(self._live, self._exposures)
        topic = f"{self._live.bus.settings.namespace}exposure"
        with following(self._live.bus, "contact") as came:
            with feeding(self._live.bus.endpoints.brokers, topic, exposed.messages(), _EACH_SECOND):
                began = time.time()
                before()
                wait(lambda: over(began, came), lambda: f"{len(exposed.sent)} exposures at quiet places", every=0.5)
            wait(lambda: len(exposed.took(came)) == len(exposed.sent), lambda: f"{len(exposed.took(came))} of {len(exposed.sent)} exposures found contacts")
        places = {exposure.person: presences.partition(exposure.place, _PARTITIONS) for exposure in self._exposures}
        busy, took = presences.partition(presences.place(_BUSY), _PARTITIONS), exposed.took(came)
        sides = {
            "its partition": [took[person] for person in took if places[person] == busy],
            "the other": [took[person] for person in took if places[person] != busy],
        }
        return {where: contacts.spread(times) for where, times in sides.items()}
