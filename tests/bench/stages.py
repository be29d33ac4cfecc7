"""What a scan costs in each stage: CPU on one core, bytes on the wire and on disk, and what the steps alone carry in memory.

Stages run one at a time, each in a worker pinned to one core, over everything that the ones before it wrote; the broker has the other core. A second round
carries what the loop brings back (orders, exposures, contacts). CPU is that of the worker from when it is ready until it has caught up, both rounds together.
"""

from __future__ import annotations

import time
from dataclasses import dataclass

from deploy.cli.output import progress
from schemas.models.raw import Raw
from streams import memory, path
from streams.stage import Emit, Message, Stage, run_batch
from tests.bench import footprint, load, workers
from tests.bench.ask import Answer, Bench, Table, wait
from tests.bench.lag import Lag
from tests.bench.ledgers import done
from tests.broker.live import Live
from tests.levels import declare

_MILLION = 1e6
_IN_MEMORY = 10_000


@dataclass(frozen=True, slots=True)
class Cost:
    """One stage: its messages, messages per second on one core, CPU seconds per million scans, and messages per second of its steps in memory."""

    stage: str
    messages: int
    live: float
    cpu: float
    pure: float


def ask(bench: Bench) -> Answer:
    """Measure all stages over one backlog."""
    with bench.bus("stages") as live:
        scans = bench.size(5_000, 100_000)
        records = load.backlog(scans)
        progress(f"publishing {scans:,} scans")
        began = time.process_time()
        for source, some in records.items():
            live.publish(source, some)
        publishing = (time.process_time() - began) / scans * _MILLION
        costs = measure(live, scans)
        wire, rows = footprint.wire(live, scans), footprint.rows(live, scans)
        disk = {stage: sum(map(workers.on_disk, workers.state(live, stage))) / scans for stage in path.STAGES}
    found = {"scans": scans, "publishing": publishing, "cpu": {cost.stage: cost.cpu for cost in costs}, "rate": {cost.stage: cost.live for cost in costs},
             "pure": {cost.stage: cost.pure for cost in costs}, "wire": wire,
             "disk": disk, "rows": rows}  # fmt: skip
    return Answer(found, [_costs(costs, scans, wire, disk), footprint.by_topic(wire), footprint.by_table(rows)], [
        f"{scans:,} scans. A person for every twenty, a positive result, with some hundreds of contacts, for every twenty thousand. CPU is the worker's alone; the broker's is in `path`.",
        f"The connector's publisher takes {publishing:.0f} CPU s per million scans, from a file of JSON Lines.",
        "Disk: the stores as they are after their logs went into tables (compressed). Wire: the broker's log, one replica, not compressed, before compaction.",
    ])  # fmt: skip


def measure(live: Live, scans: int) -> list[Cost]:
    """Run the stages one after the other, twice, over what is published."""
    used = dict.fromkeys(path.STAGES, 0.0)
    lag = Lag(live.bus)
    try:
        rounds = 0
        while rounds == 0 or not lag.quiet():
            rounds += 1
            for stage in path.STAGES:
                used[stage] += _run(live, lag, stage)
    finally:
        lag.close()
    taken = {stage: one.messages for stage, one in done(live).items()}
    pure = _pure(live)
    return [Cost(stage, taken.get(stage, 0), _rate(taken.get(stage, 0), used[stage]), used[stage] / scans * _MILLION, pure[stage]) for stage in path.STAGES]


def _rate(messages: int, seconds: float) -> float:
    """Messages a second; 0 of a stage that nothing of this concerns."""
    return messages / seconds if seconds else 0.0


def _run(live: Live, lag: Lag, stage: str) -> float:
    """Seconds of CPU that a stage takes to catch up."""
    if lag.quiet([stage]):
        return 0.0
    command = workers.start(live, [stage], core=0)
    workers.ready(command, [stage])
    used = workers.Used([command.pid])
    wait(lambda: lag.quiet([stage]), lambda: f"{stage}: {lag.lag([stage])[stage]:,} to go")
    seconds = used.seconds()
    assert command.end() == 0, command.said
    return seconds


def _pure(live: Live) -> dict[str, float]:
    """Messages per second of each stage's steps over the first records, without a broker, in batches of the same size."""
    bus = live.bus
    inside = declare(memory.Bus(bus.stages, lambda _: bus.settings.batch_size))
    for source in ("scan-code", "lab-result"):
        found = [Emit(f"raw.{source}", entry.key, entry.value) for entry in live.entries(f"raw.{source}") if isinstance(entry.value, Raw)]
        inside.publish(found[:_IN_MEMORY])
    inside.run()
    return {stage.name: _alone(stage, inside, bus.settings.batch_size) for stage in bus.stages}


def _alone(stage: Stage, inside: memory.Bus, size: int) -> float:
    """Run a stage again over all that came to its inputs, and time it."""
    messages = [Message(topic, 0, number, emit.key, emit.value) for topic in stage.inputs for number, emit in enumerate(inside.topics.get(topic, []))]
    state = memory.MemoryState()
    began = time.process_time()
    for start in range(0, len(messages), size):
        run_batch(stage, messages[start : start + size], state)
    return _rate(len(messages), time.process_time() - began)


def _costs(costs: list[Cost], scans: int, wire: dict[str, float], disk: dict[str, float]) -> Table:
    rows = [(one.stage, f"{one.messages / scans:.2f}", f"{one.live:,.0f}", f"{one.cpu:.0f}", f"{one.pure:,.0f}", f"{one.live / one.pure:.2f}" if one.pure else "",
             f"{wire.get(f'state.{one.stage}', 0):.0f}", f"{disk[one.stage]:.0f}") for one in costs]  # fmt: skip
    rows.append(("together", "", "", f"{sum(one.cpu for one in costs):.0f}", "", "", f"{sum(wire.get(f'state.{stage}', 0) for stage in path.STAGES):.0f}",
                 f"{sum(disk.values()):.0f}"))  # fmt: skip
    columns = (
        "stage",
        "messages per scan",
        "messages per second of CPU",
        "CPU s per million scans",
        "steps alone, in memory",
        "ratio",
        "changelog B/scan",
        "disk B/scan",
    )
    return Table("Stages on the broker, exactly once, one core each", columns, rows)
