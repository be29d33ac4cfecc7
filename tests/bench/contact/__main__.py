"""`python -m tests.bench.contact`: everybody does the contact job on one broker, one after the other, each pinned to one core; prints a table."""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
from dataclasses import asdict
from pathlib import Path
from tempfile import TemporaryDirectory

from deploy.cli.output import progress, table
from deploy.local import stack
from tests.bench.ask import machine
from tests.bench.contact.contestants import CONTESTANTS
from tests.bench.contact.job import draw
from tests.bench.contact.run import Result, run


def main() -> None:
    """Run those that were asked for. The broker is stopped by pid whatever happens; a failure of one is told at the end, and the exit code is then 1."""
    asked = _arguments()
    failures: dict[str, str] = {}
    results: list[Result] = []
    with TemporaryDirectory() as folder:
        home = Path(folder)
        try:
            ends = stack.up(home / "stack", progress)
            made = (one for name in asked.only for one in CONTESTANTS[name](home / name))
            for number, contestant in enumerate(made):
                job = draw(min(asked.scans, contestant.most), skew=asked.skew, seed=asked.seed)
                try:
                    results.append(run(ends, contestant, job, home / f"contact-{number}"))
                except (AssertionError, subprocess.TimeoutExpired) as failure:
                    failures[f"{contestant.name}, {contestant.guarantee}"] = str(failure)
                    progress(f"{contestant.name} failed: {failure}")
        finally:
            stack.down(home / "stack")
    found = {"machine": machine(), "seed": asked.seed, "skew": asked.skew, "results": [asdict(result) for result in results], "failures": failures}
    if asked.json:
        asked.json.write_text(json.dumps(found, indent=1) + "\n")
    _tell(results, asked.skew)
    sys.exit("\n".join(f"{who}: {why}" for who, why in failures.items()) or 0)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.bench.contact", description=__doc__)
    parser.add_argument("--scans", type=int, default=2_000_000, help="scans in the day (default 2000000); slow peers get fewer, and the table says so")
    parser.add_argument("--only", type=_names, default=list(CONTESTANTS), help=f"names with commas, of {', '.join(CONTESTANTS)}")
    parser.add_argument("--skew", type=float, default=1.0, help="how unequal places are: the one of rank r has weight 1 / r ** skew (default 1.0)")
    parser.add_argument("--seed", type=int, default=1, help="from which the job is drawn (default 1)")
    parser.add_argument("--json", type=Path, help="file for the results")
    return parser.parse_args()


def _names(text: str) -> list[str]:
    names = text.split(",")
    unknown = set(names) - set(CONTESTANTS)
    if unknown:
        raise argparse.ArgumentTypeError(f"no {', '.join(sorted(unknown))}: there are {', '.join(CONTESTANTS)}")
    return names


def _tell(results: list[Result], skew: float) -> None:
    """Ratios are ours to each. On a machine that does other work as well, those by CPU are the steadier ones."""
    own = next((one for one in results if one.name == "ours"), None)
    columns = (
        "implementation", "guarantee", "scans", "pairs", "scans/s, one core", "ours is", "CPU s per million", "ours by CPU", "share of the core", "peak MB",
        "store B/scan", "changelog B/scan", "s in all",
    )  # fmt: skip
    rows = [
        (one.name, one.guarantee, f"{one.scans:,}", f"{one.pairs:,}", f"{one.rate:,.0f}", own and f"{own.rate / one.rate:.2f} times", f"{one.cpu:.1f}",
         own and f"{one.cpu / own.cpu:.2f} times", f"{one.share:.2f}", f"{one.memory / 2**20:,.0f}", f"{one.store:.0f}", f"{one.changelog:.0f}", f"{one.seconds:.1f}")
        for one in results
    ]  # fmt: skip
    table(f"The contact job, places of skew {skew}; every answer checked in full", columns, rows)
    here = machine()
    print(f"{here['system']}, {here['cores']} cores, {here['memory'] / 2**30:.0f} GiB, Python {here['python']} ({here['build']})")


if __name__ == "__main__":
    main()
