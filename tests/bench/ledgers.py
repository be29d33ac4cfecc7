"""What stages say that they have done, in their ledgers: one entry for each batch and input."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from schemas.models.raw import Ledger
from tests.broker.live import Live


@dataclass(frozen=True, slots=True)
class Done:
    """What a stage has received up to now: messages of all its inputs by topic, in how many batches, and when the first and the last were written (seconds)."""

    received: dict[str, int]
    batches: int
    first: float
    last: float
    rate: float
    """Messages per second: those after the first batch of each input, by the time between the first and the last batch."""

    @property
    def messages(self) -> int:
        """All messages received."""
        return sum(self.received.values())


def done(live: Live) -> dict[str, Done]:
    """By stage, from the topic `ledger`."""
    series: dict[str, dict[tuple[str, int], list[tuple[int, int]]]] = defaultdict(lambda: defaultdict(list))
    for entry in live.entries("ledger"):
        if isinstance(entry.value, Ledger):
            series[entry.value.stage][entry.value.topic, entry.value.partition].append((entry.written, entry.value.received))
    return {stage: _of(inputs) for stage, inputs in series.items()}


def _of(inputs: dict[tuple[str, int], list[tuple[int, int]]]) -> Done:
    received: dict[str, int] = defaultdict(int)
    for (topic, _), found in inputs.items():
        received[topic] += found[-1][1]
    times = [written for found in inputs.values() for written, _ in found]
    seconds = (max(times) - min(times)) / 1000
    counted = sum(found[-1][1] - found[0][1] for found in inputs.values())
    return Done(dict(received), len(set(times)), min(times) / 1000, max(times) / 1000, counted / seconds if seconds else 0.0)
