"""`lianfang vault`: the keys of persons, counted and wrapped anew."""

from __future__ import annotations

import click

from deploy.bus import Bus
from deploy.cli.output import Problem, as_json, show, table
from schemas.vault.local import Local


@click.group()
def vault() -> None:
    """Keys of persons, under which everything is sealed that names them; each is wrapped by a key in the file LIANFANG_VAULT_KEY.

    \b
    Every some months, and after an erasure:  `vault rotate`; then copies of the old files open nothing
    Back up both files, apart:  the database without the key file is worth nothing, and so is the key file alone
    """  # noqa: D301 - click's mark for a paragraph to leave as it is


@vault.command()
@as_json
def status(json_: bool) -> None:
    """How many keys there are under each wrapping key, and how many were destroyed."""
    counts = _local().counts()
    destroyed = counts.pop("", 0)
    rows = sorted(counts.items())
    show(json_, {"keys": counts, "destroyed": destroyed}, lambda: table(f"{sum(counts.values())} keys, {destroyed} destroyed", ("wrapping key", "keys"), rows))


@vault.command()
@as_json
def rotate(json_: bool) -> None:
    """Wrap all keys under a new wrapping key and destroy the old one, while workers and connectors run.

    It may be stopped at any time: the next `vault rotate` ends it. Nothing on the bus changes, since the keys of persons stay the same.
    """
    done = 0
    for done in _local().rotate():
        if not json_:
            click.echo(f"{done} keys are wrapped anew")
    show(json_, {"rotated": done}, lambda: click.echo("Done. The old wrapping key is gone from the file: remove it from your copies of the file too."))


def _local() -> Local:
    found = Bus().settings.keys.vault
    if not isinstance(found, Local):
        raise Problem("the keys of persons are in no file here: keys that follow from the secret are not wrapped, others are wrapped anew where they are kept")
    return found
