"""`lianfang log`: the log that can be proved."""

from __future__ import annotations

import signal
import threading
from contextlib import ExitStack, closing
from pathlib import Path
from typing import Any

import click

from deploy.access import roles
from deploy.bus import Bus
from deploy.cli.linkage import EXISTING
from deploy.cli.output import Problem, as_json, show, table
from deploy.log.bundle import bundle, written
from deploy.log.bus import Recorded, Written
from deploy.log.checkpoint import read
from deploy.log.cosign import Cosigners
from deploy.log.keys import Kind, Private
from deploy.log.policy import Policy, load
from deploy.log.run import Log
from deploy.log.store import Store
from deploy.log.tiles import Tiles
from deploy.log.writer import Writer
from schemas.settings import Settings


@click.group()
def log() -> None:
    """The log that can be proved: every release, decision, approval and look, in a Merkle tree that only grows.

    \b
    lianfang log key --name example.org/yunnan   the key of the log, once
    lianfang log run &                           takes everything into the log, signs it, and asks witnesses to sign
    lianfang log export --release ID --out FILE  proofs to take away
    lianfang verify FILE --policy FILE           proves them without us
    """  # noqa: D301 - the control character itself, click's mark for a paragraph to leave as it is


@log.command("key")
@click.option("--name", required=True, help="Name of the log, like example.org/yunnan; it stands in every checkpoint and never changes.")
@as_json
def key(name: str, json_: bool) -> None:
    """Make the log's private key in a new file that only you may read (setting log_key), and print the public one for policies."""
    path = key_file(Settings())
    made = Private.new(name, Kind.LOG)
    made.save(path)
    show(json_, {"public": str(made.public), "file": str(path)}, lambda: click.echo(f"log {made.public}"))


@log.command("run")
def run() -> None:
    """Take what is new into the log until interrupted. One runs for each bus; a second takes over from the first.

    The folder (setting log_folder) is made anew from the bus when it is lost. What was removed from the bus, or changed there, is found then, and told.
    """
    bus, stop = Bus(acts=roles.LOG), threading.Event()
    settings = bus.settings
    private = Private.load(key_file(settings), Kind.LOG)
    cosigners = Cosigners(list(_policy(settings, private).witnesses.values()) if settings.log_policy else [], lambda line: click.echo(line, err=True))
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    with ExitStack() as open_:
        reader = open_.enter_context(closing(bus.reader()))
        orders = open_.enter_context(closing(Written(bus.brokers, bus.codec, settings.namespace, private.name, reader)))
        source = open_.enter_context(closing(Recorded(bus.brokers, bus.codec, settings.namespace)))
        store = Store(folder(settings))
        writer = Writer(source, orders, store)
        again = writer.catch_up()
        click.echo(f"{private.name}: {writer.state.edge.size} entries, {again} of them taken from the bus again")
        running = Log(writer, store, private, cosigners, orders, settings.log_seconds)
        while not stop.is_set():
            running.once()
        running.checkpoint()
    click.echo(f"{private.name}: {writer.state.edge.size} entries")


@log.command("checkpoint")
@as_json
def checkpoint(json_: bool) -> None:
    """Print the newest checkpoint, as it was signed. Keep it: with it you can prove later that nothing was removed."""
    kept = _kept(Store(folder(Settings())))
    head, note = read(kept)
    show(json_, {"origin": head.origin, "size": head.size, "signers": [one.name for one in note.signatures], "note": kept}, lambda: click.echo(kept, nl=False))


@log.command("export")
@click.option("--release", "release", metavar="ID", help="The entries about this release: that it was made, taken back, and what its receiver answered.")
@click.option("--about", "about", metavar="ID", help="The entries about anything else: a repair, a refused record, a decision, a look, a linked case.")
@click.option("--each", "each", type=EXISTING, help="File with an id a line: the entries about each of them.")
@click.option("--since", "since", type=EXISTING, multiple=True, help="File with a checkpoint that somebody kept: growth since then is proved.")
@click.option("--out", "out", type=click.Path(dir_okay=False, path_type=Path), required=True, help="File to write.")
@as_json
def export(release: str | None, about: str | None, each: Path | None, since: tuple[Path, ...], out: Path, json_: bool) -> None:
    """Write a bundle: entries with proofs that they are in the log, to be verified anywhere with `lianfang verify`. It names nobody."""
    ids = [one for one in (release, about) if one] + (each.read_text("utf-8").split() if each else [])
    if sum(map(bool, (release, about, each))) > 1 or not (ids or since):
        raise Problem("say what to prove: --release ID, --about ID or --each FILE, and --since FILE for growth")
    store = Store(folder(Settings()))
    kept = _kept(store)
    size = read(kept)[0].size
    numbers: set[int] = set()
    for what in ids:
        about_it = [one for one in store.about(what) if one < size]
        if not about_it:
            raise Problem(f"nothing in the log of {size} entries is about {what}: ids are whole, as `lianfang log show`, a release or a command tells them")
        numbers.update(about_it)
    content = bundle(Tiles(store.folder, store.load().edge.size), sorted(numbers), kept, [path.read_text("utf-8") for path in since])
    out.write_bytes(written(content))
    told = f"{len(numbers)} entries of {size}, in {out}; `lianfang verify {out} --policy FILE` proves them"
    show(json_, {"file": str(out), "entries": sorted(numbers), "size": size}, lambda: click.echo(told))


@log.command("show")
@click.option("--last", "last", type=click.IntRange(1, 10_000), default=20, show_default=True, help="How many entries.")
@as_json
def show_(last: int, json_: bool) -> None:
    """The newest entries."""
    from deploy.log.entry import read as understood

    state = Store(folder(Settings())).load()
    tiles = Tiles(folder(Settings()), state.edge.size)
    found: list[dict[str, Any]] = [{"entry": one, **understood(tiles.entry(one))} for one in range(max(0, tiles.size - last), tiles.size)]
    columns = ("entry", "topic", "about", "agency", "purpose", "decision", "by", "reason")
    show(json_, found, lambda: table(f"{tiles.size} entries 日志", columns, [[one.get(name) for name in columns] for one in found]))


def key_file(settings: Settings) -> Path:
    """Where the log's key is."""
    return settings.log_key or settings.home / "log.key"


def folder(settings: Settings) -> Path:
    """Where the log is."""
    return settings.log_folder or settings.home / "log"


def _kept(store: Store) -> str:
    kept = store.checkpoint()
    if kept is None:
        raise Problem(f"there is no log at {store.folder}: `lianfang log run` makes one; LIANFANG_LOG_FOLDER names another")
    return kept


def _policy(settings: Settings, private: Private) -> Policy:
    assert settings.log_policy
    found = load(settings.log_policy)
    if found.logs.get(private.name) != private.public:
        raise Problem(f"{settings.log_policy} names other logs than ours: it needs the line `log {private.public}`")
    return found
