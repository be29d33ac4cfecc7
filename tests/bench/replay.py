"""Changelog or replay of the retained input? For each stage, what it takes to have its state again, and what writing the changelog costs meanwhile.

After a backlog has gone through the whole path, the state of each stage is made anew in this process in both ways: by reading its changelog, and by reading its
inputs and running its steps with what they emit dropped. Both must come to the same rows. Then the stage does its work again on a bus of its own, with
the changelog and without, in a worker on a core of its own.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path

from aiokafka import TopicPartition

from deploy.cli.output import progress
from streams.path import STAGES
from streams.runtime.changelog import recover
from streams.runtime.overlay import Overlay
from streams.runtime.store import Store
from streams.stage import Message, Stage, run_batch
from tests.bench import load, path, workers
from tests.bench.ask import Answer, Bench, Table, telling, wait
from tests.bench.copy import messages
from tests.bench.feed import publish
from tests.bench.lag import Lag
from tests.broker.live import Live

_BATCH = 2_000


@dataclass(frozen=True, slots=True)
class Compared:
    """One stage.

    Seconds per million scans to make its state anew from its changelog, and from its inputs; CPU seconds per million scans of worker and broker to do its work
    with the changelog and without; bytes of the changelog and of the inputs per scan; rows of the state per scan, and how many of them differ between the two ways.
    """

    stage: str
    reading: float
    replaying: float
    logged: float
    unlogged: float
    changelog: float
    inputs: float
    rows: float
    different: int


def ask(bench: Bench) -> Answer:
    """Compare the stages one by one."""
    scans, names = bench.size(2_000, 50_000), ("contacts", "normalise") if bench.small else STAGES
    with bench.bus("replay", partitions=2) as live:
        lag = Lag(live.bus)
        try:
            load.send(live.bus, {source: load.prepared(live.bus, source, records) for source, records in load.backlog(scans).items()})
            commands = workers.begin(live, (STAGES,))
            wait(lag.quiet, lambda: path.told(lag))
            for command in commands:
                assert command.end() == 0, command.said
            found = [_compare(bench, live, stage, scans, lag.sizes()) for stage in lag.stages(names)]
        finally:
            lag.close()
    rows = [(one.stage, f"{one.rows:.2f}", f"{one.changelog:.0f}", f"{one.inputs:.0f}", f"{one.reading:.1f}", f"{one.replaying:.1f}", f"{one.replaying / one.reading:.1f}",
             f"{one.logged:.0f}", f"{one.unlogged:.0f}", one.different) for one in found]  # fmt: skip
    columns = ("stage", "rows per scan", "changelog B/scan", "inputs B/scan", "s per million scans from the changelog", "from the inputs", "times",
               "worker's and broker's CPU s per million", "without changelog", "rows that differ")  # fmt: skip
    return Answer({"scans": scans, "stages": [asdict(one) for one in found]}, [Table("The state of each stage, made anew in two ways", columns, rows)], [
        "Inputs are kept for 30 days: what is older is in no input any more, and only the changelog has it.",
    ])  # fmt: skip


def _compare(bench: Bench, live: Live, stage: Stage, scans: int, sizes: dict[str, int]) -> Compared:
    progress(f"{stage.name}: its state from the changelog, and from its inputs")
    reading, read = _rebuilt(live, stage, "read", lambda store, partition: asyncio.run(_read(live, stage, store, partition)))
    replaying, replayed = _rebuilt(live, stage, "replayed", lambda store, partition: _replay(live, stage, store, partition))
    cpu = {logged: _work(bench, live, stage, logged=logged) / scans * 1e6 for logged in (True, False)}
    different = sum(read.get(key) != replayed.get(key) for key in read.keys() | replayed.keys())
    return Compared(stage.name, reading / scans * 1e6, replaying / scans * 1e6, cpu[True], cpu[False], sizes[stage.changelog] / scans,
                    sum(sizes.get(topic, 0) for topic in stage.inputs) / scans, len(read) / scans, different)  # fmt: skip


def _rebuilt(live: Live, stage: Stage, how: str, build: Callable[[Store, int], None]) -> tuple[float, dict[bytes, bytes]]:
    """Seconds until the stores of all partitions are made anew one after the other, and their rows; those of the runtime itself are left out."""
    seconds, rows = 0.0, dict[bytes, bytes]()
    for partition in range(live.bus.topics[stage.changelog].partitions or 1):
        store = Store(Path(live.bus.settings.home) / how / stage.name / str(partition), [table.number for table in stage.tables if table.few])
        began = time.perf_counter()
        build(store, partition)
        seconds += time.perf_counter() - began
        rows.update((bytes((partition,)) + key, value) for key, value in store.every() if key[0])
        store.close()
    return seconds, rows


async def _read(live: Live, stage: Stage, store: Store, partition: int) -> None:
    changelog = TopicPartition(live.bus.settings.namespace + stage.changelog, partition)
    await recover(live.bus.brokers, f"{live.bus.settings.namespace}replay", changelog, store, (), progress)


def _replay(live: Live, stage: Stage, store: Store, partition: int) -> None:
    for topic in stage.inputs:
        waiting: list[Message] = []
        for number, (_, key, value) in enumerate(telling(messages(live.bus, topic, [partition]), f"messages of {topic} replayed")):
            waiting.append(Message(topic, partition, number, key.decode(), live.bus.codec.decode(value, topic)))
            if len(waiting) == _BATCH:
                _step(stage, store, waiting)
                waiting = []
        _step(stage, store, waiting)


def _step(stage: Stage, store: Store, waiting: list[Message]) -> None:
    overlay = Overlay(store)
    run_batch(stage, waiting, overlay)
    store.write(overlay.changes, 0)


def _work(bench: Bench, live: Live, stage: Stage, *, logged: bool) -> float:
    """CPU seconds of worker and broker while it does the stage's work over copies of its inputs."""
    with bench.bus(f"{stage.name}-{'logged' if logged else 'unlogged'}", partitions=live.bus.settings.partitions) as other:
        (other.bus.settings.home / "secret").write_bytes((live.bus.settings.home / "secret").read_bytes())
        for topic in stage.inputs:
            publish(other.bus.endpoints.brokers, other.bus.settings.namespace + topic, messages(live.bus, topic))
        with workers.pinned(-1):
            command = other.commands.start("worker", "--stages", stage.name) if logged else other.commands.start(stage.name, module="tests.bench.unlogged")
        lag = Lag(other.bus)
        try:
            workers.ready(command, [stage.name])
            used = workers.Used([command.pid, bench.broker().pid])
            wait(lambda: lag.quiet([stage.name]), lambda: f"{stage.name}: {lag.lag([stage.name])[stage.name]:,} to go")
            seconds = used.seconds()
            assert logged == bool(lag.sizes().get(stage.changelog)), f"{stage.name}: whether a changelog was written is not as was asked"
        finally:
            lag.close()
        assert command.end() == 0, command.said
        return seconds
