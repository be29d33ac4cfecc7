"""Reconciliation: in = out + rejected + duplicates for every source and stage, counted on the broker against what the tasks say in their ledgers."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from connectors.reader import Reader
from deploy.bus import Bus
from schemas.models.raw import Ledger, Reject


@dataclass(frozen=True, slots=True)
class Row:
    """One stage and input topic. `on_topic` is counted by reading, and None for a compacted topic, where old messages go."""

    stage: str
    topic: str
    on_topic: int | None
    received: int
    applied: int
    duplicates: int
    rejected: int
    rejects: int | None

    @property
    def lag(self) -> int:
        """Messages not yet read by the stage."""
        return (self.on_topic or 0) - self.received if self.on_topic is not None else 0

    @property
    def problems(self) -> list[str]:
        """What does not add up; a lag is not a problem, only work to do."""
        found = []
        if self.received != self.applied + self.duplicates + self.rejected:
            found.append("received is not applied + duplicates + rejected")
        if self.lag < 0:
            found.append("more received than there is on the topic")
        if self.rejects is not None and self.lag == 0 and self.rejects < self.rejected:
            found.append("fewer rejects on the topic than the ledger counts")
        return found


def reconcile(bus: Bus, reader: Reader) -> list[Row]:
    """One row for each stage and each of its inputs."""
    ledgers: dict[tuple[str, str, int], Ledger] = {}
    for entry in reader.read("ledger"):
        if isinstance(entry.value, Ledger):
            ledgers[entry.value.stage, entry.value.topic, entry.value.partition] = entry.value
    rejects = Counter(entry.value.pointer.topic for entry in reader.read("reject") if isinstance(entry.value, Reject))
    counted: dict[str, int] = {}
    rows = []
    for stage in bus.stages:
        for topic in stage.inputs:
            if topic not in counted and bus.topics[topic].cleanup != "compact":
                counted[topic] = sum(1 for _ in reader.read(topic))
            mine = [ledger for (name, of, _), ledger in ledgers.items() if (name, of) == (stage.name, topic)]
            rows.append(Row(stage.name, topic, counted.get(topic), sum(one.received for one in mine), sum(one.applied for one in mine),
                            sum(one.duplicates for one in mine), sum(one.rejected for one in mine), rejects[topic] if stage.name == "normalise" else None))  # fmt: skip
    return rows
