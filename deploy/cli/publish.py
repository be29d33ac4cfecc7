"""`lianfang publish`."""

from __future__ import annotations

from dataclasses import asdict
from functools import partial
from pathlib import Path

import click

from connectors.backlog import Backlog
from connectors.publish import Publisher
from connectors.transports import files
from deploy.access import roles
from deploy.backlog import backlog
from deploy.bus import Bus
from deploy.cli.output import Problem, as_json, progress, show, table
from deploy.collected import Gate, gate
from schemas.source import Source


@click.command()
@click.argument("source")
@click.argument("paths", nargs=-1, required=True, type=click.Path(exists=True, path_type=Path))
@click.option("--watch", is_flag=True, help="The path is a folder: publish files as they arrive, until interrupted.")
@click.option("--again", is_flag=True, help="Publish from the first record although the file was published before (harmless: the same facts change nothing).")
@as_json
def publish(source: str, paths: tuple[Path, ...], watch: bool, again: bool, json_: bool) -> None:
    """Publish the records of files as SOURCE (the name of a file in connectors/sources).

    CSV in any usual dialect (UTF-8, UTF-16 by its mark, GB18030), JSON arrays, JSON Lines; gzip or not. Goes on at the exact record after a crash.
    While too many messages wait for the stages (LIANFANG_BACKLOG) it waits, and says so.
    What the level in force does not let be collected is not sent, and counted as refused (LIANFANG_COLLECT); publish the file again once a level is declared.
    """
    bus = Bus(acts=roles.source(source))
    if source not in bus.sources:
        raise Problem(f"no source {source}; sources are {', '.join(bus.sources)}")
    _check(paths, watch)
    publisher, waits, door = bus.publisher(), backlog(bus), gate(bus)
    found = bus.sources[source]
    if watch:
        _watch(bus, publisher, waits, found, paths[0], again, door)
    results = [{"file": str(path), **_one(bus, publisher, waits, found, path, again, door)} for path in paths]
    publisher.close()
    waits.close()
    if door:
        door.close()
    columns = ("file", "records", "sent", "refused", "faults", "resumed_at", "seconds")
    rows = [tuple(f"{result[name]:.1f}" if name == "seconds" else result[name] for name in columns) for result in results]
    show(json_, results, lambda: table(f"Published as {source}; faulty records appear in `lianfang rejects list`", columns, rows))


def _watch(bus: Bus, publisher: Publisher, waits: Backlog, source: Source, folder: Path, again: bool, door: Gate | None) -> None:
    """Publish files as they arrive, for ever; one that is taken away before its turn is told and left."""
    for path in files.arrivals(folder, lambda: False):
        try:
            done = _one(bus, publisher, waits, source, path, again, door)
            click.echo(f"{path}: {done['sent']} records sent" + (f", {done['refused']} refused: publish it again under a level" if done["refused"] else ""))
        except FileNotFoundError:
            click.echo(f"{path}: taken away before it was published", err=True)


def _check(paths: tuple[Path, ...], watch: bool) -> None:
    folders = [path for path in paths if path.is_dir()]
    if watch and (len(paths) != 1 or not folders):
        raise Problem("--watch takes one folder")
    if folders and not watch:
        raise Problem(f"{folders[0]} is a folder: name its files, or use --watch to publish what is in it and what arrives")


def _one(bus: Bus, publisher: Publisher, waits: Backlog, source: Source, path: Path, again: bool, door: Gate | None) -> dict[str, float]:
    done = files.publish(path, source, bus.settings.keys, publisher, bus.settings.home, progress, again=again,
                         room=partial(waits.wait, source.name, tell=progress), gate=door)  # fmt: skip
    return asdict(done)
