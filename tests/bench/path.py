"""What the whole path sustains on two cores: the rate at which a backlog goes through, and the rate of a steady stream under which lag stays flat.

Broker, two workers and whoever publishes share the machine's cores, as do the processes that watch. Two ways to share the stages out are tried: all stages in
both workers, so that each has half of the partitions, and the stages split in two by what they cost, so that each worker has all partitions of its own.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass

from streams.path import STAGES
from tests.bench import load, stages, workers
from tests.bench.ask import Answer, Bench, Table, wait
from tests.bench.feed import Message
from tests.bench.lag import Lag
from tests.bench.ledgers import done
from tests.bench.steady import Stream, flat, stream
from tests.bench.workers import Split
from tests.broker.live import Live

_SHARES = (0.9, 0.8, 0.7, 0.6, 0.5)


@dataclass(frozen=True, slots=True)
class Drain:
    """A backlog carried through the path: scans per second, CPU seconds per million scans of workers and of the broker, resident bytes of the workers."""

    scans: int
    rate: float
    workers: float
    broker: float
    memory: int


@dataclass(frozen=True, slots=True)
class Carried:
    """Records that went through: seconds from the first batch of any stage to the last, CPU seconds of workers and of the broker, resident bytes."""

    records: int
    seconds: float
    workers: float
    broker: float
    memory: int


def ask(bench: Bench) -> Answer:
    """Drain a backlog with both ways to split, then find the share of the better rate under which lag is flat."""
    costs = bench.known.get("stages", {}).get("cpu") or cheap(bench)
    splits = {"all stages in both": (STAGES, STAGES), "split by cost": halves(costs)}
    drains = {name: drain(bench, f"drain-{number}", split) for number, (name, split) in enumerate(splits.items())}
    best = max(drains, key=lambda name: drains[name].rate)
    tried: list[Stream] = []
    for share in _SHARES:
        tried.append(stream(bench, f"steady-{len(tried)}", splits[best], share * drains[best].rate, bench.size(15, 60)))
        if flat(tried[-1]):
            break
    sustained = tried[-1].rate if flat(tried[-1]) else None
    found = {"splits": splits, "drains": {name: asdict(one) for name, one in drains.items()}, "best": best, "streams": [asdict(one) for one in tried],
             "sustained": sustained}  # fmt: skip
    return Answer(found, [_drains(splits, drains), _streams(tried)], [
        f"Sustained with lag flat: {f'{sustained:,.0f} scans a second' if sustained else 'none of those tried'}. The stream shares the two cores with broker and workers.",
        "Flat: in the last third of the time the lag is on average not a second's worth of messages above that of the first third.",
    ])  # fmt: skip


def cheap(bench: Bench) -> dict[str, float]:
    """CPU of each stage from a short measurement, for the split."""
    scans = bench.size(2_000, 20_000)
    with bench.bus("costs") as live:
        for source, records in load.backlog(scans).items():
            live.publish(source, records)
        return {cost.stage: cost.cpu for cost in stages.measure(live, scans)}


def halves(costs: Mapping[str, float]) -> Split:
    """The stages in two parts whose dearer one is as cheap as can be, to a tenth of a second, in the order of the path; the first has normalise."""
    known = [stage for stage in STAGES if stage in costs]
    tenths = {stage: round(10 * costs[stage]) for stage in known}
    parts: dict[int, frozenset[str]] = {tenths[known[0]]: frozenset(known[:1])}
    for stage in known[1:]:
        parts = {made + tenths[stage]: part | {stage} for made, part in parts.items()} | parts
    first = parts[min(parts, key=lambda made: abs(sum(tenths.values()) / 2 - made))]
    return tuple(stage for stage in known if stage in first), tuple(stage for stage in known if stage not in first)


def drain(bench: Bench, name: str, split: Split, scans: int = 0, partitions: int = 4) -> Drain:
    """Carry a backlog through; published in one go to workers that wait; from the first batch of any stage to the last."""
    scans = scans or bench.size(3_000, 100_000)
    with bench.bus(name, partitions=partitions) as live:
        messages = {source: load.prepared(live.bus, source, records) for source, records in load.backlog(scans).items()}
        one = carried(bench, live, messages, split)
        return Drain(scans, scans / one.seconds, one.workers / scans * 1e6, one.broker / scans * 1e6, one.memory)


def carried(bench: Bench, live: Live, messages: Mapping[str, list[Message]], split: Split) -> Carried:
    """Publish messages in one go to workers that wait, and let them through; fails when not every record was received."""
    commands = workers.begin(live, split)
    used, broker = workers.Used([command.pid for command in commands]), workers.Used([bench.broker().pid])
    lag = Lag(live.bus)
    try:
        load.send(live.bus, messages)
        wait(lag.quiet, lambda: told(lag))
        seconds = used.seconds(), broker.seconds()
    finally:
        lag.close()
    seen, count = done(live), sum(map(len, messages.values()))
    received = sum(number for topic, number in seen["normalise"].received.items() if topic.startswith("raw."))
    assert received == count, f"{received} of {count} records were received"
    took = max(one.last for one in seen.values()) - min(one.first for one in seen.values())
    return Carried(count, took, *seconds, used.memory)


def told(lag: Lag) -> str:
    """A line of progress: what each stage has to go."""
    return "to go: " + ", ".join(f"{name} {count:,}" for name, count in lag.lag().items() if count)


def _drains(splits: Mapping[str, Split], drains: Mapping[str, Drain]) -> Table:
    rows = [(name, " | ".join(_short(part) for part in splits[name]), f"{one.scans:,}", f"{one.rate:,.0f}", f"{one.workers:.0f}", f"{one.broker:.0f}",
             f"{one.memory / 2**20:.0f}") for name, one in drains.items()]  # fmt: skip
    columns = ("stages in two workers", "which", "scans", "scans per second", "workers' CPU s per million", "broker's", "workers' MB")
    return Table("A backlog through the whole path on two cores", columns, rows)


def _short(part: Sequence[str]) -> str:
    return "all" if tuple(part) == STAGES else ", ".join(part)


def _streams(tried: Sequence[Stream]) -> Table:
    rows = [(f"{one.rate:,.0f}", f"{one.sent / one.seconds:,.0f}", f"{one.seconds:.0f}", *(f"{lag:,.0f}" for lag in one.thirds()), "yes" if flat(one) else "no",
             f"{one.busy:.2f}") for one in tried]  # fmt: skip
    columns = ("scans per second wanted", "published", "seconds", "lag, first third", "second", "last", "flat", "cores used by workers and broker")
    return Table("A steady stream through the whole path; lag in messages of all stages together", columns, rows)
