"""`lianfang topics plan` and `apply`."""

from __future__ import annotations

from dataclasses import asdict

import click

from deploy import topics as contract
from deploy.access import roles
from deploy.bus import Bus
from deploy.cli.output import as_json, show, table
from deploy.plan import Change


@click.group()
def topics() -> None:
    """Compare the broker and the registry with the contract (schemas/topics.yaml), and make them so. Nothing else creates topics."""


@topics.command()
@as_json
def plan(json_: bool) -> None:
    """Say what `apply` would do, and what is on the broker without being in the contract (unknown; it is left alone)."""
    _tell(contract.plan(Bus(acts=roles.ADMIN)), "Would be done", json_)


@topics.command()
@as_json
def apply(json_: bool) -> None:
    """Make missing topics, mend their settings, register schemas. Deletes nothing; an incompatible schema is refused before anything is changed."""
    _tell(contract.apply(Bus(acts=roles.ADMIN)), "Done", json_)


def _tell(changes: list[Change], title: str, json_: bool) -> None:
    rows = [(change.topic, change.what, change.detail) for change in changes]
    number = sum(change.what != "unknown" for change in changes)
    heading = f"{title}: {number or 'nothing, all is as the contract says'}"
    show(json_, [asdict(change) for change in changes], lambda: table(heading, ("topic", "what", "detail"), rows))
