"""`lianfang reconcile`."""

from __future__ import annotations

from contextlib import closing
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
    with closing(bus.reader()) as reader:
        rows = compute(bus, reader)
    value = [asdict(row) | {"problems": row.problems} for row in rows]
    show(json_, value, lambda: tell(rows))
    if any(row.problems for row in rows):
        raise click.exceptions.Exit(1)
    if any(row.waiting for row in rows):
        raise click.exceptions.Exit(2)


def tell(rows: list[Row]) -> None:
    """The table for people; inputs on which there never was anything are left out."""
    told = [row for row in rows if row.received or row.on_topic]
    cells = [(row.stage, row.topic, there(row), row.received, row.applied, row.duplicates, row.rejected, verdict(row)) for row in told]
    table("In = out + rejected + duplicates", ("stage", "input", "on topic", "received", "applied", "duplicates", "rejected", "verdict"), cells)


def there(row: Row) -> str:
    """What is on the topic, in words."""
    return f"{row.on_topic} (older have gone)" if row.gone else str(row.on_topic)


def verdict(row: Row) -> str:
    """Whether a row adds up, in words."""
    if row.problems:
        return "; ".join(row.problems)
    return f"adds up; {row.waiting} waiting" if row.waiting else "adds up"
