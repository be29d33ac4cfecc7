"""What is replaced in the runtime, and nothing else: the clients, Faust, RocksDB's files and the clocks, and how many facts fill a batch.

Everything that decides something is the real code: runner, assignor, task, inputs, turn, batch, overlay, transaction, recovery, copies, store and its cache.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from functools import partial
from types import SimpleNamespace
from typing import Any
from unittest.mock import patch

from streams.runtime import changelog, runner, store, task
from streams.runtime.batch import compute
from tests.simulation.clients import Consumer, Producer
from tests.simulation.disk import Batch, Reading
from tests.simulation.group import App
from tests.simulation.world import World


@contextmanager
def replaced(world: World) -> Iterator[None]:
    """Let the runtime be in a world, until the block ends."""
    clock = SimpleNamespace(monotonic=world.loop.time, time_ns=world.nanoseconds)
    stands: tuple[tuple[Any, str, Any], ...] = (
        (runner, "App", partial(_app, world)),
        (runner, "time", clock),
        (task, "AIOKafkaProducer", partial(_producer, world)),
        (task, "compute", partial(compute, most=world.most)),
        (changelog, "AIOKafkaConsumer", partial(_consumer, world)),
        (changelog, "time", clock),
        (store, "Rdict", world.disk.opened),
        (store, "WriteBatch", Batch),
        (store, "ReadOptions", Reading),
        (store, "_options", lambda *_: None),
        (store, "shutil", SimpleNamespace(rmtree=world.disk.rmtree)),
        (store, "time", clock),
    )
    with ExitStack() as stack:
        for module, name, stand in stands:
            stack.enter_context(patch.object(module, name, stand))
        yield


def _app(world: World, name: str, brokers: str, topics: Any, settings: Any, deliver: Any, patience: Any) -> App:
    return App(name, world, deliver)


def _producer(world: World, *, transactional_id: str, transaction_timeout_ms: int, **_: Any) -> Producer:
    return Producer(world.broker, world.network, world.rng, transactional_id, transaction_timeout_ms / 1000)


def _consumer(world: World, *, group_id: str | None, isolation_level: str, **_: Any) -> Consumer:
    assert isolation_level == "read_committed"
    return Consumer(world.broker, world.network, world.rng, group_id)
