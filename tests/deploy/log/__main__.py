"""Tamper with the log at random, and show what `lianfang verify` says: python -m tests.deploy.log --count 10000 --seed 7."""

from __future__ import annotations

import tempfile
from pathlib import Path

import click

from deploy.cli.output import table
from tests.deploy.log.tamper import campaign, counted


@click.command()
@click.option("--count", default=10_000, show_default=True, help="How many tamperings.")
@click.option("--seed", default=7, show_default=True, help="Seed of the dice; the same gives the same tamperings.")
def main(count: int, seed: int) -> None:
    """Tamper with entries, checkpoints, orders, proofs, signatures and bytes. Exits with 1 when one was missed."""
    with tempfile.TemporaryDirectory() as folder:
        found = counted(campaign(Path(folder), count, seed))
    kinds = ("found", "told", "missed")
    rows = [(name, *(verdicts[kind] for kind in kinds)) for name, verdicts in sorted(found.items())]
    total = [sum(verdicts[kind] for verdicts in found.values()) for kind in kinds]
    table(f"{count} tamperings, seed {seed}", ("what", *kinds), [*rows, ("all", *total)])
    raise SystemExit(total[2] > 0)


if __name__ == "__main__":
    main()
