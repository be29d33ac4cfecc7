"""Inputs that a worker reads no more, since their stage would refuse too much of them (`streams.runtime.share`); all others go on."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from streams.runtime.engine import Gate


class Held(Gate):
    """The partitions that may be fetched now, never one that is held."""

    def __init__(self, held: Collection[tuple[str, int]]) -> None:
        """Take the partitions that are held: topic on the broker, and number."""
        super().__init__()
        self._held = held

    def open(self, tps: Iterable[tuple[str, int]]) -> None:
        """Let those be fetched that are not held."""
        super().open(tp for tp in tps if (tp[0], tp[1]) not in self._held)
