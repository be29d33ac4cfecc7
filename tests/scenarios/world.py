"""What a story needs of a bus: send records, wait until all is worked through, see the messages of a topic. One implementation is in memory, one on a broker."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from pydantic import BaseModel

from deploy.areas import TOPIC as AREAS
from schemas.models.control import RiskArea
from streams.memory import Bus
from streams.standing import standing
from tests.levels import declare
from tests.oracle.answer import Oracle
from tests.properties import bus


class World(ABC):
    """A bus with nothing on it yet."""

    def __init__(self, oracle: Oracle) -> None:
        """Take the oracle, which holds the sources, agencies, policy and keys of this bus."""
        self.oracle = oracle

    @abstractmethod
    def publish(self, source: str, records: Iterable[Mapping[str, Any]]) -> None:
        """Send records as the source's connector does."""

    @abstractmethod
    def pass_time(self, at: int) -> None:
        """Say how late it is, UTC milliseconds."""

    @abstractmethod
    def declare(self, areas: Sequence[RiskArea]) -> None:
        """Let these be the declared risk areas that stand."""

    @abstractmethod
    def settle(self) -> None:
        """Return when every stage has read all its input."""

    @abstractmethod
    def messages(self, topic: str) -> Iterable[tuple[str, BaseModel]]:
        """Keys and values of all messages of a topic, in their order; of a compacted topic at least the last of each key."""

    def standing(self, topic: str) -> dict[str, BaseModel]:
        """What stands on a topic: by key for a view, by id for facts."""
        return standing(topic, self.messages(topic))


class MemoryWorld(World):
    """The path in memory, with batches of a given size."""

    def __init__(self, size: int) -> None:
        """Take the size."""
        super().__init__(Oracle(bus.sources(), bus.agencies(), bus.POLICY, bus.KEYS))
        self._bus = declare(Bus(bus.stages(bus.POLICY), lambda _: size))

    def publish(self, source: str, records: Iterable[Mapping[str, Any]]) -> None:
        """Put them on the raw topic."""
        bus.publish(self._bus, [(source, record) for record in records])

    def pass_time(self, at: int) -> None:
        """Say it in two pieces."""
        bus.pass_time(self._bus, at)

    def declare(self, areas: Sequence[RiskArea]) -> None:
        """Say what is new, and take back what is no more."""
        stands = [fact for fact in self.standing(AREAS).values() if isinstance(fact, RiskArea)]
        bus.declare(self._bus, [*(fact for fact in areas if fact not in stands), *(fact.taken_back() for fact in stands if fact not in areas)])

    def settle(self) -> None:
        """Run all stages."""
        self._bus.run()

    def messages(self, topic: str) -> Iterable[tuple[str, BaseModel]]:
        """All that was written."""
        return [(emit.key, emit.value) for emit in self._bus.topics.get(topic, [])]
