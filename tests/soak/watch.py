"""What the workers use at the end of each day, and whether it is flat from one third of the days to the next."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import fmean

import psutil

from tests.bench.lag import Lag
from tests.bench.workers import cpu, on_disk

STEADY = {"memory": 0.10, "disk": 0.10, "cost": 0.15, "lag": 0.50, "behind": 0.50}
"""How much each may be higher in the last third of the days than in the one before, as a share; a lag of less than a second's load is none."""


@dataclass(frozen=True, slots=True)
class Day:
    """One day: records published, and what they cost.

    `behind` is the most messages that waited at the end of an hour, `lag` those that waited at its end; `memory` and `disk` are bytes, resident and of the states;
    `cost` is CPU seconds of the workers for a million records; `expiry` seconds until all was done and what had expired was gone.
    """

    number: int
    records: int
    behind: int
    lag: int
    memory: int
    disk: int
    cost: float
    expiry: float


class Watch:
    """Looks at some workers."""

    def __init__(self, lag: Lag, pids: Sequence[int], state: Path) -> None:
        """Take how to see the lag, the workers, and the folder of their states."""
        self._lag, self._state = lag, state
        self._workers = [psutil.Process(pid) for pid in pids]
        self._used = self.cpu()

    def cpu(self) -> float:
        """CPU seconds of all workers until now."""
        return sum(cpu(worker) for worker in self._workers)

    def quiet(self) -> bool:
        """Whether nothing waits."""
        return self._lag.quiet()

    def lag(self) -> int:
        """Messages that wait for the stages, all together, with a few markers of transactions."""
        return sum(self._lag.lag().values())

    def day(self, number: int, records: int, behind: int, lag: int, expiry: float) -> Day:
        """The day that ends now."""
        used, before = self.cpu(), self._used
        self._used = used
        memory = sum(worker.memory_info().rss for worker in self._workers)
        return Day(number, records, behind, lag, memory, on_disk(self._state), (used - before) / records * 1e6, expiry)


def drift(days: Sequence[Day], load: float) -> dict[str, float]:
    """How much higher each number is in the last third of the days than in the one before it, as a share; `load` is the records of a second."""
    third = len(days) // 3
    before, after = days[-2 * third : -third], days[-third:]

    def share(name: str, least: float = 0.0) -> float:
        old, new = (max(fmean(getattr(day, name) for day in part), least) for part in (before, after))
        return new / old - 1

    return {"memory": share("memory"), "disk": share("disk"), "cost": share("cost"), "lag": share("lag", load), "behind": share("behind", load)}
