"""`python -m tests.bench.linkage`: links records one after another with more and more people before, and the same records beside Splink."""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
from dataclasses import asdict
from pathlib import Path
from tempfile import TemporaryDirectory

from deploy.cli.output import progress, table
from tests.bench.ask import machine
from tests.bench.linkage.beside import beside
from tests.bench.linkage.blocks import COLUMNS
from tests.bench.linkage.latency import latency
from tests.bench.linkage.ours import FEWEST, Linked, measure


def main() -> None:
    """Measure each size in a process of its own, then both on the same records."""
    asked = _arguments()
    if asked.one:
        with TemporaryDirectory(dir=asked.folder) as folder:
            print(json.dumps(asdict(measure(Path(folder), asked.one, asked.coming))))
        return
    found = [_measured(people, asked) for people in asked.people]
    if found:
        columns = ("people before", "profiles", "records/s", "by CPU", "profiles µs", "pairs µs", "links µs", "alone p50 ms", "p99 ms", "B of disk a person", "MB")
        table("Records linked on one core", columns, [_row(one) for one in found])
        table(f"Blocks of {found[-1].people:,} people", COLUMNS, [tuple(map(str, one)) for one in found[-1].blocks])
    both = beside(asked.beside, asked.folder) if asked.beside else None
    if both:
        table(both.title, both.columns, both.rows)
    late = latency(asked.latency) if asked.latency else None
    if late:
        rows = [(f"{one['each second']:.0f}", f"{one['records']:,}", *(f"{1000 * one[name]:,.0f}" for name in ("p50", "p99", "longest"))) for one in late]
        table("From a record to its link on a broker", ("records a second", "records", "p50 ms", "p99 ms", "longest ms"), rows)
    result = {"machine": machine(), "linked": [asdict(one) for one in found], "beside": both.found if both else None, "latency": late}
    asked.json.parent.mkdir(parents=True, exist_ok=True)
    with asked.json.open("a", encoding="utf-8") as out:
        out.write(json.dumps(result) + "\n")


def _measured(people: int, asked: argparse.Namespace) -> Linked:
    progress(f"{people:,} people before")
    words = [sys.executable, "-m", "tests.bench.linkage", "--one", str(people), "--coming", str(asked.coming), "--folder", str(asked.folder or "")]
    done = subprocess.run([word for word in words if word] if asked.folder else words[:-2], stdout=subprocess.PIPE, text=True, check=True)
    return Linked(**json.loads(done.stdout.splitlines()[-1]))


def _row(one: Linked) -> tuple[str, ...]:
    stages = (f"{one.stages[name]:.0f}" for name in ("profiles", "pairs", "links"))
    return (f"{one.people:,}", f"{one.profiles:,}", f"{one.rate:,.0f}", f"{one.cpu_rate:,.0f}", *stages, f"{one.p50:.1f}", f"{one.p99:.1f}", f"{one.disk:,.0f}", f"{one.memory:,.0f}")


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.bench.linkage", description=__doc__)
    parser.add_argument("--people", type=int, nargs="*", default=[100_000, 1_000_000], help="people before, each measured in a process of its own; 10000000 takes an hour and 30 GB")
    parser.add_argument("--coming", type=int, default=10_000, help=f"aliases whose records come now, at least {FEWEST}")
    parser.add_argument("--beside", type=int, default=20_000, help="people whose records are linked by both; 0 leaves Splink out")
    parser.add_argument("--latency", type=int, default=600, help="records of which the time to their links is taken on a broker, at each rate; 0 for none")
    parser.add_argument("--folder", type=Path, help="where to keep stores meanwhile")
    parser.add_argument("--json", type=Path, default=Path(".lianfang/linkage.json"), help="file of results, one JSON document a line")
    parser.add_argument("--one", type=int, help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.coming < FEWEST:
        parser.error(f"--coming {asked.coming}: at least {FEWEST} are needed, or nothing is left to measure")
    return asked


if __name__ == "__main__":
    main()
