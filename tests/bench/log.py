"""What the log costs: python -m tests.bench.log. Needs no broker.

Routing with its lines of audit and without them, in turns over the same linked cases of a simulated outbreak, values encoded as for the bus; and, in a tree of ten million
entries, how long it takes to find an entry by what it is about, to make its proof, and to verify it.
"""

from __future__ import annotations

import gc
import json
import random
import sqlite3
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from functools import partial
from pathlib import Path
from typing import Any
from unittest import mock

import click

from connectors.envelope import envelopes
from connectors.transports.files import items
from deploy.bus import Bus
from deploy.cli.output import progress, table
from deploy.docs.golden import OneSchema
from deploy.log.bundle import bundle, written
from deploy.log.edge import Edge
from deploy.log.entry import Said, entry, text
from deploy.log.store import State, Store
from deploy.log.tiles import Tiles
from deploy.log.verify import verify
from deploy.simulation.outbreak import simulate
from schemas.codec import Codec
from schemas.tokens import Keys
from schemas.topics import MODELS
from streams import memory, path
from streams.routing import stage as routing
from streams.stage import Emit, Message, Stage, run_batch
from tests.bench.ask import machine
from tests.deploy.log.pieces import WITNESSES, audit, policy, signed
from tests.levels import declare

_KEYS = Keys(bytes(32))
_BATCH = 1000


def linked(people: int, where: Path) -> tuple[Stage, list[Message]]:
    """The stage, and every linked case that an outbreak gives when its records come a few at a time."""
    bus = Bus()
    stages = path.build(bus.sources, list(bus.agencies.values()), bus.policy, _KEYS)
    inside = declare(memory.Bus(stages))
    arrivals = simulate(seed=7, people=people).arrivals
    for begin in range(0, len(arrivals), len(arrivals) // 40 + 1):
        for source in {one.source for one in arrivals[begin : begin + len(arrivals) // 40 + 1]}:
            file = where / "some.jsonl"
            rows = [one.fields for one in arrivals[begin : begin + len(arrivals) // 40 + 1] if one.source == source]
            file.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), "utf-8")
            inside.publish(Emit(f"raw.{source}", raw.record, raw) for item in items(file, bus.sources[source]) for raw in envelopes(bus.sources[source], item, _KEYS))
        inside.run()
    found = inside.topics["case.linked"]
    return stages[-1], [Message("case.linked", 0, number, emit.key, emit.value) for number, emit in enumerate(found)]


def routed(stage: Stage, cases: list[Message]) -> tuple[float, int]:
    """Seconds of CPU to route the cases and encode what follows, and how many messages follow."""
    codec, state, wrote = Codec(OneSchema(), MODELS), memory.MemoryState(), 0
    gc.collect()
    began = time.process_time()
    for begin in range(0, len(cases), _BATCH):
        emits, _ = run_batch(stage, cases[begin : begin + _BATCH], state)
        for emit in emits:
            codec.encode(emit.topic, emit.value)
        wrote += len(emits)
    return time.process_time() - began, wrote


def ratio(people: int, rounds: int, where: Path) -> dict[str, Any]:
    """Both in turns: the median of the ratios of neighbours."""
    stage, cases = linked(people, where)
    real = routing._out

    def silent(*item: Any) -> Iterator[Emit]:
        """The release alone; its line of audit is never made."""
        yield next(iter(real(*item)))

    on, off, messages = [], [], 0
    for _ in range(rounds):
        seconds, messages = routed(stage, cases)
        on.append(seconds)
        with mock.patch.object(routing, "_out", silent):
            off.append(routed(stage, cases)[0])
    ratios = [one / other for one, other in zip(on, off, strict=True)]
    return {"cases": len(cases), "messages": messages, "with audit, µs a case": round(min(on) / len(cases) * 1e6, 1),
            "without, µs a case": round(min(off) / len(cases) * 1e6, 1), "ratio of the fastest": round(min(on) / min(off), 3),
            "median ratio": round(statistics.median(ratios), 3), "from": round(min(ratios), 3), "to": round(max(ratios), 3)}  # fmt: skip


def tree(size: int, where: Path) -> Store:
    """A log of so many small entries, written without waiting for the disk; the files are those that a real one has."""
    store, state, began = Store(where / "log"), State(Edge(), {}), time.perf_counter()
    for begin in range(0, size, 100_000):
        given = [text({"about": f"{number:032x}", "topic": "audit"}).encode() for number in range(begin, min(size, begin + 100_000))]
        edge, files = state.edge.grow(given)
        for name, data in files.items():
            if ".p/" not in name or edge.size == size:
                (store.folder / name).parent.mkdir(parents=True, exist_ok=True)
                (store.folder / name).write_bytes(data)
        with closing(sqlite3.connect(store.folder / "index.sqlite")) as index, index:
            index.execute("CREATE TABLE IF NOT EXISTS about (what TEXT, entry INTEGER, PRIMARY KEY (what, entry)) WITHOUT ROWID")
            index.executemany("INSERT INTO about VALUES (?, ?)", ((f"{number:032x}", number) for number in range(begin, edge.size)))
        state = State(edge, {})
        progress(f"{edge.size:,} of {size:,} entries after {time.perf_counter() - began:.0f} s")
    store.keep(signed(state.edge, *WITNESSES).whole)
    return store


def proofs(size: int, count: int, where: Path) -> dict[str, Any]:
    """Milliseconds to find, prove and verify, for entries here and there, each from a cold start of the program's own caches."""
    store, dice = tree(size, where), random.Random(7)
    checkpoint, trust = store.checkpoint() or "", policy()
    times: dict[str, list[float]] = {"find": [], "prove": [], "verify": []}
    for _ in range(count):
        number = dice.randrange(size)
        found = _timed(times["find"], partial(store.about, f"{number:032x}"))
        data = _timed(times["prove"], lambda found=found: written(bundle(Tiles(store.folder, size), found, checkpoint)))  # type: ignore[misc]
        proved = _timed(times["verify"], partial(verify, data, trust))
        assert list(proved.entries) == [number]
    return {"entries": size, "bytes of a bundle": len(data)} | {
        f"{name}, ms": f"p50 {statistics.median(one):.2f}, p99 {sorted(one)[int(len(one) * 0.99)]:.2f}" for name, one in times.items()
    }


def writer(where: Path) -> dict[str, Any]:
    """Entries a second that the log itself takes in, with everything on the disk when it says so."""
    store, state, count = Store(where / "written"), State(Edge(), {}), 20_000
    said = [(Said("audit", 0, number, bytes(200)), audit(number)) for number in range(count)]
    began = time.perf_counter()
    for begin in range(0, count, 2000):
        given = [entry(one, value) for one, value in said[begin : begin + 2000]]
        edge, files = state.edge.grow(given)
        after = State(edge, {("audit", 0): edge.size})
        store.save(state, after, given, files)
        state = after
    return {"entries a second": round(count / (time.perf_counter() - began))}


def _timed(into: list[float], do: Callable[[], Any]) -> Any:
    began = time.perf_counter()
    found = do()
    into.append((time.perf_counter() - began) * 1000)
    return found


@click.command()
@click.option("--people", default=2_000, show_default=True, help="People of the outbreak whose cases are routed.")
@click.option("--rounds", default=9, show_default=True, help="Times that each is measured.")
@click.option("--entries", default=10_000_000, show_default=True, help="Entries of the tree.")
def main(people: int, rounds: int, entries: int) -> None:
    """Measure and print tables, and one line of JSON with the machine."""
    with tempfile.TemporaryDirectory() as folder:
        found = {"routing": ratio(people, rounds, Path(folder)), "writer": writer(Path(folder)), "proof": proofs(entries, 1000, Path(folder))}
    for title, one in found.items():
        table(title, ("what", "measured"), list(one.items()))
    click.echo(json.dumps({"question": "log", "machine": machine(), "found": found}, ensure_ascii=False))


if __name__ == "__main__":
    main()
