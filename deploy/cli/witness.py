"""`lianfang witness`: what an agency runs, so that no log can show it another history than the others."""

from __future__ import annotations

from pathlib import Path

import click
from aiohttp import web

from deploy.cli.output import Problem, as_json, show
from deploy.log.keys import Kind, Private
from deploy.log.policy import load
from deploy.log.witness import Witness, evidence
from deploy.log.witness_http import app

_FILE = click.Path(dir_okay=False, path_type=Path)
_KEY = click.option("--key", "key_", type=_FILE, default=Path("witness.key"), show_default=True, help="File of its private key.")
_FOLDER = click.option(
    "--folder", type=click.Path(file_okay=False, path_type=Path), default=Path("witness"), show_default=True, help="Folder of what it saw; it must not be lost."
)
_POLICY = click.option("--policy", type=click.Path(exists=True, dir_okay=False, path_type=Path), required=True, help="Policy file with the logs to sign for.")


@click.group()
def witness() -> None:
    """A witness of the log: signs its checkpoints only while they grow, and keeps the evidence when they do not. Needs no broker.

    \b
    lianfang witness key --name example.org/county   the key of the witness, once; give the public one to all who verify
    lianfang witness run --policy FILE &             answers the log over HTTP (C2SP tlog-witness)
    lianfang witness forks                           the evidence, if there is any
    """  # noqa: D301 - the control character itself, click's mark for a paragraph to leave as it is


@witness.command("key")
@click.option("--name", required=True, help="Name of the witness, like example.org/county.")
@_KEY
@as_json
def key(name: str, key_: Path, json_: bool) -> None:
    """Make the private key in a new file that only you may read, and print the public one for policies."""
    made = Private.new(name, Kind.WITNESS)
    made.save(key_)
    show(json_, {"public": str(made.public), "file": str(key_)}, lambda: click.echo(f"witness {name.rpartition('/')[2]} {made.public}"))


@witness.command("run")
@_KEY
@_FOLDER
@_POLICY
@click.option("--host", default="127.0.0.1", show_default=True, help="Address.")
@click.option("--port", type=click.IntRange(0, 65535), default=8421, show_default=True, help="Port; 0 takes a free one.")
def run(key_: Path, folder: Path, policy: Path, host: str, port: int) -> None:
    """Answer logs until interrupted. One process for each key and folder."""
    logs = load(policy).logs
    if not logs:
        raise Problem(f"{policy} names no log: it needs a line `log <public key>`, which `lianfang log key` prints")
    one = Witness(Private.load(key_, Kind.WITNESS), logs, folder)
    try:
        web.run_app(app(one, lambda line: click.echo(line, err=True)), host=host, port=port, print=click.echo)
    except OSError as error:
        raise Problem(f"cannot listen on {host}:{port} ({error.strerror}); --port names another, 0 takes a free one") from error


@witness.command("forks")
@_FOLDER
@as_json
def forks(folder: Path, json_: bool) -> None:
    """The pairs of checkpoints in which a log contradicted itself, both with its signature. Exits with 1 when there are any."""
    found = evidence(folder)
    told = [f"{one['problem']}\n\nseen before:\n{one['seen']}\nshown then:\n{one['shown']}" for one in found]
    show(json_, found, lambda: click.echo("\n".join(told) or "no log has contradicted itself"))
    if found:
        raise click.exceptions.Exit(1)
