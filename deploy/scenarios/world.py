"""What a story needs of a bus: send records, wait until all is worked through, see the messages of a topic."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from pydantic import BaseModel

from schemas.agency import Agency
from schemas.models.control import LevelInForce, RiskArea
from schemas.models.raw import Raw
from schemas.source import Source
from schemas.tokens import Keys
from streams.policy import Policy
from streams.standing import standing


class World(ABC):
    """A bus with nothing on it yet."""

    def __init__(self, sources: Mapping[str, Source], agencies: Sequence[Agency], policy: Policy, keys: Keys) -> None:
        """Take the sources, agencies, policy and keys of this bus."""
        self.sources, self.agencies, self.policy, self.keys = sources, agencies, policy, keys

    @abstractmethod
    def publish(self, source: str, records: Iterable[Mapping[str, Any]]) -> None:
        """Send records as the source's connector does."""

    @abstractmethod
    def write(self, raws: Sequence[Raw]) -> None:
        """Send raw messages that the intake made of what came."""

    @abstractmethod
    def pass_time(self, at: int) -> None:
        """Say how late it is, UTC milliseconds."""

    @abstractmethod
    def declare(self, topic: str, facts: Sequence[LevelInForce] | Sequence[RiskArea]) -> None:
        """Let these be the levels, or the risk areas, that stand on their topic."""

    @abstractmethod
    def settle(self) -> None:
        """Return when every stage has read all its input."""

    @abstractmethod
    def messages(self, topic: str) -> Iterable[tuple[str, BaseModel]]:
        """Keys and values of all messages of a topic, in their order; of a compacted topic at least the last of each key."""

    def standing(self, topic: str) -> dict[str, BaseModel]:
        """What stands on a topic: by key for a view, by id for facts."""
        return standing(topic, self.messages(topic))
