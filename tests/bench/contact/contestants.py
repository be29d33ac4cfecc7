"""Who takes part, and how each is started."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

from deploy.cli.output import progress
from schemas.avro import plain, schema_of
from schemas.models.movement import Exposure, Presence
from tests.bench import peers
from tests.bench.contact import maven
from tests.bench.contact.run import Contestant, Place
from tests.bench.contact.wire import of_contact, of_line

_ALL, _QUIX, _FAUST = 10**9, 400_000, 40_000
"""Scans that an implementation gets at most: the slow ones would take many minutes, and rates are compared, not totals."""


def ours(_: Path) -> Iterator[Contestant]:
    """Our stage by the public command, with the settings that are shipped; it finds its topics by the namespace in its environment."""

    def command(_: Place) -> list[str]:
        return [sys.executable, "-m", "deploy.cli.main", "worker", "--stages", "contacts"]

    yield Contestant("ours", "exactly once", _ALL, command, "contact", "state.contacts", of_contact)


def kafka_streams(folder: Path) -> Iterator[Contestant]:
    """Kafka Streams with both guarantees; nobody, with a notice, where it cannot be compiled."""
    try:
        program = maven.build(folder)
    except maven.NoCompiler as why:
        progress(f"without kafka-streams: {why}")
        return
    for guarantee, words in (("at least once", "at_least_once"), ("exactly once", "exactly_once_v2")):
        yield Contestant("kafka-streams", guarantee, _ALL, partial(program.command, guarantee=words), "pairs", "-changelog", of_line)


def quixstreams(folder: Path) -> Iterator[Contestant]:
    """Quix Streams with both guarantees, in an environment of its own."""
    python = peers.python("contact")
    folder.mkdir()
    for kind, model in (("presence", Presence), ("exposure", Exposure)):
        (folder / f"{kind}.avsc").write_text(json.dumps(plain(schema_of(model))))
    for guarantee in ("at least once", "exactly once"):

        def command(place: Place, words: str = guarantee.replace(" ", "-")) -> list[str]:
            return [str(python), "-P", str(Path(__file__).parent / "quix.py"), *place.words(), words, str(folder)]

        yield Contestant("quixstreams", guarantee, _QUIX, command, "pairs", "changelog__", of_line)


def faust(_: Path) -> Iterator[Contestant]:
    """Faust as its manual shows."""

    def command(place: Place) -> list[str]:
        return [sys.executable, "-m", "tests.bench.contact.faust_table", *place.words()]

    yield Contestant("faust", "at least once", _FAUST, command, "pairs", "-changelog", of_line)


CONTESTANTS: dict[str, Callable[[Path], Iterator[Contestant]]] = {
    "ours": ours, "kafka-streams": kafka_streams, "quixstreams": quixstreams, "faust": faust,
}  # fmt: skip
"""By name, ours first; each is given a folder of its own for what it has to make."""
