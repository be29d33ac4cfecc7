"""One partition of a topic, as a broker keeps it: records of open, committed and aborted transactions, markers that take an offset, and compaction."""

from __future__ import annotations

import asyncio
from bisect import bisect_left
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import Enum
from operator import attrgetter
from typing import NamedTuple

from aiokafka import TopicPartition


class Fate(Enum):
    """What has become of a transaction."""

    OPEN = "open"
    COMMITTED = "committed"
    ABORTED = "aborted"


@dataclass(eq=False, slots=True)
class Transaction:
    """What one producer writes at once. `moment` is the place of its decision among all of the broker's, `missing` the markers that are not written yet."""

    owner: str
    fate: Fate = Fate.OPEN
    moment: int = 0
    partitions: dict[TopicPartition, None] = field(default_factory=dict)
    missing: int = 0


class Record(NamedTuple):
    """A record as consumers get it; `transaction` is unset for one that was written without."""

    topic: str
    partition: int
    offset: int
    timestamp: int
    key: bytes
    value: bytes | None
    transaction: Transaction | None

    @property
    def committed(self) -> bool:
        """Whether a reader of committed records may see it, once the log is stable up to it."""
        return self.transaction is None or self.transaction.fate is Fate.COMMITTED

    @property
    def moment(self) -> int:
        """The place of the decision that made it visible; 0 without a transaction."""
        return self.transaction.moment if self.transaction else 0


_OFFSET = attrgetter("offset")


class Log:
    """What was written to one partition. `history` is everything, also what compaction has removed since."""

    def __init__(self, tp: TopicPartition, now: Callable[[], int]) -> None:
        """Empty; `now` are the milliseconds that records are stamped with."""
        self.tp = tp
        self._now = now
        self.end = 0
        self.history: list[Record] = []
        self._kept: list[Record] = self.history
        self._open: dict[Transaction, int] = {}
        self._waiting: list[asyncio.Future[None]] = []

    def append(self, pairs: list[tuple[bytes, bytes | None]], transaction: Transaction | None = None) -> int:
        """Write records; returns the offset of the first."""
        base = self.end
        if transaction is not None:
            self._open.setdefault(transaction, base)
        for key, value in pairs:
            record = Record(self.tp.topic, self.tp.partition, self.end, self._now(), key, value, transaction)
            self.history.append(record)
            if self._kept is not self.history:
                self._kept.append(record)
            self.end += 1
        self._changed()
        return base

    def mark(self, transaction: Transaction) -> None:
        """Write the marker of a decided transaction."""
        self._open.pop(transaction, None)
        self.end += 1
        self._changed()

    @property
    def stable(self) -> int:
        """The offset up to which every transaction is decided."""
        return min(self._open.values(), default=self.end)

    def read(self, start: int, most: int) -> tuple[list[Record], int]:
        """Committed records from an offset on, and the offset from which to go on."""
        stable = self.stable
        found: list[Record] = []
        for place in range(bisect_left(self._kept, start, key=_OFFSET), len(self._kept)):
            record = self._kept[place]
            if record.offset >= stable:
                break
            if len(found) == most:
                return found, record.offset
            if record.committed:
                found.append(record)
        return found, max(start, stable)

    def committed(self) -> list[Record]:
        """Everything that was ever visible, in order."""
        stable = self.stable
        return [record for record in self.history if record.offset < stable and record.committed]

    @property
    def last(self) -> int:
        """The offset of the last record that is visible, or -1."""
        stable = self.stable
        return next((record.offset for record in reversed(self.history) if record.offset < stable and record.committed), -1)

    def wake(self, waiting: asyncio.Future[None]) -> None:
        """Settle this when something is written."""
        self._waiting.append(waiting)

    def compact(self, before: int, removals_before: int) -> int:
        """Below an offset keep only the last record of each key, and no removal that is older than some milliseconds; returns how many went."""
        before = min(before, self.stable)
        last = {record.key: record.offset for record in self._kept if record.offset < before and record.committed}
        kept = [record for record in self._kept if record.offset >= before or self._stays(record, last, removals_before)]
        gone = len(self._kept) - len(kept)
        self._kept = kept
        return gone

    @staticmethod
    def _stays(record: Record, last: dict[bytes, int], removals_before: int) -> bool:
        latest = record.committed and last[record.key] == record.offset
        return latest and (record.value is not None or record.timestamp >= removals_before)

    def _changed(self) -> None:
        waiting, self._waiting = self._waiting, []
        for one in waiting:
            if not one.done():
                one.set_result(None)
