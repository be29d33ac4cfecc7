"""How a stage in one worker is: what it reads, recovers and holds, and so why it is not ready."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator

_LATE = 30.0
"""Seconds after which a fetch loop that turns every second has stopped."""


class Condition:
    """Set by the runner in its event loop, and read in any thread."""

    def __init__(self, stage: str) -> None:
        """Nothing has begun."""
        self.stage = stage
        self.held: frozenset[tuple[str, int]] = frozenset()
        self._trouble = "has not joined its group yet"
        self._recovering: frozenset[int] = frozenset()
        self._reading: frozenset[int] = frozenset()
        self._turned: Callable[[], float] | None = None

    @property
    def reading(self) -> frozenset[int]:
        """The partitions that are recovered and read."""
        return self._reading

    def joins(self, why: str = "") -> None:
        """It begins to join its group, again when there was a failure of this kind."""
        self._trouble = f"joins its group again after {why}" if why else "joins its group"
        self._recovering = self._reading = frozenset()

    def rebalances(self) -> None:
        """Its partitions are taken away, for a moment or for good."""
        if self._recovering or self._reading:
            self.joins()

    def recovers(self, partitions: Iterable[int]) -> None:
        """It was given these partitions, and recovers their state."""
        self._recovering, self._reading, self._trouble = frozenset(partitions), frozenset(), ""

    def reads(self, partitions: Iterable[int], turned: Callable[[], float]) -> None:
        """It reads them; `turned` says when its fetch loop turned last, by the monotonic clock."""
        self._turned = turned
        self._reading, self._recovering, self._trouble = frozenset(partitions), frozenset(), ""

    def ends(self, why: str) -> None:
        """It cannot go on."""
        self.joins()
        self._trouble = f"has ended: {why}"

    def why(self) -> Iterator[str]:
        """Why it is not ready; nothing when it is."""
        if self._trouble:
            yield f"stage {self.stage} {self._trouble}"
        if self._recovering:
            yield f"stage {self.stage} recovers the state of partition {', '.join(map(str, sorted(self._recovering)))}"
        for topic, partition in sorted(self.held):
            yield f"stage {self.stage} has stopped reading {topic} on partition {partition}"
        if self._reading and self._turned and (late := time.monotonic() - self._turned()) > _LATE:
            yield f"stage {self.stage} has fetched nothing for {late:.0f} s"
