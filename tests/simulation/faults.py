"""What goes wrong in a schedule: so many faults, each at an operation that comes so many operations after the last one."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable
from random import Random

from tests.simulation.loop import PROCESS, Killed, Process

KILLS = ("kill", "power loss", "disk lost")
"""The worker dies; with its machine, so that its last local writes go too; with its disk."""
FREEZES = ("short freeze", "long freeze")
"""The worker stands still, for less or for more than its session lasts, and goes on where it was."""
REQUESTS = ("stall", "request lost", "answer lost")
"""The broker answers late, or not at all and has done nothing, or not at all though it has done it."""
_KINDS = ("kill",) * 6 + ("power loss",) * 2 + ("disk lost",) * 2 + ("short freeze",) * 2 + ("long freeze",) * 5 + REQUESTS
_LONGEST = 60
"""Operations between two faults, at most."""

Strike = Callable[[Process, str], None]
"""Do to a process what a fault says."""


class Faults:
    """Counts operations, and strikes at some; `injected` counts what was done, by kind and operation.

    An operation is a place where a process can be caught: before it sends a request and after it has the answer, and before it computes or writes its store.
    """

    def __init__(self, rng: Random, number: int, strike: Strike) -> None:
        """Take the source of chance, how many faults there are to be, and what does them to a process."""
        self._rng, self._strike = rng, strike
        self.left = number
        self.injected: Counter[tuple[str, str]] = Counter()
        self._next = self._gap()

    async def at(self, operation: str) -> str:
        """A process comes to an operation. Returns the fault of its request, or ''; does not return to a process that is dead."""
        kind = self._due()
        process = PROCESS.get(None)
        if not kind or process is None or not process.alive:
            return ""
        self.injected[kind, operation] += 1
        if kind in REQUESTS:
            return kind
        self._strike(process, kind)
        if not process.alive:
            await asyncio.get_running_loop().create_future()
        await asyncio.sleep(0)
        return ""

    def within(self, operation: str) -> None:
        """The same in the middle of a call that cannot wait: the process may only be killed, which raises Killed."""
        process = PROCESS.get(None)
        if process is None or not process.alive:
            return
        kind = self._due()
        if kind:
            kind = kind if kind in KILLS else "kill"
            self.injected[kind, operation] += 1
            self._strike(process, kind)
            raise Killed

    def _due(self) -> str:
        self._next -= 1
        if self._next or not self.left:
            return ""
        self.left -= 1
        self._next = self._gap()
        return self._rng.choice(_KINDS)

    def _gap(self) -> int:
        return self._rng.randint(1, _LONGEST)
