"""What a run did, for people and for programs."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from tests.chaos.faults import Fault
from tests.chaos.run import Outcome


def quantile(values: Sequence[float], share: float) -> float:
    """The value below which a share of them lies, the nearest one above."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))] if ordered else 0.0


def rows(faults: Sequence[Fault]) -> Iterator[dict[str, Any]]:
    """One row for each kind of fault: how often, how long it lasted, and from its end until all that it had stopped went on."""
    by_kind: defaultdict[str, list[Fault]] = defaultdict(list)
    for fault in faults:
        by_kind[fault.kind.value].append(fault)
    for kind, found in sorted(by_kind.items()):
        recovery = [fault.recovered - fault.healed for fault in found if fault.recovered]
        yield {"fault": kind, "times": len(found), "lasted": round(sum(fault.healed - fault.injected for fault in found) / len(found), 1),
               "recovery_p50": round(quantile(recovery, 0.5), 1), "recovery_p99": round(quantile(recovery, 0.99), 1), "recovered": len(recovery)}  # fmt: skip


def lines(outcome: Outcome) -> Iterator[dict[str, Any]]:
    """Everything, a document each: the run, each kind of fault, each process that ended by itself, each anomaly."""
    yield {"what": "run", **outcome.numbers, "again": outcome.again}
    yield from ({"what": "fault", **row} for row in rows(outcome.faults))
    yield from ({"what": "topic", "topic": topic, "messages": count} for topic, count in sorted(outcome.messages.items()))
    yield from ({"what": "end", "unit": end.unit, "code": end.code, "excused": excused, "said": end.said} for end, excused in outcome.ends)
    yield from ({"what": "anomaly", "name": one.name.value, "where": one.where} for one in outcome.anomalies)


def save(outcome: Outcome, path: Path) -> None:
    """Write it as JSON lines."""
    path.write_text("".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines(outcome)), "utf-8")


def show(outcome: Outcome, console: Console) -> None:
    """Tell it to people."""
    table = Table("fault", "times", "lasted", "recovery p50", "p99", title="Faults; seconds, from the end of a fault until all that it had stopped went on")
    for row in rows(outcome.faults):
        table.add_row(row["fault"], str(row["times"]), f"{row['lasted']:.1f}", f"{row['recovery_p50']:.1f}", f"{row['recovery_p99']:.1f}")
    console.print(table)
    numbers = Table(show_header=False)
    for name, value in outcome.numbers.items():
        numbers.add_row(name.replace("_", " "), f"{value:,}" if isinstance(value, int | float) else str(value))
    console.print(numbers)
    for one in outcome.anomalies:
        console.print(f"{one.name.value}: {one.where}", markup=False)
    console.print(f"{len(outcome.anomalies) or 'no'} anomal{'y' if len(outcome.anomalies) < 2 else 'ies'}; again: {outcome.again}", markup=False)
