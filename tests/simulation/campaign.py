"""Many schedules, on several processes, and what they showed together."""

from __future__ import annotations

import logging
import multiprocessing
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from streams.runtime.garbage import look_seldom
from tests.simulation import whole
from tests.simulation.anomalies import Anomaly
from tests.simulation.schedule import Kind, run

_TOGETHER = 100
"""Schedules that a process is given at once."""


@dataclass
class Summary:
    """What some schedules did: how many of each kind, faults by kind and operation, anomalies by schedule, committed records, virtual seconds."""

    schedules: Counter[Kind] = field(default_factory=Counter)
    injected: Counter[tuple[str, str]] = field(default_factory=Counter)
    anomalies: dict[str, list[Anomaly]] = field(default_factory=dict)
    records: int = 0
    seconds: float = 0.0

    def add(self, other: Summary) -> None:
        """Add those of others."""
        self.schedules += other.schedules
        self.injected += other.injected
        self.anomalies |= other.anomalies
        self.records += other.records
        self.seconds += other.seconds


def kind_of(seed: int, every: int) -> Kind:
    """What the schedule of a seed works through when one of so many is of the whole path; none is with 0."""
    return Kind.WHOLE if every and seed % every == 0 else Kind.COUNTING


def some(seeds: Sequence[int], every: int) -> Summary:
    """Run the schedules of some seeds."""
    summary = Summary()
    for seed in seeds:
        kind = kind_of(seed, every)
        outcome = run(seed, kind)
        summary.schedules[kind] += 1
        summary.injected += outcome.injected
        summary.records += outcome.records
        summary.seconds += outcome.seconds
        if outcome.anomalies:
            summary.anomalies[f"{kind.value}:{seed}"] = outcome.anomalies
    return summary


def campaign(first: int, number: int, every: int, processes: int) -> Iterator[Summary]:
    """Run so many schedules from a seed on; yields what each part of them did, as it ends."""
    whole.pool()  # once, before there are several processes
    parts = [range(seed, min(seed + _TOGETHER, first + number)) for seed in range(first, first + number, _TOGETHER)]
    with multiprocessing.get_context("fork").Pool(processes, _prepare) as pool:
        yield from pool.imap_unordered(_part, [(part, every) for part in parts])


def _prepare() -> None:
    logging.getLogger("streams.runtime").setLevel(logging.CRITICAL)
    look_seldom()


def _part(given: tuple[Sequence[int], int]) -> Summary:
    return some(*given)
