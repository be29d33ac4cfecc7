"""`lianfang topics plan` and `apply`."""

from __future__ import annotations

from dataclasses import asdict

import click

from deploy import topics as contract
from deploy.bus import Bus
from deploy.cli.output import as_json, show, table


@click.group()
def topics() -> None:
    """Compare the broker and the registry with the contract (schemas/topics.yaml), and make them so. Nothing else creates topics."""


@topics.command()
@as_json
def plan(json_: bool) -> None:
    """Say what `apply` would do."""
    _tell(contract.plan(Bus()), "Would be done", json_)


@topics.command()
@as_json
def apply(json_: bool) -> None:
    """Make missing topics, mend their settings, register schemas. Deletes nothing; an incompatible schema is refused before anything is changed."""
    _tell(contract.apply(Bus()), "Done", json_)


def _tell(changes: list[contract.Change], title: str, json_: bool) -> None:
    rows = [(change.topic, change.what, change.detail) for change in changes]
    show(
        json_,
        [asdict(change) for change in changes],
        lambda: table(f"{title}: {len(rows) or 'nothing, all is as the contract says'}", ("topic", "what", "detail"), rows),
    )
