"""Which requests are handled now: how many at once, and whose turn it is, so that a flood of one source leaves room for every other."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager

_OWN = 4
"""Requests of each source that are handled whatever else waits."""
_AT_ONCE = 2
"""Bodies that are taken apart at once. More would not be faster, and each may need thirty times its size in memory."""


class Taken(Exception):
    """All places are taken: the request is to come again."""


class Places:
    """The places of an intake: four of its own for each source, and some that all share."""

    def __init__(self, shared: int) -> None:
        """Take how many are shared."""
        self._free = shared
        self._mine: defaultdict[str, int] = defaultdict(int)
        self._turns: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)
        self._apart = asyncio.Semaphore(_AT_ONCE)

    @contextmanager
    def place(self, source: str) -> Iterator[None]:
        """A place for the time of a block; raises Taken when there is none."""
        own = self._mine[source] < _OWN
        if not own and self._free <= 0:
            raise Taken
        self._mine[source] += own
        self._free -= not own
        try:
            yield
        finally:
            self._mine[source] -= own
            self._free += not own

    @asynccontextmanager
    async def turn(self, source: str) -> AsyncIterator[None]:
        """A turn to take a body apart: one of each source waits for it at a time, so one that sends little never waits for all of one that sends much."""
        async with self._turns[source], self._apart:
            yield
