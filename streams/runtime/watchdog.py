"""Notices an input that is fetched no more although the broker has more of it: what aiokafka's reports of consumers that died after days have in common."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from aiokafka import TopicPartition

EVERY = 20.0
"""Seconds between two looks."""
LIMIT = 90.0
"""Seconds without a step, while there was more to read, after which an input is stuck: many times what a fetch may take (request timeout 10 s)."""


class Stuck(OSError):
    """An input is fetched no more; joining the group again makes the consumer anew."""


class _Stand(NamedTuple):
    since: float
    position: int
    end: int


class Watchdog:
    """Remembers since when each input has stood still."""

    def __init__(self) -> None:
        """Nothing was seen yet."""
        self._stands: dict[TopicPartition, _Stand] = {}

    def look(self, now: float, at: Mapping[TopicPartition, int], ends: Mapping[TopicPartition, int], shut: Iterable[TopicPartition] = ()) -> None:
        """Take positions and the broker's ends (of what is committed) at a moment in seconds; raises Stuck, naming the inputs.

        An input whose gate is shut is not fetched on purpose. One that has not moved is stuck when its end has risen since: an end alone that is
        ahead says nothing, since the marker of a transaction is the last of a topic and is never read.
        """
        closed = set(shut)
        stuck = []
        for tp, position in at.items():
            before = self._stands.get(tp)
            if before is None or before.position != position or tp in closed or ends.get(tp, 0) <= position:
                self._stands[tp] = _Stand(now, position, ends.get(tp, 0))
            elif now - before.since >= LIMIT and ends[tp] > before.end:
                stuck.append(f"{tp.topic} {tp.partition}")
        self._stands = {tp: stand for tp, stand in self._stands.items() if tp in at}
        if stuck:
            raise Stuck(f"nothing was fetched for {LIMIT:.0f} s of {', '.join(sorted(stuck))}, although there is more")
