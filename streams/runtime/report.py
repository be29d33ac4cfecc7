"""What a worker says of itself: its measures, whether it lives, and whether it is ready."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterable
from typing import Protocol

from aiokafka.client import AIOKafkaClient
from aiokafka.errors import KafkaError

from schemas import metrics
from schemas.measures import Measures
from schemas.metrics import OfPart, Part
from streams.runtime.condition import Condition

_BEAT = 1.0
_ASK = 5.0
_SILENT = 20.0
"""Seconds without an answer after which the broker counts as away: three questions and a little."""
_STANDS = 20.0
"""Seconds after which a loop that does not turn counts as dead; a batch that computes lets it turn."""


class Stands(Protocol):
    """A stage that says how it is."""

    @property
    def condition(self) -> Condition:
        """How it is."""

    def look(self) -> None:
        """Tell the measures how it stands."""


class Report:
    """For one worker. Written in its event loop, read in any thread."""

    def __init__(self, measures: Measures | None = None) -> None:
        """Nothing runs."""
        self.measures = measures or Measures()
        self._stages: list[Stands] = []
        self._began = self._turned = time.monotonic()
        self._answered: float | None = None
        self.measures.look(self._look)

    def watch(self, stages: Iterable[Stands]) -> None:
        """These stages run in the worker."""
        self._stages = list(stages)
        for stage in self._stages:
            self.measures.look(stage.look)

    def dead(self) -> list[str]:
        """Why the worker does not live; empty while its event loop turns."""
        stands = time.monotonic() - self._turned
        return [f"the event loop has not turned for {stands:.0f} s"] if stands > _STANDS else []

    def unready(self) -> list[str]:
        """Why the worker is not ready: a stage joins, recovers, or holds an input, or the broker is silent."""
        found = self.dead()
        if self._answered is None:
            found.append("the broker has not answered yet")
        elif self.silent > _SILENT:
            found.append(f"the broker has not answered for {self.silent:.0f} s")
        if not self._stages:
            found.append("no stage has begun")
        return found + [why for stage in self._stages for why in stage.condition.why()]

    @property
    def silent(self) -> float:
        """Seconds since the broker answered, or since the worker began when it never did."""
        return time.monotonic() - (self._began if self._answered is None else self._answered)

    async def beat(self) -> None:
        """Note that the loop turns, for ever."""
        while True:
            self._turned = time.monotonic()
            await asyncio.sleep(_BEAT)

    async def ask(self, brokers: str) -> None:
        """Ask the brokers how they are, every few seconds and on a connection of its own, for ever."""
        while True:
            client = AIOKafkaClient(bootstrap_servers=brokers, client_id="lianfang-health", request_timeout_ms=int(_ASK * 1000))
            try:
                await client.bootstrap()
                while True:
                    await client.fetch_all_metadata()
                    self._answered = time.monotonic()
                    await asyncio.sleep(_ASK)
            except (KafkaError, OSError):  # `silent` tells it
                await asyncio.sleep(1)
            finally:
                await client.close()

    def _look(self) -> None:
        me = OfPart(Part.WORKER)
        self.measures.set(metrics.BROKER_SECONDS, me, self.silent)
        self.measures.set(metrics.READY, me, not self.unready())

