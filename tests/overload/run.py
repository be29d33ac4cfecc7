"""One run: what the path carries, three times that, and whether everything that was accepted arrived once."""

from __future__ import annotations

import asyncio
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import psutil
from pydantic import BaseModel

from deploy.reconcile import Row
from tests.bench.ask import wait
from tests.bench.lag import Lag
from tests.broker.live import Live
from tests.broker.people import positive, scan
from tests.broker.processes import Command
from tests.broker.test_http import address
from tests.overload.flood import Flood

_PEOPLE = 500
_PLACES = 2_000
_OVER = 3
_EACH = 100
_RESULTS = 2.0


@dataclass(frozen=True, slots=True)
class Second:
    """One look: seconds since the start, resident bytes of intake and worker, and by stage what waits."""

    at: float
    intake: int
    worker: int
    lag: dict[str, int]


@dataclass(slots=True)
class Run:
    """What was seen; `capacity` and `rate` in records a second, `catching_up` in seconds."""

    capacity: float
    rate: float
    scans: Flood
    results: Flood
    catching_up: float
    rows: list[Row]
    arrived: dict[str, Counter[str]]
    """Of each source, how often each record that the first stage wrote is there."""
    looks: list[Second] = field(default_factory=list)

    def problems(self) -> list[str]:
        """What is lost, doubled or does not add up."""
        found = [problem for row in self.rows for problem in row.problems]
        for name, flood in (("scan-code", self.scans), ("lab-result", self.results)):
            arrived, answers = self.arrived[name], flood.answers
            lost, twice, more = answers.accepted - set(arrived), [one for one, times in arrived.items() if times != 1], set(arrived) - answers.accepted
            found += [f"{name}: {len(lost)} accepted records never arrived"] * bool(lost) + [f"{name}: {len(twice)} records arrived twice"] * bool(twice)
            found += [f"{name}: {len(more)} records arrived of which {answers.doubtful} were in doubt"] * (len(more) > answers.doubtful)
        return found


def run(live: Live, finding: float, flooding: float) -> Run:
    """Find the capacity for some seconds, send three times that for others, and wait until all is worked off.

    The capacity is what is taken from the first time on that the intake holds back: then it takes what the path works off, and no more.
    """
    worker, server = live.commands.worker(), live.commands.start("serve", "--port", "0")
    url = address(server)
    worker.says("stage routing is ready", 120)
    warm = Flood(url, "scan-code", lambda number: _scan(10**7 + number), _EACH)
    asyncio.run(warm.as_fast_as_taken(finding))
    capacity = _carried(warm)
    scans, results = Flood(url, "scan-code", _scan, _EACH), Flood(url, "lab-result", lambda number: positive(number, number % _PEOPLE), 1)
    with _watching(live, server, worker) as looks:
        asyncio.run(_both(scans, results, _OVER * capacity, flooding))
        stopped = time.monotonic()
        _settled(live)
        catching_up = time.monotonic() - stopped
    rows = live.rows()
    scans.answers.accepted |= warm.answers.accepted
    scans.answers.doubtful += warm.answers.doubtful
    arrived = {"scan-code": _tokens(live, "record.scan"), "lab-result": _tokens(live, "record.lab")}
    assert server.end() == 0, server.said
    assert worker.end() == 0, worker.said
    return Run(capacity, _OVER * capacity, scans, results, catching_up, rows, arrived, looks)


def _settled(live: Live) -> None:
    """Wait until every stage has read all of its inputs; fails when none has come further for two minutes."""
    lag = Lag(live.bus)
    try:
        wait(lag.quiet, lambda: ", ".join(f"{stage} {behind:,}" for stage, behind in lag.lag().items() if behind))
    finally:
        lag.close()


def _scan(number: int) -> dict[str, object]:
    """Scans of some people at many places, spread over one day."""
    at = f"2020-01-22T{number // 3600 % 24:02}:{number // 60 % 60:02}:{number % 60:02}+08:00"
    return scan(number, number % _PEOPLE, f"MKT-530624-{number * 7919 % _PLACES}", at)


async def _both(scans: Flood, results: Flood, rate: float, seconds: float) -> None:
    """A flood of scans, and a few results in the middle of it."""
    await asyncio.gather(scans.at_rate(rate, seconds), results.at_rate(_RESULTS, seconds, again=True))


def _carried(flood: Flood) -> float:
    """Records a second from the first that was refused on; of all when none was."""
    seconds = sorted({second for second, _ in flood.answers.by_second})
    refused = [second for second, status in flood.answers.by_second if status == 429]
    first = min(min(refused, default=seconds[0]) + 1, seconds[-1])
    return flood.answers.records(202, first) / (seconds[-1] - first + 1)


def _tokens(live: Live, topic: str) -> Counter[str]:
    """How often the record of each token is on a topic."""
    found: Counter[str] = Counter()
    for entry in live.entries(topic):
        assert isinstance(entry.value, BaseModel)
        found[entry.value.record] += 1  # type: ignore[attr-defined]
    return found


@contextmanager
def _watching(live: Live, server: Command, worker: Command) -> Iterator[list[Second]]:
    """Look once a second meanwhile."""
    looks: list[Second] = []
    stop = threading.Event()
    intake, path = psutil.Process(server.pid), psutil.Process(worker.pid)
    began = time.monotonic()

    def watch() -> None:
        lag = Lag(live.bus)
        while not stop.wait(1.0):
            looks.append(Second(time.monotonic() - began, intake.memory_info().rss, path.memory_info().rss, lag.lag()))
        lag.close()

    thread = threading.Thread(target=watch)
    thread.start()
    try:
        yield looks
    finally:
        stop.set()
        thread.join()
