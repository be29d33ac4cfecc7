"""One implementation does the job, and is watched from outside.

The first third of the exposures and all scans are on the bus before it starts. When half of the scans are committed the second third of the exposures
follows, when all are committed the last. The run ends when everything is committed; then what was written is compared with the answer.

Rate: c is how many scans were committed when that was first more than none, seen every twentieth of a second. It is (all scans - c) / (seconds from then
until all were committed). So starting up is left out, and warming up only until the first commit. CPU is counted over the same time and the same scans;
`share` is how much of its core the process had meanwhile: what lacks to 1 it waited for, or others on the machine took.
"""

from __future__ import annotations

import os
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from deploy.cli.output import progress
from deploy.local.stack import Endpoints
from tests.bench.contact import wire
from tests.bench.contact.answer import check, expected
from tests.bench.contact.job import Job
from tests.bench.contact.publish import publish
from tests.bench.contact.watch import Watch
from tests.bench.copy import committed
from tests.bench.workers import Used, on_disk, pinned
from tests.broker.live import Live, opened
from tests.broker.processes import Command, environment

_PATIENCE = 180.0
"""Seconds without a commit after which a run has failed."""
_LATE = 20.0
"""Seconds that pairs may come after the commit."""
_TICK = 0.05
_QUIET = 2.0
_TAIL = 3_000
"""Characters of a log that a failure shows."""


@dataclass(frozen=True, slots=True)
class Place:
    """What an implementation is told: brokers, its group, topics by their names on the broker, and a folder for its state."""

    brokers: str
    group: str
    presence: str
    exposure: str
    output: str
    state: Path

    def words(self) -> list[str]:
        """The same as arguments of a command."""
        return [self.brokers, self.group, self.presence, self.exposure, self.output, str(self.state)]


@dataclass(frozen=True, slots=True)
class Contestant:
    """An implementation: how it is started, what it promises, how many scans it gets at most, and how to read a value it wrote.

    `output` is the topic it writes without the prefix, `changelog` a part of the names of the topics that hold its state.
    """

    name: str
    guarantee: str
    most: int
    command: Callable[[Place], list[str]]
    output: str
    changelog: str
    pair: Callable[[bytes], int]


@dataclass(frozen=True, slots=True)
class Result:
    """What was measured. Rate in scans a second, CPU in seconds per million scans, memory in bytes at its peak, `store` and `changelog` in bytes per scan."""

    name: str
    guarantee: str
    scans: int
    pairs: int
    seconds: float
    rate: float
    cpu: float
    share: float
    memory: int
    store: float
    changelog: float


def run(ends: Endpoints, contestant: Contestant, job: Job, folder: Path) -> Result:
    """Let it do the job on a bus of its own; raises WrongAnswer, or AssertionError with its log when it ends or stands still."""
    folder.mkdir(parents=True)
    with opened(ends, folder.name, folder) as live:
        course = _Course(live, contestant, job, folder)
        try:
            return course.run()
        finally:
            course.close()


@dataclass(frozen=True, slots=True)
class _Look:
    """The clock in seconds, how many messages of one input were committed, and the seconds of CPU that the process had used."""

    now: float
    committed: int
    cpu: float


class _Course:
    """The run of one contestant on its bus."""

    def __init__(self, live: Live, contestant: Contestant, job: Job, folder: Path) -> None:
        self._live, self._contestant, self._job, self._folder = live, contestant, job, folder
        settings, brokers = live.bus.settings, live.bus.endpoints.brokers
        self._watch = Watch(brokers, settings.namespace)
        self._topics = [settings.namespace + "presence", settings.namespace + "exposure"]
        self._place = Place(
            brokers=brokers, group=f"{settings.namespace}peer", presence=self._topics[0], exposure=self._topics[1],
            output=settings.namespace + contestant.output, state=folder / "state",
        )  # fmt: skip

    def close(self) -> None:
        self._watch.close()

    def run(self) -> Result:
        self._prepare()
        with _started(self._contestant.command(self._place), environment(self._live.bus.settings), self._folder / "log") as command:
            gauge = Used([command.pid])
            first = self._wait(command, gauge, 0, 1)
            self._wait(command, gauge, 0, self._job.scans // 2)
            self._expose(1)
            last = self._wait(command, gauge, 0, self._job.scans)
            assert last.committed > first.committed, f"{self._contestant.name} committed all scans at once: too few to measure"
            self._expose(2)
            end = self._wait(command, gauge, 1, len(self._job.windows))
            wanted = expected(self._job)
            check(wanted, self._pairs(len(wanted)))
            command.end(_PATIENCE)
        return self._result(first, last, end, len(wanted), gauge)

    def _result(self, first: _Look, last: _Look, end: _Look, pairs: int, gauge: Used) -> Result:
        scans = self._job.scans
        counted, took, used = scans - first.committed, last.now - first.now, last.cpu - first.cpu
        return Result(
            name=self._contestant.name, guarantee=self._contestant.guarantee, scans=scans, pairs=pairs, seconds=end.now - first.now, rate=counted / took,
            cpu=used / counted * 1e6, share=used / took, memory=gauge.memory, store=on_disk(self._place.state) / scans,
            changelog=self._watch.logged(self._contestant.changelog) / scans,
        )  # fmt: skip

    def _prepare(self) -> None:
        """Everything that is on the bus before it starts."""
        bus, began = self._live.bus, time.monotonic()
        if self._contestant.output not in bus.topics:
            self._watch.make(self._place.output, bus.settings.partitions)
        self._expose(0)
        publish(self._place.brokers, self._place.presence, bus.settings.partitions, wire.presences(self._job, bus.codec))
        progress(f"{self._contestant.name}: {self._job.scans:,} scans published in {time.monotonic() - began:.0f} s")

    def _expose(self, third: int) -> None:
        bus, size = self._live.bus, -(-len(self._job.windows) // 3)
        numbers = range(len(self._job.windows))[third * size : (third + 1) * size]
        publish(self._place.brokers, self._place.exposure, bus.settings.partitions, wire.exposures(self._job, bus.codec, numbers))

    def _pairs(self, count: int) -> list[int]:
        """What it wrote; some do not wait for their output before they commit, so less than the count is read again for a while."""
        limit = time.monotonic() + _LATE
        while True:
            found = [self._contestant.pair(value) for _, _, value in committed(self._place.brokers, self._place.output, range(self._live.bus.settings.partitions))]
            if len(found) >= count or time.monotonic() > limit:
                return found
            time.sleep(1)

    def _wait(self, command: Command, gauge: Used, which: int, wanted: int) -> _Look:
        """Until so many messages of an input (0 scans, 1 exposures) are committed; fails when it ends, or commits nothing more for a long time."""
        moved = told = time.monotonic()
        before = -1
        while True:
            cpu, counts, now = gauge.seconds(), self._watch.committed(self._topics), time.monotonic()
            if counts[which] >= wanted:
                return _Look(now, counts[which], cpu)
            if counts[which] > before:
                before, moved = counts[which], now
            where = f"{self._contestant.name}: {counts[0]:,} of {self._job.scans:,} scans and {counts[1]} exposures committed"
            assert command.ended is None, f"{where}, then it ended with {command.ended}:\n{command.said[-_TAIL:]}"
            assert now - moved < _PATIENCE, f"{where}, then nothing for {_PATIENCE:.0f} seconds:\n{command.said[-_TAIL:]}"
            if now - told > _QUIET:
                told = now
                progress(where)
            time.sleep(_TICK)


@contextmanager
def _started(words: list[str], more: dict[str, str], log: Path) -> Iterator[Command]:
    """A command on the last core with all its threads, which it inherits from this process; killed at the end if it still runs."""
    with log.open("wb") as out, pinned(-1):
        process = subprocess.Popen(words, stdout=out, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL, env=os.environ | more)
    command = Command(process, log)
    try:
        yield command
    finally:
        if command.ended is None:
            command.kill()
