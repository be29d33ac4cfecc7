"""How the delivery to one agency goes: what it measures, and whether it is ready."""

from __future__ import annotations

import time
from collections.abc import Hashable, Mapping
from typing import Any

from kafka.errors import KafkaError

from schemas import metrics
from schemas.measures import Measures
from schemas.metrics import OfAgency, OfAnswer
from schemas.pulse import Pulse

AGAIN = "again"
"""An attempt that is made again, beside the answers that are for good."""


class Condition:
    """Written by the threads that deliver to the agency; read in any thread."""

    def __init__(self, agency: str, measures: Measures) -> None:
        """Nothing has begun."""
        self.agency = agency
        self._measures, self._of = measures, OfAgency(agency)
        self._pulse = Pulse()
        self._subscribed = False
        self._stopped = ""
        self._open: dict[Hashable, float] = {}
        self._behind = 0
        self._trouble: float | None = None
        measures.look(self._look)

    def reads(self, consumer: Any, took: Mapping[Hashable, float]) -> None:
        """Its consumer has polled; these deliveries were read, each with the time of its message in seconds."""
        self._pulse.turns()
        parts = consumer.assignment() or ()
        self._subscribed = bool(parts)
        self._open = dict(took)
        self._behind = _behind(consumer, {part: consumer.highwater(part) or 0 for part in parts})

    def waits(self, consumer: Any) -> None:
        """Its consumer pauses, since the receiver does not answer: what is on the topic now is behind."""
        self._pulse.turns()
        try:
            self._behind = _behind(consumer, consumer.end_offsets(consumer.assignment()))
        except KafkaError:  # the broker's silence is told by itself; the last number stays
            return

    def attempted(self, answer: str) -> None:
        """The receiver was asked once, and answered: delivered, refused, or what has to be asked again."""
        self._measures.add(metrics.DELIVERIES, OfAnswer(self.agency, answer))
        self._trouble = (self._trouble or time.monotonic()) if answer == AGAIN else None

    def answered(self, delivery: Hashable) -> None:
        """A delivery was answered for good."""
        self._open.pop(delivery, None)

    def lost(self) -> None:
        """It has lost its broker, and connects again."""
        self._pulse.turns()
        self._subscribed = False

    def ends(self, why: str) -> None:
        """The delivery has ended by a failure of this kind."""
        self._stopped = why

    def unready(self) -> list[str]:
        """Why nothing is delivered; a receiver that is away is no reason, `answering` tells it."""
        if self._stopped:
            return [f"the delivery to {self.agency} has ended: {self._stopped}"]
        return ([] if self._subscribed else [f"{self.agency} has no partition of its topic yet"]) + [f"{self.agency}: {why}" for why in self._pulse.dead()]

    @property
    def silent(self) -> float | None:
        """Seconds since which its receiver has not answered any release for good; None when it does, or was not asked."""
        return None if self._trouble is None else time.monotonic() - self._trouble

    def _look(self) -> None:
        open_ = list(self._open.values())
        self._measures.set(metrics.OUTSTANDING, self._of, len(open_) + self._behind)
        self._measures.set(metrics.OUTSTANDING_SECONDS, self._of, max(0.0, time.time() - min(open_)) if open_ else 0)
        self._measures.set(metrics.DELIVERY_STOPPED, self._of, bool(self._stopped))


def _behind(consumer: Any, ends: Mapping[Any, int]) -> int:
    """Offsets up to some ends that are not read; a partition whose position is not known yet counts for nothing."""
    at = {part: consumer.position(part, timeout_ms=0) for part in ends}
    return sum(max(0, ends[part] - offset) for part, offset in at.items() if offset is not None)
