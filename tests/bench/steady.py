"""A steady stream of scans through the whole path, and the lag of the stages meanwhile."""

from __future__ import annotations

import time
from dataclasses import dataclass
from statistics import fmean

from deploy.cli.output import progress
from tests.bench import load, workers
from tests.bench.ask import Bench
from tests.bench.feed import feeding
from tests.bench.lag import Lag

_WARM = 5.0
_EVERY = 1.0
_QUIET = 2.0


@dataclass(frozen=True, slots=True)
class Stream:
    """A stream: scans per second wanted and scans published in so many seconds, lag by time (messages of all stages together), cores that were busy."""

    rate: float
    sent: int
    seconds: float
    lags: list[int]
    messages: float
    """Messages that the stages received in a second, all together."""
    busy: float

    def thirds(self) -> tuple[float, float, float]:
        """The mean lag in each third of the time."""
        third = len(self.lags) // 3
        return fmean(self.lags[:third]), fmean(self.lags[third : 2 * third]), fmean(self.lags[-third:])


def flat(stream: Stream) -> bool:
    """Whether it was published as wanted, and the lag in the last third of the time was not a second's worth of messages above that in the first."""
    first, _, last = stream.thirds()
    return stream.sent >= 0.97 * stream.rate * stream.seconds and last - first < stream.messages


def stream(bench: Bench, name: str, split: workers.Split, rate: float, seconds: float) -> Stream:
    """Publish prepared scans at a rate to workers that have nothing else to do, and watch."""
    with bench.bus(name) as live:
        count = int(rate * (seconds + 2 * _WARM))
        progress(f"preparing {count:,} scans")
        messages = load.prepared(live.bus, "scan-code", load.scans(count, max(count // 20, 50)))
        commands = workers.begin(live, split)
        lag = Lag(live.bus)
        try:
            with feeding(live.bus.endpoints.brokers, f"{live.bus.settings.namespace}raw.scan-code", messages, rate) as feed:
                time.sleep(_WARM)
                used = workers.Used([*(command.pid for command in commands), bench.broker().pid])
                began, sent, before = time.monotonic(), feed.sent, lag.done()
                lags = _watch(lag, seconds, rate)
                took = time.monotonic() - began
                return Stream(rate, feed.sent - sent, took, lags, (lag.done() - before) / took, used.seconds() / took)
        finally:
            lag.close()


def _watch(lag: Lag, seconds: float, rate: float) -> list[int]:
    began = told = time.monotonic()
    lags = []
    while (now := time.monotonic()) < began + seconds:
        lags.append(sum(lag.lag().values()))
        if now - told > _QUIET:
            told = now
            progress(f"{rate:,.0f} scans a second: lag of all stages {lags[-1]:,}")
        time.sleep(_EVERY)
    return lags
