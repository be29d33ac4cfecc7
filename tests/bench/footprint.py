"""Bytes that records leave behind: on the wire by topic, in state by table."""

from __future__ import annotations

from typing import Any

from streams.runtime.store import Store
from tests.bench import workers
from tests.bench.ask import Table
from tests.bench.lag import Lag
from tests.broker.live import Live


def wire(live: Live, scans: int) -> dict[str, float]:
    """Bytes per scan of each topic that holds something, the largest first."""
    lag = Lag(live.bus)
    try:
        sizes = lag.sizes()
    finally:
        lag.close()
    return {topic: size / scans for topic, size in sorted(sizes.items(), key=lambda item: -item[1]) if size}


def rows(live: Live, scans: int) -> list[dict[str, Any]]:
    """Of each table of each stage: rows, bytes of a row (key and value), and rows per scan. No worker may hold the stores; opening them empties their logs."""
    found = []
    for stage in live.bus.stages:
        sizes: dict[int, list[int]] = {}
        for folder in workers.state(live, stage.name):
            store = Store(folder)
            for key, value in store.every():
                sizes.setdefault(key[0], []).append(len(key) + len(value))
            store.close()
        for table in stage.tables:
            these = sizes.get(table.number, [])
            found.append({"stage": stage.name, "row": table.says, "rows": len(these), "per scan": len(these) / scans,
                          "bytes": sum(these) / len(these) if these else 0.0})  # fmt: skip
    return found


def by_topic(wire: dict[str, float]) -> Table:
    """What `wire` found, for people."""
    rows: list[tuple[str, str]] = [(topic, f"{size:.1f}") for topic, size in wire.items()]
    return Table("Bytes on the wire per scan, by topic", ("topic", "B/scan"), [*rows, ("together", f"{sum(wire.values()):.0f}")])


def by_table(rows: list[dict[str, Any]]) -> Table:
    """What `rows` found, for people."""
    return Table("What a row costs in state, key and value", ("stage", "row", "rows per scan", "B per row"),
                 [(row["stage"], row["row"], f"{row['per scan']:.3f}", f"{row['bytes']:.0f}") for row in rows if row["rows"]])  # fmt: skip
