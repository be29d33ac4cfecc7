"""`make bench`: everything in one run on a broker of its own, as tables and as one JSON document in a file."""

from __future__ import annotations

import argparse
import json
import os
import platform
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import psutil

from deploy.cli.output import progress, table
from deploy.local import stack
from tests.bench import latency, stages
from tests.broker.live import Live, opened
from tests.broker.processes import environment

_BATCHES = {500: "routing", 2000: "normalise"}
"""Sizes of batches for the relay, and the stage whose name it borrows: one that has never read its input."""


def main() -> None:
    """Run all parts; the broker and every process are stopped at the end, also after an error."""
    asked = _arguments()
    found: dict[str, Any] = {"machine": _machine(), "records": asked.records}
    with TemporaryDirectory() as folder:
        home = Path(folder)
        try:
            ends = stack.up(home, progress)
            progress(f"stages: {asked.records} scans, one process pinned to one core for each")
            with opened(ends, "stages", _folder(home, "stages")) as live:
                found["stages"] = [asdict(rate) for rate in stages.measure(live, asked.records)]
                progress("the runtime alone, beside a plain loop")
                found["relay"] = [_relay(live, batch, name) for batch, name in _BATCHES.items()]
            progress(f"latency: {asked.seconds} seconds under {asked.rate} scans a second")
            with opened(ends, "latency", _folder(home, "latency")) as live:
                found["latency"] = asdict(latency.measure(live, asked.seconds, asked.rate))
        finally:
            stack.down(home)
    _tell(found)
    asked.out.parent.mkdir(parents=True, exist_ok=True)
    asked.out.write_text(json.dumps(found, indent=1) + "\n")


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("--records", type=int, default=20_000, help="scans published for the stages (default 20000)")
    parser.add_argument("--seconds", type=float, default=30, help="how long latency is measured (default 30)")
    parser.add_argument("--rate", type=int, default=200, help="scans per second meanwhile (default 200)")
    parser.add_argument("--out", type=Path, default=Path(".lianfang/bench.json"), help="where the JSON goes")
    return parser.parse_args()


def _relay(live: Live, batch: int, name: str) -> dict[str, float]:
    """Messages per second through the runtime and through the plain loop, in batches of one size, each process on one core."""
    more = environment(live.bus.settings)
    command = [sys.executable, "-m", "tests.bench.relay"]
    plain = float(_pinned([*command, "plain", str(batch), name], more, lambda process: process.communicate()[0]))
    return {"batch": batch, "plain": plain, "runtime": _runtime(live, [*command, "runtime", str(batch), name], more)}


def _pinned(command: list[str], more: dict[str, str], then: Callable[[subprocess.Popen[str]], str]) -> str:
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=more)
    psutil.Process(process.pid).cpu_affinity([0])
    try:
        return then(process)
    finally:
        process.kill()
        process.wait()


def _runtime(live: Live, command: list[str], more: dict[str, str]) -> float:
    """Messages per second between the first and the last that the relay wrote."""
    before = {(entry.partition, entry.offset) for entry in live.entries("case.exposed")}
    total = len(live.entries("case.evidence"))

    def follow(_: subprocess.Popen[str]) -> str:
        limit = time.monotonic() + 300
        while True:
            new = [entry.written for entry in live.entries("case.exposed") if (entry.partition, entry.offset) not in before]
            if len(new) >= total or time.monotonic() > limit:
                return str((len(new) - 1) / max(max(new) - min(new), 1) * 1000)
            time.sleep(1)

    return float(_pinned(command, more, follow))


def _folder(home: Path, name: str) -> Path:
    folder = home / name
    folder.mkdir()
    return folder


def _machine() -> dict[str, Any]:
    return {"python": platform.python_version(), "cores": os.cpu_count(), "memory": psutil.virtual_memory().total, "system": platform.platform()}


def _tell(found: dict[str, Any]) -> None:
    rows = [(one["stage"], f"{one['messages']:,}", f"{one['live']:,.0f}", f"{one['cpu']:.0f}", f"{one['pure']:,.0f}", f"{one['live'] / one['pure']:.2f}" if one["pure"] else "")
            for one in found["stages"]]  # fmt: skip
    columns = ("stage", "messages", "per second, one core", "CPU s per million", "steps alone, in memory", "ratio")
    table("Stages on the broker, exactly once", columns, rows)
    rows = [(str(one["batch"]), f"{one['runtime']:,.0f}", f"{one['plain']:,.0f}", f"{one['runtime'] / one['plain']:.2f}") for one in found["relay"]]  # type: ignore[misc]
    table("The runtime alone: passing evidence on, decoded and encoded, one core", ("batch", "runtime, per second", "plain aiokafka loop", "ratio"), rows)
    late = found["latency"]
    table("From a confirmed result to the contact's release at the county", ("results", "p50 ms", "p99 ms", "scans per second meanwhile"),
          [(late["results"], f"{late['p50']:.0f}", f"{late['p99']:.0f}", f"{late['rate']:.0f}")])  # fmt: skip


if __name__ == "__main__":
    main()
