"""`python -m tests.simulation` runs schedules and says what they showed; `--replay counting:17` runs one again."""

from __future__ import annotations

import os
import sys
import time
from collections import Counter, defaultdict

import click
from rich.console import Console
from rich.progress import Progress
from rich.table import Table

from tests.simulation.campaign import Summary, campaign, kind_of
from tests.simulation.schedule import Kind, run

_SHOWN = 20
"""Schedules with anomalies that are listed."""


@click.command()
@click.option("--schedules", default=100_000, show_default=True, help="How many schedules to run.")
@click.option("--seed", default=0, show_default=True, help="Seed of the first; the others are the numbers after it.")
@click.option("--whole", default=400, show_default=True, help="One of so many is of the whole path, the others of the counting stages; 0 for none.")
@click.option("--processes", default=os.cpu_count() or 1, show_default=True, help="Processes that run them.")
@click.option("--replay", default="", help="Run one again: its kind and seed as listed, or the seed alone.")
def main(schedules: int, seed: int, whole: int, processes: int, replay: str) -> None:
    """Run the runtime in simulated worlds, each from one seed, while workers die, freeze and come back; fails when one shows what must never be."""
    console = Console()
    if replay:
        _replay(console, replay, whole)
        return
    total, began = Summary(), time.monotonic()
    with Progress(console=console) as progress:
        bar = progress.add_task("schedules", total=schedules)
        for part in campaign(seed, schedules, whole, processes):
            total.add(part)
            progress.update(bar, completed=total.schedules.total(), description=f"schedules, {len(total.anomalies)} with anomalies")
    _show(console, total, time.monotonic() - began, processes)
    sys.exit(bool(total.anomalies))


def _replay(console: Console, which: str, every: int) -> None:
    """Run one again, with what the runtime logs."""
    kind, _, seed = which.rpartition(":")
    outcome = run(int(seed), Kind(kind) if kind else kind_of(int(seed), every))
    console.print(f"{outcome.kind.value}:{outcome.seed}: {outcome.records} records committed in {outcome.seconds:.1f} s, digest {outcome.digest}")
    console.print(_faults(outcome.injected))
    for anomaly in outcome.anomalies:
        console.print(f"{anomaly.name.value}: {anomaly.where}", markup=False)
    sys.exit(bool(outcome.anomalies))


def _show(console: Console, total: Summary, took: float, processes: int) -> None:
    console.print(_faults(total.injected))
    kinds = ", ".join(f"{number:,} {kind.value}" for kind, number in sorted(total.schedules.items()))
    console.print(f"{total.schedules.total():,} schedules ({kinds}) in {took:.0f} s on {processes} processes: {total.injected.total():,} faults and changes, "
                  f"{total.records:,} records committed, {total.seconds / 3600:,.0f} virtual hours")  # fmt: skip
    if not total.anomalies:
        console.print("no anomaly")
        return
    names = Counter(anomaly.name.value for found in total.anomalies.values() for anomaly in found)
    console.print(f"{len(total.anomalies)} schedules with anomalies: {', '.join(f'{name} {number}' for name, number in names.most_common())}")
    for which, found in list(total.anomalies.items())[:_SHOWN]:
        console.print(f"--replay {which}: {found[0].name.value}: {found[0].where}", markup=False)


def _faults(injected: Counter[tuple[str, str]]) -> Table:
    """Where each kind of fault struck, and how often."""
    table = Table("fault", "where", "times")
    by_kind: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for (kind, operation), number in injected.items():
        by_kind[kind][operation] += number
    for kind, operations in sorted(by_kind.items()):
        table.add_row(kind, ", ".join(f"{operation} {number:,}" for operation, number in operations.most_common()), f"{operations.total():,}")
    return table


if __name__ == "__main__":
    main()
