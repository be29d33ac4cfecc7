"""What a question is given, what it answers, and the machine on which it was asked."""

from __future__ import annotations

import os
import platform
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeVar

import psutil

from deploy.cli.output import progress
from deploy.local import stack
from deploy.local.stack import Endpoints
from tests.broker.live import Live, opened
from tests.levels import emergency

_QUIET = 2.0
_LEVELS = emergency("53", since="2019-04-01", until="2020-03-01")
"""Long before the first result, for the more scans there are, the earlier they begin (`load`)."""
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Table:
    """A table for people."""

    title: str
    columns: Sequence[str]
    rows: Sequence[Sequence[object]]


@dataclass(frozen=True, slots=True)
class Answer:
    """What was measured, as it goes into the file of results, and as tables with notes under them."""

    found: dict[str, Any]
    tables: list[Table]
    notes: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Bench:
    """A broker of its own for one question, a folder that is removed afterwards, whether all is to be small, what earlier questions of the run found, and settings."""

    ends: Endpoints
    home: Path
    small: bool
    known: Mapping[str, dict[str, Any]]
    settings: Mapping[str, str]

    @contextmanager
    def bus(self, name: str, **more: Any) -> Iterator[Live]:
        """An empty bus of this name, with further settings; what was started for it is ended."""
        folder = self.home / name
        folder.mkdir()
        with opened(self.ends, name, folder, _LEVELS, **{**self.settings, **more}) as live:
            yield live

    def broker(self) -> psutil.Process:
        """The process of the broker."""
        return psutil.Process(stack.status(self.home)["kafka"]["pid"])

    def size(self, small: int, full: int) -> int:
        """One of two sizes."""
        return small if self.small else full


def machine() -> dict[str, Any]:
    """What the numbers depend on; the same version of Python built otherwise is a tenth faster or slower."""
    model = next((line.split(":")[1].strip() for line in _lines("/proc/cpuinfo") if line.startswith("model name")), platform.processor())
    return {
        "when": datetime.now(UTC).isoformat(timespec="seconds"), "cores": os.cpu_count(), "processor": model, "memory": psutil.virtual_memory().total,
        "system": platform.platform(), "python": platform.python_version(), "build": " ".join(platform.python_build()), "load": os.getloadavg()[0],
    }  # fmt: skip


def _lines(path: str) -> list[str]:
    return Path(path).read_text().splitlines() if Path(path).exists() else []


def wait(done: Callable[[], bool], tell: Callable[[], str], patience: float = 120.0, every: float = 0.25) -> float:
    """Wait until something is done, telling of it every two seconds, and return when that was (seconds of `time.time`).

    Fails when what is told has not changed for `patience` seconds.
    """
    told = moved = time.monotonic()
    before = ""
    while not done():
        now = time.monotonic()
        if now - told > _QUIET:
            text, told = tell(), now
            progress(text)
            if text != before:
                before, moved = text, now
            assert now - moved < patience, f"nothing has moved for {patience:.0f} seconds: {text}"
        time.sleep(every)
    return time.time()


def telling(items: Iterable[T], what: str) -> Iterator[T]:
    """The same items; tells every two seconds how many there were."""
    told = time.monotonic()
    for number, item in enumerate(items):
        if number % 1_000 == 0 and time.monotonic() - told > _QUIET:
            told = time.monotonic()
            progress(f"{number:,} {what}")
        yield item


def percentile(sorted_values: Sequence[float], share: float) -> float:
    """The value below which this share of some sorted values lies (nearest rank)."""
    return sorted_values[min(len(sorted_values) - 1, int(len(sorted_values) * share))]
