"""What goes wrong in a schedule: so many faults, each at some operation when it comes for so many times since the fault before."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable, Sequence
from random import Random

from tests.simulation.loop import PROCESS, Killed, Process

KILLS = ("kill", "power loss", "disk lost")
"""The worker dies; with its machine, so that its last local writes go too; with its disk."""
FREEZES = ("short freeze", "long freeze")
"""The worker stands still, for less or for more than its session lasts, and goes on where it was."""
REQUESTS = ("stall", "request lost", "answer lost")
"""The broker answers late, or not at all and has done nothing, or not at all though it has done it."""
_PROCESS = ("kill",) * 6 + ("power loss",) * 2 + ("disk lost",) * 2 + ("short freeze",) * 2 + ("long freeze",) * 5
_KINDS = _PROCESS + REQUESTS
_OPERATIONS = {"start": 6, "recovery": 30, "fetch": 10, "compute": 8, "partition": 12, "outputs": 8, "changelog": 8, "offsets": 8, "commit": 8, "local write": 10}
"""How many times an operation comes, at most, before it is struck. All are struck equally often, though there are thirty reads in a recovery for one commit."""

Strike = Callable[[Process, str], None]
"""Do to a process what a fault says."""


class Faults:
    """Counts operations, and strikes at some; `injected` counts what was done, by kind and operation.

    An operation is a place where a process can be caught: before it sends a request and after it has the answer, before and after it computes, and before it
    writes its store.
    """

    def __init__(self, rng: Random, number: int, strike: Strike) -> None:
        """Take the source of chance, how many faults there are to be, and what does them to a process."""
        self._rng, self._strike = rng, strike
        self.left = number
        self.injected: Counter[tuple[str, str]] = Counter()
        self._next = self._aim()

    async def before(self, operation: str) -> str:
        """A process is about to send a request. Returns the fault of the request, or ''; does not return to a process that is dead."""
        return await self._at("before", operation, _KINDS)

    async def after(self, operation: str) -> None:
        """A process has an answer; does not return to one that is dead."""
        await self._at("after", operation, _PROCESS)

    async def _at(self, when: str, operation: str, kinds: Sequence[str]) -> str:
        process = PROCESS.get(None)
        if process is None or not process.alive or not self._due(operation):
            return ""
        kind = self._rng.choice(kinds)
        self.injected[kind, f"{when} {operation}"] += 1
        if kind in REQUESTS:
            return kind
        self._strike(process, kind)
        if not process.alive:
            await asyncio.get_running_loop().create_future()
        await asyncio.sleep(0)
        return ""

    def within(self, when: str, operation: str) -> None:
        """A process is in the middle of a call that cannot wait, so it may only be killed; raises Killed."""
        process = PROCESS.get(None)
        if process is None or not process.alive or not self._due(operation):
            return
        kind = self._rng.choice(KILLS)
        self.injected[kind, f"{when} {operation}"] += 1
        self._strike(process, kind)
        raise Killed

    def _due(self, operation: str) -> bool:
        if not self.left or operation != self._next[0]:
            return False
        self._next = (operation, self._next[1] - 1)
        if self._next[1]:
            return False
        self.left -= 1
        self._next = self._aim()
        return True

    def _aim(self) -> tuple[str, int]:
        """The operation that is struck next, and how many times it comes until then."""
        operation = self._rng.choice(tuple(_OPERATIONS))
        return operation, self._rng.randint(1, _OPERATIONS[operation])
