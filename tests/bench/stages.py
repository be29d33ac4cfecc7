"""What each stage carries on one core, on the real broker, beside what its steps alone carry in memory."""

from __future__ import annotations

import time
from collections import defaultdict
from dataclasses import dataclass

import psutil

from connectors.reader import Entry
from schemas.models.raw import Ledger, Raw
from streams import memory, path
from streams.stage import Emit, Message, Stage, run_batch
from tests.bench.load import results, scans
from tests.broker.live import Live


@dataclass(frozen=True, slots=True)
class Rate:
    """Messages of one stage: how many, per second on the broker with one core, CPU seconds per million, and per second of its steps in memory."""

    stage: str
    messages: int
    live: float
    cpu: float
    pure: float


def measure(live: Live, records: int) -> list[Rate]:
    """Publish once, then run the stages one after the other, each in a process pinned to one core."""
    people = max(records // 20, 50)
    live.publish("scan-code", list(scans(records, people, 500)))
    live.publish("lab-result", list(results(max(people // 100, 5), people)))
    pure = _pure(live)
    return [_one(live, stage, pure.get(stage, 0.0)) for stage in path.STAGES]


def _one(live: Live, stage: str, pure: float) -> Rate:
    worker = live.commands.start("worker", "--stages", stage)
    process = psutil.Process(worker.pid)
    process.cpu_affinity([process.cpu_affinity()[0]])
    worker.says(f"stage {stage} is ready")
    before = _cpu(process)
    live.commands.wait(lambda: _caught_up(live, stage), 600)
    cpu = _cpu(process) - before
    worker.end()
    messages, rate = _rate([entry for entry in live.entries("ledger") if isinstance(entry.value, Ledger) and entry.value.stage == stage])
    return Rate(stage, messages, rate, cpu / max(messages, 1) * 1e6, pure)


def _cpu(process: psutil.Process) -> float:
    times = process.cpu_times()
    return float(times.user + times.system)


def _caught_up(live: Live, stage: str) -> bool:
    time.sleep(1)
    return not any(row.waiting for row in live.rows() if row.stage == stage)


def _rate(entries: list[Entry]) -> tuple[int, float]:
    """All messages, and those after the first batch of each input divided by the time between the first and the last batch."""
    series: dict[tuple[str, int], list[tuple[int, int]]] = defaultdict(list)
    for entry in entries:
        if isinstance(entry.value, Ledger):
            series[entry.value.topic, entry.value.partition].append((entry.written, entry.value.received))
    total = sum(found[-1][1] for found in series.values())
    counted = sum(found[-1][1] - found[0][1] for found in series.values())
    times = [written for found in series.values() for written, _ in found]
    seconds = (max(times) - min(times)) / 1000 if times else 0.0
    return total, counted / seconds if seconds else 0.0


def _pure(live: Live) -> dict[str, float]:
    """Messages per second of each stage's steps over the same records, without a broker, in batches of the same size."""
    bus = live.bus
    inside = memory.Bus(path.build(bus.sources, list(bus.agencies.values()), bus.policy, bus.settings.keys), lambda _: bus.settings.batch_size)
    for source in ("scan-code", "lab-result"):
        inside.publish(Emit(f"raw.{source}", entry.key, entry.value) for entry in live.entries(f"raw.{source}") if isinstance(entry.value, Raw))
    inside.run()
    return {stage.name: _alone(stage, inside, bus.settings.batch_size) for stage in bus.stages}


def _alone(stage: Stage, inside: memory.Bus, size: int) -> float:
    """Run a stage again over all that came to its inputs, and time it."""
    messages = [Message(topic, 0, number, emit.key, emit.value) for topic in stage.inputs for number, emit in enumerate(inside.topics.get(topic, []))]
    state = memory.MemoryState()
    began = time.perf_counter()
    for start in range(0, len(messages), size):
        run_batch(stage, messages[start : start + size], state)
    return len(messages) / (time.perf_counter() - began)
