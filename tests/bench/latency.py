"""From a confirmed result to the contact's release at the county, under 10, 50 and 90 % of the load that the whole path sustains.

Pairs of people have met beforehand. A result about one of each pair is published, a few a second; the time runs from when it is handed to the producer until a reader
of committed messages has the release about the other. It goes round the loop on the way: case, order, exposure, contact, case, release.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass

from connectors.registry import agencies
from deploy.cli.output import progress
from schemas.tokens import Keys
from streams.normalise.names import reading
from streams.path import STAGES
from streams.routing.codes import Codes
from tests.bench import load, path, workers
from tests.bench.arrivals import following
from tests.bench.ask import Answer, Bench, Table, percentile, wait
from tests.bench.feed import Message, feeding, publish
from tests.bench.hops import COUNTY, TOPICS, Way
from tests.bench.lag import Lag
from tests.broker.live import Live
from tests.broker.people import positive, scan

_SHARES = (0.1, 0.5, 0.9)
_PAIRS = 10_000_000
"""The number of the first person of the pairs; the others of the load have smaller ones."""
_EACH_SECOND = 4
_WARM = 5.0


@dataclass(frozen=True, slots=True)
class Latency:
    """Seconds from result to release under scans per second; `published` is what the stream came to."""

    share: float
    rate: float
    published: float
    results: int
    p50: float
    p99: float
    longest: float
    legs: dict[str, float]
    """The median of each hop since the one before."""


def ask(bench: Bench) -> Answer:
    """Measure one load after the other on one bus, with the workers going on."""
    rate, split, seconds = *_sustained(bench), bench.size(8, 60)
    each = seconds * _EACH_SECOND
    with bench.bus("latency") as live:
        commands = workers.begin(live, split)
        lag = Lag(live.bus)
        try:
            _meet(live, each * len(_SHARES))
            wait(lag.quiet, lambda: path.told(lag))
            found = []
            for number, share in enumerate(_SHARES):
                found.append(_measure(live, share, share * rate, range(number * each, (number + 1) * each)))
                wait(lag.quiet, lambda: path.told(lag))
        finally:
            lag.close()
        assert all(command.end() == 0 for command in commands)
    rows = [(f"{one.share:.0%}", f"{one.rate:,.0f}", f"{one.published:,.0f}", one.results, *(f"{1000 * value:,.0f}" for value in (one.p50, one.p99, one.longest)))
            for one in found]  # fmt: skip
    columns = ("load", "scans per second wanted", "published", "results", "p50 ms", "p99 ms", "longest ms")
    return Answer({"sustained": rate, "split": split, "loads": [asdict(one) for one in found]},
                  [Table("From a confirmed result to the contact's release at the county", columns, rows), _legs(found)])  # fmt: skip


def _legs(found: Sequence[Latency]) -> Table:
    rows = [(name, *(f"{1000 * one.legs[name]:,.0f}" for one in found)) for name in found[0].legs]
    return Table("Where the time goes: the median ms of each hop since the one before", ("until there is", *(f"at {one.share:.0%}" for one in found)), rows)


def _sustained(bench: Bench) -> tuple[float, workers.Split]:
    """The load that counts as all, and the split: what `path` found, else what a backlog gives with all stages in both workers."""
    known = bench.known.get("path", {})
    split = known["splits"][known["best"]] if "splits" in known else (STAGES, STAGES)
    if known.get("sustained"):
        return float(known["sustained"]), split
    progress("the load is not known: draining a backlog first")
    return path.drain(bench, "backlog", split).rate, split


def _meet(live: Live, count: int) -> None:
    """Let pairs meet, each at a place of its own."""
    records = [scan(_PAIRS + 2 * pair + other, _PAIRS + 2 * pair + other, f"PAIR-{pair}") for pair in range(count) for other in (0, 1)]
    publish(live.bus.endpoints.brokers, f"{live.bus.settings.namespace}raw.scan-code", load.prepared(live.bus, "scan-code", records))


def _measure(live: Live, share: float, rate: float, pairs: range) -> Latency:
    bus = live.bus
    prefix, brokers, count = bus.settings.namespace, bus.endpoints.brokers, int(rate * (len(pairs) / _EACH_SECOND + 4 * _WARM))
    progress(f"preparing {count:,} scans")
    scans = load.prepared(bus, "scan-code", load.scans(count, max(count // 20, 50), seed=int(100 * share), first=int(1e9 * share)))
    results = load.prepared(bus, "lab-result", (positive(pair, _PAIRS + 2 * pair) for pair in pairs))
    sent: dict[int, float] = {}
    way = Way(bus.codec, {token: pair for pair in pairs for token in tokens(bus.settings.keys, _PAIRS + 2 * pair)})
    with following(bus, *TOPICS) as came, feeding(brokers, f"{prefix}raw.scan-code", scans, rate) as feed:
        time.sleep(_WARM)
        began, before = time.monotonic(), feed.sent

        def stamped() -> Iterator[Message]:
            for pair, result in zip(pairs, results, strict=True):
                sent[pair] = time.time()
                yield result

        with feeding(brokers, f"{prefix}raw.lab-result", stamped(), _EACH_SECOND) as told:
            wait(lambda: told.sent == len(results), lambda: f"{rate:,.0f} scans a second: {told.sent} of {len(results)} results published")
        published = (feed.sent - before) / (time.monotonic() - began)
        wait(lambda: len(way.follow(came)) == len(pairs), lambda: f"{len(way.seen[-1])} of {len(pairs)} contacts released")
    took = sorted(way.seen[-1][pair] - at for pair, at in sent.items())
    legs = {name: percentile(sorted(times), 0.5) for name, times in way.legs(sent).items()}
    return Latency(share, rate, published, len(pairs), percentile(took, 0.5), percentile(took, 0.99), took[-1], legs)


def tokens(keys: Keys, person: int, name: str = "杨测试") -> tuple[str, ...]:
    """The aliases of a person of `tests.broker.people`, one of which is the person's key, and what the county calls whoever has that key."""
    aliases = keys.token("account", "scan-app", f"ox-{person}"), keys.token("phone", f"+86139{person:08d}", reading(name))
    county = agencies()[COUNTY.removeprefix("deliver.")]
    return *aliases, *(Codes(county, purpose, keys).person(alias) for purpose in county.purposes for alias in aliases)
