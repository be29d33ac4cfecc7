"""Reconciliation: in = out + rejected + duplicates for every stage and input, counted on the broker against what the tasks say in their ledgers."""

from __future__ import annotations

from array import array
from bisect import bisect_right
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from connectors.reader import Entry, Reader
from deploy.admin import admin, beginnings
from deploy.bus import Bus
from schemas.models.raw import Ledger, Reject
from streams.stage import Stage

Place = tuple[str, int]
"""Topic and partition."""


@dataclass(frozen=True, slots=True)
class Row:
    """One stage and input topic; all numbers are of messages, over all partitions."""

    stage: str
    topic: str
    on_topic: int
    """There now, counted by reading."""
    gone: bool
    """Whether older ones have gone, by age or because the topic is compacted; then not all that was received can be counted again."""
    waiting: int
    """Not yet read by the stage."""
    received: int
    applied: int
    duplicates: int
    rejected: int
    skipped: int
    """On the topic before the place that the stage has reached, and not received."""
    surplus: int
    """Received, and not on the topic although nothing has gone from it."""
    missing_rejects: int
    """Rejected by the stages that read this topic, and not on the topic `reject`."""

    @property
    def problems(self) -> list[str]:
        """What does not add up; waiting messages are not a problem, only work to do."""
        found = []
        if self.received != self.applied + self.duplicates + self.rejected:
            found.append("received is not applied + duplicates + rejected")
        if self.skipped:
            found.append(f"{self.skipped} were skipped")
        if self.surplus:
            found.append(f"{self.surplus} more were received than there are on the topic")
        if self.missing_rejects:
            found.append(f"{self.missing_rejects} rejects are missing")
        return found


def reconcile(bus: Bus, reader: Reader) -> list[Row]:
    """One row for each stage and each of its inputs, in the order of the path. Reads every input once to its end.

    The ledgers are read first: whatever is written while it runs then counts as waiting and not as a difference.
    """
    ledgers = latest(reader.read("ledger"))
    topics = list(dict.fromkeys(topic for stage in bus.stages for topic in stage.inputs))
    offsets = {place: found for topic in topics for place, found in places(reader.read(topic)).items()}
    rejects = Counter(entry.value.pointer.topic for entry in reader.read("reject") if isinstance(entry.value, Reject) and not entry.value.retracted)
    return rows(bus.stages, ledgers, offsets, gone(bus, topics), rejects)


def gone(bus: Bus, topics: Iterable[str]) -> set[Place]:
    """The partitions from which messages have gone. Asked after reading, so that what goes meanwhile is known."""
    with admin(bus) as client:
        begin = beginnings(client, bus.settings.namespace, topics)
    return {place for place, offset in begin.items() if offset > 0 or bus.topics[place[0]].cleanup == "compact"}


def latest(entries: Iterable[Entry]) -> dict[str, dict[Place, Ledger]]:
    """The last ledger of each stage and input partition."""
    found: dict[str, dict[Place, Ledger]] = {}
    for entry in entries:
        if isinstance(entry.value, Ledger):
            found.setdefault(entry.value.stage, {})[entry.value.topic, entry.value.partition] = entry.value
    return found


def places(entries: Iterable[Entry]) -> dict[Place, array[int]]:
    """The offsets of messages by partition, rising; eight bytes each, so that a large topic fits."""
    found: dict[Place, array[int]] = {}
    for entry in entries:
        found.setdefault((entry.topic, entry.partition), array("q")).append(entry.offset)
    return found


def rows(stages: Sequence[Stage], ledgers: Mapping[str, Mapping[Place, Ledger]], offsets: Mapping[Place, Sequence[int]], old: Collection[Place],
         rejects: Mapping[str, int]) -> list[Row]:  # fmt: skip
    """The rows from what was read: ledgers by stage, offsets there are, partitions from which messages have gone, rejects by the topic they point to."""
    refused: Counter[str] = Counter()
    for mine in ledgers.values():
        for (topic, _), ledger in mine.items():
            refused[topic] += ledger.rejected
    return [_row(stage.name, topic, ledgers.get(stage.name, {}), offsets, old, max(0, refused[topic] - rejects.get(topic, 0)))
            for stage in stages for topic in stage.inputs]  # fmt: skip


def _row(stage: str, topic: str, ledgers: Mapping[Place, Ledger], offsets: Mapping[Place, Sequence[int]], old: Collection[Place], missing: int) -> Row:
    mine = {place: ledger for place, ledger in ledgers.items() if place[0] == topic}
    there = {place: found for place, found in offsets.items() if place[0] == topic}
    waiting = skipped = surplus = 0
    for place in mine.keys() | there.keys():
        ledger, found = mine.get(place), there.get(place, ())
        passed = bisect_right(found, ledger.through) if ledger else 0
        received = ledger.received if ledger else 0
        waiting += len(found) - passed
        skipped += max(0, passed - received)
        surplus += 0 if place in old else max(0, received - passed)
    return Row(
        stage, topic, on_topic=sum(map(len, there.values())), gone=any(place in old for place in mine.keys() | there.keys()), waiting=waiting,
        received=sum(one.received for one in mine.values()), applied=sum(one.applied for one in mine.values()),
        duplicates=sum(one.duplicates for one in mine.values()), rejected=sum(one.rejected for one in mine.values()),
        skipped=skipped, surplus=surplus, missing_rejects=missing,
    )  # fmt: skip
