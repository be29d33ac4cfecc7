"""Notices an input of which nothing is done any more although the broker has more of it.

Whatever the cause is: a consumer that forgets a partition (what aiokafka's reports of consumers that died after days have in common), one that never learns its
position, a gate that stays shut, records that are dropped on their way to the task. What waits at the task does not count: its turn may be long in coming.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from aiokafka import TopicPartition

from schemas.brokers import Brokers
from streams.runtime.changelog import reading

EVERY = 20.0
"""Seconds between two looks."""
LOOKS = 5
"""Looks in a row at which an input had not moved, while there was more, after which it is suspected: many times what a batch may take (transaction timeout).
Looks are counted, not seconds, for a worker that was frozen has not stood still."""
_PATIENCE_MS = 3_000


class Stuck(OSError):
    """Of an input nothing is done any more; joining the group again makes consumer and tasks anew."""


class Stand(NamedTuple):
    """How far an input is committed, what its end was when that was seen first, and how often it was seen since."""

    done: int
    end: int
    looks: int = 0


class Watchdog:
    """Remembers how long each input has stood still."""

    def __init__(self) -> None:
        """Nothing was seen yet."""
        self._stands: dict[TopicPartition, Stand] = {}
        self._cleared: dict[TopicPartition, Stand] = {}

    def look(self, done: Mapping[TopicPartition, int], ends: Mapping[TopicPartition, int]) -> dict[TopicPartition, Stand]:
        """Take how far each input is committed of which nothing waits here, and the broker's ends; returns those that are suspected.

        An end that is ahead says nothing by itself, since the marker of a transaction may be the last of a topic and is never read: `more` looks for a message.
        """
        self._stands = {tp: self._seen(self._stands.get(tp), Stand(at, ends.get(tp, 0)), self._cleared.get(tp)) for tp, at in done.items()}
        return {tp: stand for tp, stand in self._stands.items() if stand.looks >= LOOKS}

    def clear(self, suspects: Mapping[TopicPartition, Stand]) -> None:
        """There was nothing to read at these; they are suspected again when more has come."""
        self._cleared.update(suspects)
        self._stands = {tp: stand for tp, stand in self._stands.items() if tp not in suspects}

    @staticmethod
    def _seen(before: Stand | None, now: Stand, cleared: Stand | None) -> Stand:
        if now.end <= now.done or (cleared and cleared[:2] == now[:2]):
            return now
        return before._replace(looks=before.looks + 1) if before and before.done == now.done and before.end > before.done else now


async def more(brokers: Brokers, suspects: Mapping[TopicPartition, Stand]) -> set[TopicPartition]:
    """Of which inputs there is a message that was committed when they were seen first, as a consumer of its own reads them, in some seconds."""
    consumer = reading(brokers, None)
    await consumer.start()
    try:
        found = set()
        for tp, stand in suspects.items():
            consumer.assign([tp])
            consumer.seek(tp, stand.done)
            records = (await consumer.getmany(tp, timeout_ms=_PATIENCE_MS, max_records=1)).get(tp)
            if records and records[0].offset < stand.end:
                found.add(tp)
        return found
    finally:
        await consumer.stop()
