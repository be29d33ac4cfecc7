"""Seconds until a stage goes on after its worker was killed under load, and after its disk was lost as well, by how many presences it holds.

The changelog of the contacts stage is written directly, with the rows that presences leave. A worker on a core of its own learns it, gets a steady load, is killed
(SIGKILL), and is started again at once; the time runs from the kill until something new is committed. Then the same with its state removed. How long the
changelog takes to read is measured alone as well, for the group waits out the session of a killed member, and a recovery can hide in that.
"""

from __future__ import annotations

import asyncio
import shutil
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass

from aiokafka import TopicPartition

from deploy.cli.output import progress
from streams.runtime.changelog import recover
from streams.runtime.store import Store
from streams.stage import Stage
from tests.bench import contacts, presences, workers
from tests.bench.ask import Answer, Bench, Table, wait
from tests.bench.feed import feeding
from tests.bench.lag import Lag
from tests.bench.load import PLACES
from tests.broker.live import Live
from tests.broker.processes import Command

_RATE = 500.0
_DAYS = 30
_LONGEST = 600
_WORKING = 3.0


@dataclass(frozen=True, slots=True)
class Recovered:
    """Seconds to resume after a kill and after losing the disk too, with so many presences; seconds to read their changelog, and its bytes."""

    presences: int
    killed: float
    lost: float
    reading: float
    changelog: int


def ask(bench: Bench) -> Answer:
    """Measure with little and with much state."""
    found = [_recovered(bench, count) for count in ((5_000, 50_000) if bench.small else (100_000, 1_000_000))]
    with bench.bus("settings") as live:
        timeout = live.bus.settings.session_timeout
    rows = [(f"{one.presences / 1e6:g}", f"{one.killed:.1f}", f"{one.lost:.1f}", f"{one.reading / one.presences * 1e6:.1f}",
             f"{one.changelog / one.presences:.0f}") for one in found]  # fmt: skip
    columns = ("millions of presences", "s to resume after a kill", "s after losing the disk too", "s to read each million", "changelog B each")
    return Answer({"session_timeout": timeout, "sizes": [asdict(one) for one in found]},
                  [Table("The contacts stage, killed under load and started again at once", columns, rows)],
                  [f"To resume holds the session timeout, {timeout:.0f} s: so long the group waits for the one that was killed, and what recovers meanwhile does not show."])  # fmt: skip


def _recovered(bench: Bench, count: int) -> Recovered:
    with bench.bus(f"recovery-{count}", partitions=2) as live:
        (stage,) = (stage for stage in live.bus.stages if stage.name == "contacts")
        contacts.publish(live, stage.changelog, presences.rows(live.bus, stage, count, _DAYS, PLACES))
        load = presences.day(live.bus, int(_RATE * _LONGEST), PLACES, first=count)
        lag = Lag(live.bus)
        try:
            size = lag.sizes()[stage.changelog]
            with feeding(live.bus.endpoints.brokers, f"{live.bus.settings.namespace}presence", (presences.message(live.bus, one) for one in load), _RATE):
                killed, command = _resumed(live, lag, _working(live, lag, _started(live)), lose=False)
                lost, command = _resumed(live, lag, _working(live, lag, command), lose=True)
            command.kill()
        finally:
            lag.close()
        return Recovered(count, killed, lost, _read(live, stage), size)


def _read(live: Live, stage: Stage) -> float:
    """Seconds to read the changelog into empty stores, one partition after the other, on an otherwise idle bus."""
    bus, began = live.bus, time.perf_counter()
    for number in range(bus.topics[stage.changelog].partitions or 1):
        store = Store(bus.settings.home / "read" / str(number), [table.number for table in stage.tables if table.few])
        changelog = TopicPartition(bus.settings.namespace + stage.changelog, number)
        asyncio.run(recover(bus.brokers, f"{bus.settings.namespace}reading", changelog, store, (), progress))
        store.close()
    return time.perf_counter() - began


def _started(live: Live) -> Command:
    command = workers.start(live, contacts.STAGE, core=-1)
    workers.ready(command, contacts.STAGE)
    return command


def _working(live: Live, lag: Lag, command: Command) -> Command:
    """Let it commit for a while."""
    limit, steps = time.monotonic() + _WORKING, _progress(lag)
    next(steps)
    wait(lambda: time.monotonic() > limit and next(steps), lambda: f"under load: {lag.lag(contacts.STAGE)['contacts']:,} presences behind")
    return command


def _resumed(live: Live, lag: Lag, command: Command, *, lose: bool) -> tuple[float, Command]:
    """Kill a worker, and remove its state if it is to be lost; seconds until another has committed something new, and that other."""
    command.kill()
    began = time.monotonic()
    if lose:
        shutil.rmtree(live.bus.settings.home / "state")
    steps = _progress(lag)
    next(steps)
    command = workers.start(live, contacts.STAGE, core=-1)
    wait(lambda: next(steps), lambda: f"{time.monotonic() - began:.0f} s since the kill: {(command.said.strip().splitlines() or ['starting'])[-1]}", every=0.05)
    return time.monotonic() - began, command


def _progress(lag: Lag) -> Iterator[bool]:
    """Whether something was committed since the first look."""
    first = sum(lag.committed("contacts").values())
    yield False
    while True:
        yield sum(lag.committed("contacts").values()) > first
