"""The way from a process to the broker and back: every request takes time there and back, and may be late or lost."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Hashable, Iterable
from random import Random
from typing import TypeVar

from aiokafka.errors import KafkaConnectionError, KafkaError, ProducerFenced

from streams.runtime.engine import Gate
from tests.simulation.broker import Concurrent
from tests.simulation.faults import Faults
from tests.simulation.log import Log
from tests.simulation.loop import OUTSIDE, Loop

T = TypeVar("T")
_AGAIN = 0.02
_STALL = 5.0
"""Seconds that a late request takes: longer than a transaction may."""


class Waking:
    """Wakes who waits in `Network.change` when a gate is opened."""

    waiting: asyncio.Future[None] | None = None

    def __init__(self, gate: Gate) -> None:
        """Take the gate."""
        self._open = gate.open
        vars(gate)["open"] = self.open

    def open(self, tps: Iterable[tuple[str, int]]) -> None:
        """Open it."""
        self._open(tps)
        if self.waiting is not None and not self.waiting.done():
            self.waiting.set_result(None)


class Network:
    """Requests of processes. What a process has sent is handled also when it dies meanwhile."""

    def __init__(self, loop: Loop, rng: Random, faults: Faults, slowest: float) -> None:
        """`slowest` is how many seconds a request takes one way, at most."""
        self._loop, self._rng, self._slowest = loop, rng, slowest
        self.faults = faults
        self._last: dict[Hashable, float] = {}

    async def ask(self, operation: str, action: Callable[[], T]) -> T:
        """Let the broker do something and wait for its answer; asks again while a transaction of before is being ended."""
        while True:
            try:
                answer = await self.send(operation, action, await self.faults.before(operation))
            except Concurrent:
                await asyncio.sleep(_AGAIN)
            else:
                await self.faults.after(operation)
                return answer

    def send(self, operation: str, action: Callable[[], T], fault: str = "", order: Hashable = None) -> asyncio.Future[T]:
        """Send a request and do not wait; those of one `order` arrive in their order. Raises in the future what the broker raises, and KafkaConnectionError."""
        answer: asyncio.Future[T] = self._loop.create_future()
        arrival = self._loop.time() + self.delay() + (_STALL if fault == "stall" else 0.0)
        if order is not None:
            arrival = self._last[order] = max(arrival, self._last.get(order, 0.0) + 1e-6)
        self._loop.call_at(arrival, self._handle, operation, action, fault, answer, context=OUTSIDE)
        return answer

    async def change(self, logs: Iterable[Log], seconds: float, gate: Waking | None = None) -> None:
        """Wait until something is written to one of these, or the gate is opened, at most so long."""
        waiting: asyncio.Future[None] = self._loop.create_future()
        for log in logs:
            log.wake(waiting)
        if gate is not None:
            gate.waiting = waiting
        timer = self._loop.call_later(seconds, lambda: None if waiting.done() else waiting.set_result(None))
        try:
            await waiting
        finally:
            timer.cancel()

    def later(self, action: Callable[[], object]) -> None:
        """Do something of the broker's, or tell something, as long from now as a message takes."""
        self._loop.call_later(self.delay(), action, context=OUTSIDE)

    def delay(self) -> float:
        """Seconds that a message takes one way."""
        return self._rng.random() * self._slowest

    def _handle(self, operation: str, action: Callable[[], T], fault: str, answer: asyncio.Future[T]) -> None:
        failure: Exception | None = None
        result: T | None = None
        if fault == "request lost":
            failure = KafkaConnectionError(operation)
        else:
            try:
                result = action()
            except (KafkaError, Concurrent) as error:
                failure = error
                if isinstance(error, ProducerFenced):
                    self.faults.injected["zombie refused", f"at {operation}"] += 1
            if fault == "answer lost":
                failure = KafkaConnectionError(operation)
        self._loop.call_later(self.delay(), self._answer, answer, result, failure, context=OUTSIDE)

    @staticmethod
    def _answer(answer: asyncio.Future[T], result: T, failure: Exception | None) -> None:
        if answer.done():
            return
        if failure is not None:
            answer.set_exception(failure)
        else:
            answer.set_result(result)
