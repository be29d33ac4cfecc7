"""Whether the contacts stage minds how much history it has: throughput, latency, memory and disk with 0.1, 1, 10 and 50 million presences before the day.

The history (30 days, 20,000 places, two partitions) is written into the stores of one worker directly. The worker, on a core of its own, then gets one more day
as a backlog, and after it a steady trickle with exposures at places where somebody of that day was.
"""

from __future__ import annotations

import shutil
import time
from dataclasses import asdict, dataclass

from schemas.models.movement import Presence
from streams.runtime.store import Store
from tests.bench import contacts, presences, workers
from tests.bench.arrivals import following
from tests.bench.ask import Answer, Bench, Table, telling, wait
from tests.bench.feed import feeding
from tests.bench.lag import Lag
from tests.bench.ledgers import done
from tests.bench.load import PLACES
from tests.broker.live import Live

_DAYS = 30
_TRICKLE = 500.0
_EACH_SECOND = 10.0
_PORTION = 20_000


@dataclass(frozen=True, slots=True)
class Grown:
    """One history: presences per second of the day and CPU seconds per million of them, latency of exposures in seconds, bytes of memory and disk."""

    history: int
    rate: float
    cpu: float
    p50: float
    p99: float
    memory: int
    disk: int
    built: float


def ask(bench: Bench) -> Answer:
    """Measure each history on a bus of its own; its folder is removed before the next."""
    histories = (20_000, 200_000) if bench.small else (100_000, 1_000_000, 10_000_000, 50_000_000)
    found = [_grown(bench, history) for history in histories]
    rows = [(f"{one.history / 1e6:g}", f"{one.rate:,.0f}", f"{one.cpu:.1f}", f"{1000 * one.p50:.0f}", f"{1000 * one.p99:.0f}", f"{one.memory / 2**20:.0f}",
             f"{one.disk / 2**20:,.0f}", f"{one.disk / one.history:.0f}") for one in found]  # fmt: skip
    columns = (
        "millions of presences before",
        "presences per second",
        "CPU s per million",
        "exposure p50 ms",
        "p99 ms",
        "MB of memory",
        "MB of disk",
        "B of disk each",
    )
    within = {name: max(values) / min(values) for name in ("rate", "cpu", "p50", "p99", "memory") for values in [[getattr(one, name) for one in found]]}
    return Answer({"histories": [asdict(one) for one in found], "worst beside best": within}, [Table("The contacts stage after a history of 30 days", columns, rows)], [
        "Worst beside best: " + ", ".join(f"{name} {value:.2f}" for name, value in within.items()) + ". Within 20 % is at most 1.20.",
    ])  # fmt: skip


def _grown(bench: Bench, history: int) -> Grown:
    count, exposures = bench.size(10_000, 500_000), bench.size(30, 300)
    with bench.bus(f"growth-{history}", partitions=2) as live:
        began = time.monotonic()
        _build(live, history)
        built = time.monotonic() - began
        day, met = [], list[Presence]()
        for number, presence in enumerate(telling(presences.day(live.bus, count, PLACES), "presences of the day prepared")):
            day.append(presences.message(live.bus, presence))
            if number % (count // exposures) == 0:
                met.append(presence)
        lag = Lag(live.bus)
        command = workers.start(live, contacts.STAGE, core=-1)
        try:
            workers.ready(command, contacts.STAGE)
            workers.idle(command.pid)
            used = workers.Used([command.pid])
            contacts.publish(live, "presence", day)
            wait(lambda: lag.quiet(contacts.STAGE), lambda: f"history of {history:,}: {lag.lag(contacts.STAGE)['contacts']:,} presences to go")
            rate, cpu = done(live)["contacts"].rate, used.seconds() / count * 1e6
            took = _exposed(live, met, count)
            used.seconds()
        finally:
            lag.close()
        contacts.end(command)
        disk = sum(map(workers.on_disk, workers.state(live, "contacts")))
        shutil.rmtree(live.bus.settings.home / "state")
    spread = contacts.spread(took)
    return Grown(history, rate, cpu, spread["p50"], spread["p99"], used.memory, disk, built)


def _build(live: Live, history: int) -> None:
    """Write the rows of the history, with a position before the changelog's first, so that the worker takes the stores for caught up with an empty one."""
    (stage,) = (stage for stage in live.bus.stages if stage.name == "contacts")
    root = live.bus.settings.home / "state" / "0" / (live.bus.settings.namespace + stage.name)
    stores = [Store(root / str(number)) for number in range(live.bus.topics["presence"].partitions or 1)]
    waiting: list[dict[bytes, bytes | None]] = [{} for _ in stores]
    for partition, key, value in telling(presences.rows(live.bus, stage, history, _DAYS, PLACES), f"of {history:,} presences of history written"):
        waiting[partition][key] = value
        if len(waiting[partition]) == _PORTION:
            stores[partition].write(waiting[partition], 0)
            waiting[partition] = {}
    for store, rest in zip(stores, waiting, strict=True):
        store.write(rest, 0)
        store.compact()
        store.close()


def _exposed(live: Live, met: list[Presence], count: int) -> list[float]:
    """Seconds until the first contact of exposures at the places of these presences, one each tenth of a second, under a trickle of people from `count` on."""
    exposed = contacts.Exposed(live, [presences.exposure(number, one.place, one.at, one.until) for number, one in enumerate(met)])
    later = presences.day(live.bus, int(_TRICKLE * (len(met) / _EACH_SECOND + 60)), PLACES, first=count)
    trickle = (presences.message(live.bus, presence) for presence in later)
    brokers, prefix = live.bus.endpoints.brokers, live.bus.settings.namespace
    others = feeding(brokers, prefix + "presence", trickle, _TRICKLE)
    with following(live.bus, "contact") as came, others, feeding(brokers, prefix + "exposure", exposed.messages(), _EACH_SECOND):
        wait(lambda: len(exposed.took(came)) == len(met), lambda: f"{len(exposed.took(came))} of {len(met)} exposures found contacts", every=1.0)
    return list(exposed.took(came).values())
