"""Whose turn it is to compute."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

_WEIGHT = 0.1


class Turn:
    """One task of a worker computes at a time, in a thread, while the event loop sees to the transactions of the others.

    Without it eight stages with a backlog keep each other's transactions open for many seconds. Tasks take turns in the order in which they ask, those
    with something pressing before the others.
    """

    def __init__(self) -> None:
        """Nobody computes."""
        self._taken = False
        self.waited = 0.0
        """Seconds for which the last tasks waited for their turn, on average, the later ones weighing more: how much more there is to compute than time."""
        self._pressing: deque[asyncio.Future[None]] = deque()
        self._others: deque[asyncio.Future[None]] = deque()

    @asynccontextmanager
    async def mine(self, *, pressing: bool = False) -> AsyncIterator[None]:
        """Wait for the turn; it ends with the block."""
        began = asyncio.get_running_loop().time()
        if self._taken:
            await self._wait(self._pressing if pressing else self._others)
        self._taken = True
        self.waited += _WEIGHT * (asyncio.get_running_loop().time() - began - self.waited)
        try:
            yield
        finally:
            self._pass()

    async def _wait(self, queue: deque[asyncio.Future[None]]) -> None:
        come: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        queue.append(come)
        try:
            await come
        except asyncio.CancelledError:
            if come.done() and not come.cancelled():
                self._pass()
            raise

    def _pass(self) -> None:
        """Give the turn to the next that still waits; it stays taken meanwhile."""
        for queue in (self._pressing, self._others):
            while queue:
                come = queue.popleft()
                if not come.done():
                    come.set_result(None)
                    return
        self._taken = False
