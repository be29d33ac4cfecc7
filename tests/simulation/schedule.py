"""One schedule: everything that happens follows from its kind and its seed."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cache
from hashlib import blake2b
from random import Random

from schemas.codec import Codec
from schemas.settings import Settings
from streams.stage import Stage
from tests.simulation import counting, whole
from tests.simulation.anomalies import Anomaly, Name, ledgers, stores
from tests.simulation.loop import drain
from tests.simulation.registry import codec
from tests.simulation.replaced import replaced
from tests.simulation.world import Arrival, World

_MOST_FAULTS = 8


class Kind(StrEnum):
    """What is worked through."""

    COUNTING = "counting"
    WHOLE = "whole"


@dataclass(frozen=True)
class Load:
    """Stages and topics, portions of what is published (each is settled before the next begins), and what must be there after each."""

    stages: Sequence[Stage]
    partitions: dict[str, int]
    portions: list[list[Arrival]]
    check: Callable[[World, int], Iterator[Anomaly]]


@dataclass
class Outcome:
    """What a schedule did: `injected` by kind of fault and operation; `digest` names everything that was ever committed, so equal ones are equal runs."""

    seed: int
    kind: Kind
    anomalies: list[Anomaly] = field(default_factory=list)
    injected: Counter[tuple[str, str]] = field(default_factory=Counter)
    seconds: float = 0.0
    records: int = 0
    digest: str = ""


def run(seed: int, kind: Kind) -> Outcome:
    """Run one."""
    rng = Random(f"{kind.value} {seed}")
    load = _LOADS[kind](rng, codec())
    world = World(rng, load.stages, load.partitions, _settings(rng, load.stages), codec(), rng.randint(0, _MOST_FAULTS))
    outcome = Outcome(seed, kind, injected=world.faults.injected)
    try:
        with replaced(world):
            world.loop.run_until_complete(world.loop.create_task(_drive(world, load, outcome)))
    finally:
        outcome.seconds = world.loop.time()
        with replaced(world):
            drain(world.loop)
    outcome.anomalies += [Anomaly(Name.CRASH, crash) for crash in world.crashes]
    outcome.anomalies += [Anomaly(Name.CRASH, f"{type(error).__name__} that nobody waited for") for error in world.loop.faults]
    outcome.injected["rebalance", "of a group"] = sum(group.generation for group in world.groups.values())
    outcome.records, outcome.digest = _digest(world)
    return outcome


async def _drive(world: World, load: Load, outcome: Outcome) -> None:
    for slot in range(world.rng.choice((1, 2, 2, 3))):
        world.start(slot)
    beside = asyncio.create_task(_beside(world))
    for number, portion in enumerate(load.portions):
        await world.publish(portion, counting.partition_of)
        if stuck := await world.settle():
            outcome.anomalies += [Anomaly(Name.STUCK, what) for what in stuck]
            break
        outcome.anomalies += load.check(world, number)
    beside.cancel()
    outcome.anomalies += [*ledgers(world.broker, load.stages, world.codec), *stores(world.broker, world.disk, load.stages)]


async def _beside(world: World) -> None:
    """What happens without anybody's fault: workers come and are stopped, changelogs are compacted, clocks jump."""
    for _ in range(world.rng.randint(0, 6)):
        await asyncio.sleep(world.rng.random() * 1.5)
        chance = world.rng.random()
        if chance < 0.45:
            world.compact()
        elif chance < 0.65 and len(world.workers) < 4:
            world.start(len(world.workers))
            world.faults.injected["worker added", "at any moment"] += 1
        elif chance < 0.9:
            running = [slot for slot, process in world.workers.items() if process.alive and not process.frozen]
            if running:
                world.stop(world.rng.choice(running))
        else:
            world.jump()


def _settings(rng: Random, stages: Sequence[Stage]) -> Settings:
    return _usual().model_copy(update={
        "batch_size": rng.choice((1, 3, 10, 50)), "pace": rng.choice((0.0, 0.05, 0.2)), "standby": rng.choice(("", "", ",".join(stage.name for stage in stages))),
    })  # fmt: skip


@cache
def _usual() -> Settings:
    """With no bound to the seconds of processor, which are not those of the simulated clock: a batch would depend on the machine."""
    return Settings(namespace="", session_timeout=1.0, transaction_timeout=2.0, batch_seconds=1000.0)


def _counting(rng: Random, codec: Codec) -> Load:
    stages = counting.STAGES[: rng.choice((1, 1, 1, 2))]
    return Load(stages, counting.partitions(rng.choice((1, 1, 2, 3))), [counting.arrivals(rng, codec)], lambda world, _: counting.check(world.broker, world.codec, stages))


def _whole(rng: Random, codec: Codec) -> Load:
    number, policy = rng.randrange(whole.WORLDS), rng.randrange(2)
    partitions = rng.choice((1, 1, 2))
    portions = whole.portions(rng, whole.pool()[number], codec, partitions)
    return Load(whole.stages(policy), dict(whole.partitions(partitions)), portions, lambda world, until: whole.check(world, number, until, policy))


_LOADS: dict[Kind, Callable[[Random, Codec], Load]] = {Kind.COUNTING: _counting, Kind.WHOLE: _whole}


def _digest(world: World) -> tuple[int, str]:
    digest, records = blake2b(digest_size=8), 0
    for tp, log in sorted(world.broker.logs.items()):
        for record in log.committed():
            digest.update(repr((tp, record.offset, record.key, record.value)).encode())
            records += 1
    return records, digest.hexdigest()
