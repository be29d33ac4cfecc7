"""`lianfang up`, `down`, `status`, `settings`."""

from __future__ import annotations

import os

import click

from deploy.cli.output import as_json, document, loud, progress, show, table
from deploy.local import stack
from schemas.settings import Settings


@click.command()
@click.option("--secured", is_flag=True, help="TLS everywhere, a principal with a secret for each role, and nothing allowed that is not granted.")
@as_json
def up(secured: bool, json_: bool) -> None:
    """Start Kafka and a schema registry on free loopback ports, in the background.

    Data, logs and the secret for tokens are kept in one folder (setting `home`). The first time, about 200 MB are fetched. Safe to repeat.

    Without --secured every program on this machine may read and write everything. With it, go on with `lianfang topics apply` and `lianfang acls apply`;
    a stack that was secured once stays so.
    """
    settings = Settings()
    found = stack.up(settings.home, progress, secure=secured)
    open_ = stack.secured(settings).protocol in (None, "PLAINTEXT")
    value = {"brokers": found.brokers, "registry": found.registry, "home": str(settings.home)}
    show(json_, value | {"open": open_}, lambda: table("The local stack is up", ("part", "where"), list(value.items())))
    if open_:
        loud()


@click.command()
@as_json
def down(json_: bool) -> None:
    """Stop what `up` started. The data stays; delete the folder to be rid of it."""
    stopped = stack.down(Settings().home)
    show(json_, {"stopped": stopped}, lambda: click.echo(f"stopped {', '.join(stopped) or 'nothing; nothing was running'}"))


@click.command()
@as_json
def status(json_: bool) -> None:
    """Say what runs and where. Exits with 1 when a part does not run."""
    found = stack.status(Settings().home)
    rows = [(part, "running" if state["running"] else "not running", state["pid"], state["address"]) for part, state in found.items()]
    show(json_, found, lambda: table("The local stack", ("part", "state", "pid", "address"), rows))
    if found["kafka"]["running"] and found["kafka"]["open"]:
        loud()
    if not all(state["running"] for state in found.values()):
        raise click.exceptions.Exit(1)


@click.command()
@as_json
def settings(json_: bool) -> None:
    """Print every setting: its value, what it means, and the environment variable that changes it."""
    now = Settings()
    rows = []
    for name, field in Settings.model_fields.items():
        variable = f"LIANFANG_{name.upper()}"
        rows.append({"setting": name, "value": str(getattr(now, name)), "from": "environment" if variable in os.environ else "default",
                     "variable": variable, "means": field.description})  # fmt: skip
    if json_:
        document(rows)
    else:
        table("Settings", ("setting", "value", "from", "variable", "means"), [tuple(row.values()) for row in rows])
