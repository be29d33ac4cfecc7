"""The three stages of identity on stores, one core: how many records a second, how long one alone takes, and what a person costs on disk."""

from __future__ import annotations

import os
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import psutil

from deploy.simulation.linkage.people import people
from deploy.simulation.linkage.written import Written
from schemas.models.identity import Mention
from schemas.tokens import Keys
from streams.identity import links, pairs, profiles
from streams.identity.model import shipped as model
from streams.identity.opened import Opened
from streams.identity.spec import shipped as spec
from streams.runtime.garbage import look_seldom
from streams.runtime.overlay import Overlay
from streams.runtime.store import Store
from streams.stage import Emit, Message, Stage, run_batch
from tests.bench.ask import percentile
from tests.bench.linkage.blocks import Blocks, blocks
from tests.bench.linkage.history import STAGES, build
from tests.bench.linkage.told import mention
from tests.bench.workers import on_disk

_BATCH, _ALONE = 500, 1_000
FEWEST = 2 * (_BATCH + _ALONE)
"""Aliases whose records fill the first batch, those that come alone, and as much again to be measured."""
_OTHERS, _SEED = 30_000, 8
"""People who are met before, who are not those of the past."""


@dataclass(frozen=True, slots=True)
class Linked:
    """With so many people before: profiles, records a second by the clock and by CPU, milliseconds of one record alone, bytes of disk a person, MB, blocks."""

    people: int
    profiles: int
    records: int
    rate: float
    cpu_rate: float
    stages: dict[str, float]
    p50: float
    p99: float
    disk: float
    memory: float
    blocks: list[Blocks]


class Path3:
    """The stages one after another, each with a store of its own; a batch is one write for each."""

    def __init__(self, folder: Path, opened: Opened) -> None:
        """Open the stores."""
        made = (profiles.stage(opened), pairs.stage(model("people"), opened), links.stage(opened))
        self._stages = dict(zip(STAGES, made, strict=True))
        few = {name: [table.number for table in stage.tables if table.few] for name, stage in self._stages.items()}
        self._stores = {name: Store(folder / name, few[name]) for name in STAGES}
        self.cpu = dict.fromkeys(STAGES, 0.0)
        self.wrote: dict[str, int] = {}

    def link(self, values: Sequence[Mention]) -> list[Emit]:
        """Take mentions; links and reviews that follow are written when it returns."""
        told = self._run("profiles", [Emit("identity.mention", "", value) for value in values])
        blocks = [emit for emit in told if emit.topic == "identity.block"]
        rest = [emit for emit in told if emit.topic != "identity.block"]
        return self._run("links", rest + self._run("pairs", blocks))

    def close(self) -> None:
        """Close the stores."""
        for store in self._stores.values():
            store.close()

    def _run(self, name: str, emits: Iterable[Emit]) -> list[Emit]:
        began = time.process_time()
        stage: Stage = self._stages[name]
        overlay = Overlay(self._stores[name])
        found, _ = run_batch(stage, [Message(emit.topic, 0, number, emit.key, emit.value) for number, emit in enumerate(emits)], overlay)
        self._stores[name].write(overlay.changes, 0)
        self.cpu[name] += time.process_time() - began
        for emit in found:
            self.wrote[emit.topic] = self.wrote.get(emit.topic, 0) + 1
        return found


def measure(folder: Path, number: int, coming: int) -> Linked:
    """Link records that are kept back to so many people before, on one core."""
    opened = Opened(spec("people"), Keys(b"the secret of the bench, of no use elsewhere"))
    built = build(folder, number, coming, opened)
    disk = sum(on_disk(folder / stage) for stage in STAGES)
    store = Store(folder / "pairs")
    sizes = blocks(store, opened.spec.crowd)
    store.close()
    _meet(opened)
    core = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {max(core)})
    look_seldom()
    path = Path3(folder, opened)
    try:
        return _timed(path, opened, built.coming, number, built.profiles, disk, sizes)
    finally:
        path.close()
        os.sched_setaffinity(0, core)


def _meet(opened: Opened) -> None:
    """Prepare what others say, as a worker has that runs for some hours: names, dates and places come again, and what was read of them is kept."""
    for record in people(_OTHERS, _SEED):
        opened.compare.prepare({field: [value] for field, value in record.says.items()})


def _timed(path: Path3, opened: Opened, coming: list[Written], number: int, known: int, disk: int, sizes: list[Blocks]) -> Linked:
    mentions = [mention(opened.keys, record, number) for number, record in enumerate(coming)]
    many, alone = mentions[: -_ALONE], mentions[-_ALONE:]
    path.link(many[:_BATCH])  # the first batch fills caches
    cpu, before, began = time.process_time(), dict(path.cpu), time.perf_counter()
    for start in range(_BATCH, len(many), _BATCH):
        path.link(many[start : start + _BATCH])
    count = len(many) - _BATCH
    took, used = time.perf_counter() - began, time.process_time() - cpu
    stages = {name: 1e6 * (path.cpu[name] - before[name]) / count for name in STAGES}
    times = sorted(_each(path, one) for one in alone)
    memory = psutil.Process().memory_info().rss / 2**20
    p50, p99 = 1000 * percentile(times, 0.5), 1000 * percentile(times, 0.99)
    return Linked(number, known, count, count / took, count / used, stages, p50, p99, disk / number, memory, sizes)


def _each(path: Path3, one: Mention) -> float:
    began = time.perf_counter()
    path.link([one])
    return time.perf_counter() - began
