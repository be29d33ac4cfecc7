"""`python -m tests.bench.sealing`: what sealing raw messages costs, in CPU of one process: at the connector, and in normalise.

The same scans are enveloped and encoded, then computed by normalise, with a codec that seals and one that does not, in turn; persons are of a vault on disk.
Each figure is the least of the turns, so that others on the machine count little.
"""

from __future__ import annotations

import argparse
import json
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from connectors import registry
from connectors.envelope import Item, envelopes
from deploy.cli.output import table
from schemas.codec import Codec
from schemas.models.raw import Raw
from schemas.raws import Raws
from schemas.tokens import Keys
from schemas.topics import MODELS
from schemas.vault.local import Local
from schemas.vault.wrapping import FileWrapper
from streams.memory import MemoryState
from streams.normalise.stage import stage
from streams.normalise.whose import persons
from streams.runtime.batch import compute
from streams.runtime.overlay import Overlay
from streams.stage import Stage
from tests.bench import load
from tests.simulation.registry import Registry

SOURCES = registry.sources()


def publishing(bodies: Sequence[bytes], keys: Keys, codec: Codec) -> tuple[float, list[bytes]]:
    """CPU seconds to envelope and encode bodies, and the bytes."""
    source, began = SOURCES["scan-code"], time.process_time()
    encoded = []
    for start in range(0, len(bodies), 200):
        raws = [raw for body in bodies[start : start + 200] for raw in envelopes(source, Item(body), keys)]
        if codec.guards(raws[0]):
            codec.foresee(raws)
        encoded += [codec.encode("raw.scan-code", raw) for raw in raws]
    return time.process_time() - began, encoded


def understanding(encoded: Sequence[bytes], normalise: Stage, codec: Codec) -> float:
    """CPU seconds of normalise for encoded messages, in batches."""
    overlay = Overlay(MemoryState())
    records: list[Any] = []
    for offset, value in enumerate(encoded):
        record = codec.decode(value)
        assert isinstance(record, Raw)
        records.append(SimpleNamespace(topic="raw.scan-code", partition=0, offset=offset, key=record.record.encode(), timestamp=0, value=value))
    began = time.process_time()
    while records:
        done = compute(normalise, codec, "", records[:4000], overlay)
        records = records[done.taken :]
    return time.process_time() - began


def main() -> None:
    """Measure and print."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--scans", type=int, default=40_000, help="How many scans; a person for every twenty.")
    asked.add_argument("--turns", type=int, default=5, help="How often each is measured.")
    wanted = asked.parse_args()
    bodies = [json.dumps(one, ensure_ascii=False).encode() for one in load.backlog(wanted.scans)["scan-code"]]
    least: dict[tuple[str, bool], float] = {}
    for turn in range(2 * wanted.turns):
        with tempfile.TemporaryDirectory() as home:
            keys = Keys(bytes(32), Local(Path(home) / "vault.db", FileWrapper(Path(home) / "vault.key")))
            seals = turn % 2 == 1
            codec = Codec(Registry(), MODELS, guards={Raw: Raws(keys, persons(SOURCES, keys))} if seals else None)
            seconds, encoded = publishing(bodies, keys, codec)
            for what, took in (("connector", seconds), ("normalise", understanding(encoded, stage(SOURCES, keys), codec))):
                least[what, seals] = min(took, least.get((what, seals), took))
    scale = 1e6 / wanted.scans
    rows = [(what, *(f"{least[what, seals] * scale:.1f}" for seals in (False, True)), f"{least[what, True] / least[what, False]:.2f}") for what in ("connector", "normalise")]
    table(f"CPU µs a scan, the least of {wanted.turns} turns", ("", "in clear", "sealed", "ratio"), rows)


if __name__ == "__main__":
    main()
