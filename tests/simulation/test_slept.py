"""What the simulation found in the runtime: a machine that sleeps for a day in the middle of a read or a commit wakes with a store that has missed removals.

Compaction forgets removals after a day. The store's age was looked at before it caught up, but not on the way, and a write made it young again.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path
from random import Random
from types import SimpleNamespace
from typing import Any, cast

import pytest
from aiokafka import TopicPartition

from schemas.brokers import Brokers
from schemas.settings import Settings
from streams.runtime import changelog, standby, store
from tests.simulation import counting
from tests.simulation.clients import Consumer
from tests.simulation.disk import Folder
from tests.simulation.log import Record
from tests.simulation.loop import drain
from tests.simulation.registry import codec
from tests.simulation.replaced import replaced
from tests.simulation.world import World
from tests.streams.runtime.test_task import Producer, Rig

TP = TopicPartition("state.count", 0)
GONE, STAYS = b"\1" + b"gone" * 4, b"\1" + b"stay" * 4
_HALF_A_DAY = 12 * 3600.0


class _Sleepy(Consumer):
    """A consumer whose machine sleeps for a day after its first read, in which a row is removed and the removal forgotten."""

    world: World
    has_slept = False

    async def getmany(self, *partitions: TopicPartition, timeout_ms: int, max_records: int) -> dict[TopicPartition, list[Record]]:
        """Read, at first one record, and then sleep."""
        found = await super().getmany(*partitions, timeout_ms=timeout_ms, max_records=max_records if self.has_slept else 1)
        if not self.has_slept:
            self.has_slept = True
            self.world.broker.logs[TP].append([(GONE, None), (STAYS, b"2")])
            self.world.jump()
        return found


def _woken(follow: Callable[[Consumer, store.Store], Awaitable[None]]) -> tuple[bytes | None, bytes | None]:
    """The two rows in a store that has followed its changelog over that day."""
    world = World(Random(0), counting.STAGES[:1], counting.partitions(1), Settings(namespace=""), codec(), 0)
    world.broker.logs[TP].append([(GONE, b"1"), (STAYS, b"1")])
    consumer = _Sleepy(world.broker, world.network, world.rng, "group")
    consumer.world = world

    async def run() -> tuple[bytes | None, bytes | None]:
        rows = store.Store(cast("Path", Folder("0/state/count/0")))
        consumer.assign([TP])
        await follow(consumer, rows)
        return rows.get(GONE), rows.get(STAYS)

    with replaced(world):
        found = world.loop.run_until_complete(run())
        drain(world.loop)
    return found


def test_a_recovery_that_slept_begins_anew() -> None:
    """A recovery in the middle of which the machine sleeps for a day has the row removed, though no removal is there to be read any more."""
    async def recover(consumer: Consumer, rows: store.Store) -> None:
        for _ in range(2):
            await changelog._catch_up(cast("Any", consumer), TP, rows, lambda _: None, lambda _, __: None)

    assert _woken(recover) == (None, b"2")


def test_a_copy_that_slept_begins_anew() -> None:
    """So has the copy of a worker that stands by."""
    async def copy(consumer: Consumer, rows: store.Store) -> None:
        copies = standby.Copies(Brokers(""), TP.topic, cast("Path", Folder("0/state/count")), [0])
        for _ in range(6):
            await copies._follow(cast("Any", consumer), {TP: rows})

    assert _woken(copy) == (None, b"2")


def test_a_store_is_as_old_as_the_transaction_it_follows(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A worker that sleeps between a commit and its local write leaves a store as old as it fell asleep, so that the next recovery empties it."""
    clock = [10**18]
    monkeypatch.setattr(store, "time", SimpleNamespace(time_ns=lambda: clock[0]))

    class Slow(Producer):
        async def commit_transaction(self) -> None:
            """Commit, and sleep for a day."""
            await super().commit_transaction()
            clock[0] += 24 * 3600 * 10**9

    async def run() -> None:
        rig = Rig(tmp_path, Slow())
        rig.task.offer(rig.fetched(10))
        await rig.once()
        assert rig.store.age > _HALF_A_DAY
        assert rig.store.stale(rig.store.position)

    asyncio.run(run())
