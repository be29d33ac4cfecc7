"""A bus in memory to which a story is told."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from pydantic import BaseModel

from deploy.scenarios.world import World
from schemas.models.control import LevelInForce, RiskArea
from schemas.models.raw import Raw
from streams.memory import Bus
from tests.properties import bus


class MemoryWorld(World):
    """The path in memory, with batches of a given size."""

    def __init__(self, size: int) -> None:
        """Take the size."""
        super().__init__(bus.sources(), bus.agencies(), bus.POLICY, bus.KEYS)
        self._bus = Bus(bus.stages(bus.POLICY), lambda _: size)

    def publish(self, source: str, records: Iterable[Mapping[str, Any]]) -> None:
        """Put them on the raw topic."""
        bus.publish(self._bus, [(source, record) for record in records])

    def write(self, raws: Sequence[Raw]) -> None:
        """Put them on their raw topics."""
        bus.write(self._bus, raws)

    def pass_time(self, at: int) -> None:
        """Say it in two pieces."""
        bus.pass_time(self._bus, at)

    def declare(self, topic: str, facts: Sequence[LevelInForce] | Sequence[RiskArea]) -> None:
        """Say what is new, and take back what is no more."""
        stands = [fact for fact in self.standing(topic).values() if isinstance(fact, LevelInForce | RiskArea)]
        bus.declare(self._bus, [*(fact for fact in facts if fact not in stands), *(fact.taken_back() for fact in stands if fact not in facts)])

    def settle(self) -> None:
        """Run all stages."""
        self._bus.run()

    def messages(self, topic: str) -> Iterable[tuple[str, BaseModel]]:
        """All that was written."""
        return [(emit.key, emit.value) for emit in self._bus.topics.get(topic, [])]
