"""What a worker says of itself: its measures, whether it lives, and whether it is ready."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from typing import Protocol

from aiokafka.client import AIOKafkaClient
from aiokafka.errors import KafkaError

from schemas import metrics
from schemas.brokers import Brokers
from schemas.measures import Measures
from schemas.metrics import OfPart, Part
from schemas.pulse import ASK, Pulse
from streams.runtime.condition import Condition

_BEAT = 1.0


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
        self.pulse = Pulse()
        self._stages: list[Stands] = []
        self.measures.look(self._look)

    def watch(self, stages: Iterable[Stands]) -> None:
        """These stages run in the worker."""
        self._stages = list(stages)
        for stage in self._stages:
            self.measures.look(stage.look)

    def unready(self) -> list[str]:
        """Why the worker is not ready: a stage joins, recovers, or holds an input, or the broker is silent."""
        found = self.pulse.dead() + self.pulse.silent()
        if not self._stages:
            found.append("no stage has begun")
        return found + [why for stage in self._stages for why in stage.condition.why()]

    async def beat(self) -> None:
        """Note that the loop turns, for ever."""
        while True:
            self.pulse.turns()
            await asyncio.sleep(_BEAT)

    async def ask(self, brokers: Brokers) -> None:
        """Ask the brokers how they are, every few seconds and on a connection of its own, for ever."""
        while True:
            client = AIOKafkaClient(**brokers.options(), client_id="lianfang-health", request_timeout_ms=int(ASK * 1000))
            try:
                await client.bootstrap()
                while True:
                    await client.fetch_all_metadata()
                    self.pulse.answers()
                    await asyncio.sleep(ASK)
            except (KafkaError, OSError, TimeoutError):  # the silence tells it
                await asyncio.sleep(1)
            finally:
                await client.close()

    def _look(self) -> None:
        me = OfPart(Part.WORKER)
        self.measures.set(metrics.BROKER_SECONDS, me, self.pulse.silence)
        self.measures.set(metrics.READY, me, not self.unready())
