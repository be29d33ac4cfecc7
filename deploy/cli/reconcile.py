"""`lianfang reconcile`."""

from __future__ import annotations

from dataclasses import asdict

import click

from deploy.bus import Bus
from deploy.cli.output import as_json, show, table
from deploy.reconcile import Row
from deploy.reconcile import reconcile as compute


@click.command()
@as_json
def reconcile(json_: bool) -> None:
    """Check that nothing was lost or counted twice: in = out + rejected + duplicates, for every source and stage.

    Messages are counted by reading the topics, and compared with the ledgers that tasks write in the transaction of each batch. Exits with 0 when all
    adds up, 1 when something does not, 2 when it adds up so far and there is still work waiting.
    """
    bus = Bus()
    reader = bus.reader()
    rows = compute(bus, reader)
    reader.close()
    value = [asdict(row) | {"lag": row.lag, "problems": row.problems} for row in rows]
    show(json_, value, lambda: tell(rows))
    if any(row.problems for row in rows):
        raise click.exceptions.Exit(1)
    if any(row.lag for row in rows):
        raise click.exceptions.Exit(2)


def tell(rows: list[Row]) -> None:
    """The table for people; inputs on which there never was anything are left out."""
    told = [row for row in rows if row.received or row.on_topic]
    cells = [(row.stage, row.topic, "(compacted)" if row.on_topic is None else row.on_topic, row.received, row.applied, row.duplicates, row.rejected,
              "; ".join(row.problems) or ("adds up" if not row.lag else f"{row.lag} waiting")) for row in told]  # fmt: skip
    table("In = out + rejected + duplicates", ("stage", "input", "on topic", "received", "applied", "duplicates", "rejected", "verdict"), cells)
