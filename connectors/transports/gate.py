"""What a transport asks before it brings a record onto the bus: whether it may be collected at all. `deploy.collected.Gate` answers it."""

from __future__ import annotations

from concurrent.futures import Future
from typing import Protocol

from schemas.models.raw import Raw

NOT_COLLECTED = "not_collected"
"""The reason, as answers and metrics have it."""


class Collects(Protocol):
    """Knows the levels in force."""

    def concerns(self, source: str) -> bool:
        """Whether the level matters for a source."""

    def fresh(self) -> Future[None]:
        """Done when the levels are known as they are now; raises CannotRead."""

    def refused(self, raw: Raw) -> str:
        """Why a record may not be collected; '' when it may be."""
