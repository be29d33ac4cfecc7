"""Faults put into the runtime on purpose, each of which the simulation must find."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Sequence
from contextlib import AbstractContextManager, suppress
from dataclasses import replace
from typing import Any
from unittest.mock import patch

from aiokafka import AIOKafkaProducer, TopicPartition

from streams.runtime import changelog, inputs, runner, store, task
from streams.runtime.batch import Computed
from streams.runtime.engine import Fetched
from streams.runtime.overlay import Overlay
from streams.runtime.transaction import Work, transact
from tests.simulation import clients, log

Mutation = Callable[[], AbstractContextManager[object]]


async def _rows_first(producer: AIOKafkaProducer, work: Work) -> int | None:
    position = await transact(producer, replace(work, outputs={}))
    await transact(producer, replace(work, rows=()))
    return position


async def _store_first(self: Any, computed: Computed, ends: Any) -> None:
    self._store.write(computed.overlay.changes, self._store.position)
    await _WRITE(self, computed, ends)


def _own_id(self: Any, broker: Any, network: Any, rng: Any, transactional_id: str, seconds: float) -> None:
    _PRODUCER(self, broker, network, rng, transactional_id, seconds)
    self._owner += f".{self._number}"


class _Skips:
    """A consumer that loses the first record of each read."""

    def __init__(self, consumer: Any) -> None:
        self._consumer = consumer

    def __getattr__(self, name: str) -> Any:
        return getattr(self._consumer, name)

    async def getmany(self, tp: TopicPartition, **how: Any) -> Any:
        found = await self._consumer.getmany(tp, **how)
        return {tp: records[1:] for tp, records in found.items() if records[1:]}


async def _skipping(consumer: Any, *rest: Any) -> None:
    await _CATCH_UP(_Skips(consumer), *rest)


def _uncommitted(self: log.Log, start: int, most: int) -> tuple[list[log.Record], int]:
    found = [record for record in self.history if record.offset >= start][:most]
    return found, found[-1].offset + 1 if found else max(start, self.end)


def _any_generation(self: Any, fetched: Fetched) -> None:
    _OFFER(self, Fetched(self._generation, fetched.records))


def _again(self: Any, fetched: Fetched) -> None:
    tp = TopicPartition(fetched.records[0].topic, fetched.records[0].partition)
    if tp in self._next:
        self._next[tp] = min(self._next[tp], fetched.records[0].offset)
    _OFFER(self, fetched)


def _over_the_store(below: Any) -> Overlay:
    return Overlay(below._below if isinstance(below, Overlay) else below)


async def _swallowed(self: Any) -> None:
    commit, self._commit = self._commit, None
    if commit:
        with suppress(Exception):
            await commit
        self._under_way = None


async def _given_up(_: Any, tasks: Iterable[Any]) -> None:
    await asyncio.gather(*(one.close() for one in tasks), return_exceptions=True)


async def _going_on(tasks: Sequence[Any]) -> None:
    await asyncio.gather(*(one.start() for one in tasks))


def _at_first(self: Any, end: int) -> bool:
    return bool(self.position > end or self.age > store._OLDEST)


_WRITE, _PRODUCER, _CATCH_UP, _OFFER = task.Task._write, clients.Producer.__init__, changelog._catch_up, inputs.Inputs.offer
MUTATIONS: dict[str, Mutation] = {
    "state and offsets are committed before outputs": lambda: patch.object(task, "transact", _rows_first),
    "the store is written before the commit": lambda: patch.object(task.Task, "_write", _store_first),
    "every producer has a transactional id of its own, so none is fenced": lambda: patch.object(clients.Producer, "__init__", _own_id),
    "recovery skips a record": lambda: patch.object(changelog, "_catch_up", _skipping),
    "what is not committed is read": lambda: patch.object(log.Log, "read", _uncommitted),
    "records of another generation are taken": lambda: patch.object(inputs.Inputs, "offer", _any_generation),
    "records are taken again after a seek back": lambda: patch.object(inputs.Inputs, "offer", _again),
    "the next batch is computed without the one under way": lambda: patch.object(task, "Overlay", _over_the_store),
    "a failed batch is passed over": lambda: patch.object(task.Task, "_settled", _swallowed),
    "records that a batch leaves are lost": lambda: patch.object(inputs.Inputs, "put_back", lambda self, records: None),
    "what the group says of its offsets is believed": lambda: patch.object(task, "counted", lambda rows, topic: 0),
    "a task that closes is given up with the rebalance": lambda: patch.object(runner.Runner, "_close", _given_up),
    "a task goes on starting when another fails": lambda: patch.object(runner, "_started", _going_on),
    "a store that becomes too old on the way is kept": lambda: patch.multiple(store.Store, slept=False, stale=_at_first),
    "a store that slept too long is kept": lambda: patch.object(store.Store, "stale", lambda self, end: False),
}
