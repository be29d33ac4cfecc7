"""One simulated world: broker, network, disks, clock and workers, in which a load is worked through while things go wrong."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from itertools import count
from random import Random
from typing import Any, NamedTuple, cast

from aiokafka import TopicPartition

from schemas.brokers import Brokers
from schemas.codec import Codec
from schemas.settings import Settings
from streams.runtime.failure import place
from streams.runtime.runner import Runner, Worker
from streams.runtime.turn import Turn
from streams.stage import Stage
from tests.simulation.anomalies import at_end
from tests.simulation.broker import Broker
from tests.simulation.disk import Disk, Folder
from tests.simulation.faults import FREEZES, KILLS, Faults
from tests.simulation.group import Group
from tests.simulation.log import Log
from tests.simulation.loop import OUTSIDE, Loop, Process
from tests.simulation.network import Network

_EPOCH = 1_580_000_000
"""Seconds since 1970 at which every world begins."""
_PATIENCE, _LONGEST = 90.0, 3600.0
"""Virtual seconds without faults in which nothing is committed, and in which no end comes, after which what is not read to its end counts as stuck."""
_JUMP = 25 * 3600.0
"""Seconds by which all clocks jump: longer than a store may sleep, and than compaction keeps removals."""
_DAY = 24 * 3600 * 1000


class Arrival(NamedTuple):
    """One record that a source publishes, `seconds` after the one before."""

    seconds: float
    topic: str
    key: bytes
    value: bytes


class World:
    """What is drawn from one seed."""

    def __init__(self, rng: Random, stages: Sequence[Stage], partitions: dict[str, int], settings: Settings, codec: Codec, faults: int) -> None:
        """Take the stages, every topic with its number of partitions, and how many faults there are to be."""
        self.rng, self._stages, self._settings, self.codec = rng, stages, settings, codec
        self.numbers = count()
        self.jumped = 0.0
        self.loop = Loop(lambda: rng.random() * 0.05, lambda when: self.faults.within(when, "compute"))
        self.faults = Faults(rng, faults, self._strike)
        self.network = Network(self.loop, rng, self.faults, rng.choice((0.002, 0.01, 0.04)))
        self.disk = Disk(lambda: self.faults.within("before", "local write"))
        self.broker = Broker(partitions, lambda: self.nanoseconds() // 1_000_000, self.network.later, self._after)
        self.names = {stage.name: f"{settings.namespace}lianfang.{stage.name}" for stage in stages}
        self.groups = {
            self.names[stage.name]: Group(self.loop, {topic: partitions[topic] for topic in stage.inputs}, 3 * settings.session_timeout) for stage in stages
        }
        self.most = rng.choice((2, 10, 10_000))
        self.workers: dict[int, Process] = {}
        self.crashes: list[str] = []

    def nanoseconds(self) -> int:
        """Since 1970, as the machines' clocks say."""
        return int((_EPOCH + self.jumped + self.loop.time()) * 1e9)

    def start(self, slot: int) -> None:
        """Start a worker with the folder of a slot."""
        if self.loop.ended:
            return
        process = self.workers[slot] = Process(self.loop, f"{slot}-{next(self.numbers)}", slot)
        process.start(self._work(process))

    def stop(self, slot: int) -> None:
        """Tell a worker to end, and let it be started again a while later."""
        process = self.workers[slot]
        process.call(process.stop)
        self.faults.injected["stop", "at any moment"] += 1

    async def publish(self, arrivals: Sequence[Arrival], partition_of: Callable[[bytes, int], int]) -> None:
        """Let sources publish."""
        for arrival in arrivals:
            await asyncio.sleep(arrival.seconds)
            tp = TopicPartition(arrival.topic, partition_of(arrival.key, self.broker.partitions[arrival.topic]))
            self.broker.logs[tp].append([(arrival.key, arrival.value)])

    async def settle(self) -> list[str]:
        """Wait until every stage has read everything; returns what is not read to its end when nothing is committed for a long time, or no end comes."""
        began = moved = self.loop.time()
        did = (-1, -1)
        while self.loop.time() - moved < _PATIENCE and self.loop.time() - began < _LONGEST:
            whole = all(process.alive and not process.frozen for process in self.workers.values())
            if whole and self.broker.settled and not any(at_end(self.broker, self._stages, self.names)):
                return []
            if did != (did := (self.broker.commits, self.faults.injected.total())):
                moved = self.loop.time()
            await asyncio.sleep(0.25)
        return list(at_end(self.broker, self._stages, self.names)) or ["a transaction is open for ever, or a worker does not come back"]

    def compact(self) -> None:
        """Let the broker compact a changelog, to some point."""
        log = self.rng.choice(self._changelogs)
        gone = log.compact(self.rng.randint(0, log.end), self.nanoseconds() // 1_000_000 - _DAY)
        self.faults.injected["compaction", "of a changelog" if gone else "of nothing"] += 1

    def jump(self) -> None:
        """Let more than a day go by on all machines while nothing is done, and what the broker does in a day be done."""
        self.jumped += _JUMP
        self.faults.injected["clock jump", "of all machines"] += 1
        for log in self._changelogs:
            log.compact(log.end, self.nanoseconds() // 1_000_000 - _DAY)

    @property
    def _changelogs(self) -> list[Log]:
        return [log for tp, log in self.broker.logs.items() if tp.topic.startswith("state.")]

    async def _work(self, process: Process) -> None:
        """What a worker does (`streams.runtime.worker.run`), and the supervisor that starts it again."""
        worker = Worker(self._settings, lambda _: Brokers(""), self.codec, cast("Any", Folder(f"{process.slot}/state")), Turn(), lambda _: None)
        runners = [Runner(stage, worker) for stage in self._stages]
        process.stop = lambda: _stop(runners)
        tasks = [asyncio.create_task(runner.run()) for runner in runners]
        done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_EXCEPTION)
        for failure in filter(None, (task.exception() for task in done)):
            self.crashes.append(f"{type(failure).__name__} from {type(failure.__cause__).__name__} at {place(failure.__cause__ or failure)}")
        self._end(process, "kill")

    def _strike(self, process: Process, kind: str) -> None:
        """Do to a process what a fault says."""
        if kind in KILLS:
            self._end(process, kind)
        elif kind in FREEZES:
            process.freeze()
            session = self._settings.session_timeout
            asleep = session * self.rng.uniform(*((0.05, 0.9) if kind == "short freeze" else (1.0, 4.0)))
            self._after(session, lambda: self._expel(process))
            self._after(asleep, lambda: process.wake() if process.alive else None)

    def _end(self, process: Process, kind: str) -> None:
        process.die()
        self.disk.fail(process.slot, kind, self.rng)
        self._after(self._settings.session_timeout, lambda: self._expel(process))
        self._after(self.rng.uniform(0.05, 3), lambda: self.start(process.slot))

    def _expel(self, process: Process) -> None:
        if not process.alive or process.frozen:
            for group in self.groups.values():
                group.expel(process)

    def _after(self, seconds: float, action: Callable[[], object]) -> None:
        self.loop.call_later(seconds, action, context=OUTSIDE)


def _stop(runners: Sequence[Runner]) -> None:
    for runner in runners:
        runner.stop()
