"""`python -m tests.chaos`: the whole path under load and faults, and whether its answer is the oracle's."""

from __future__ import annotations

import signal
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import click
from rich.console import Console

from tests.chaos.report import save, show
from tests.chaos.run import run

_EVERY = 5.0


@click.command()
@click.option("--facts", default=5_000, show_default=True, type=click.IntRange(1_000), help="Source facts, at least.")
@click.option("--faults", default=20, show_default=True, type=click.IntRange(0), help="Faults; each kind once before the dice are thrown.")
@click.option("--seed", default=7, show_default=True, help="Of load and faults. The moments also depend on how fast the machine is.")
@click.option("--minutes", type=click.FloatRange(0.1), help="Minutes after which nothing more begins: what is out then is worked through and judged.")
@click.option("--report", type=click.Path(dir_okay=False, path_type=Path), help="File to which the report is written as JSON lines.")
@click.option("--folder", type=click.Path(file_okay=False, path_type=Path), help="Folder for everything, which stays; unset, one that is removed.")
def main(facts: int, faults: int, seed: int, minutes: float | None, report: Path | None, folder: Path | None) -> None:
    """Put the whole bus up on a real broker, load it, break it, and judge what it has made of that; fails when there is any anomaly.

    The long form is `--facts 1000000 --faults 500`, about an hour on two quiet cores.
    """
    console = Console()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("ended"))  # so that all that was started is ended too
    with tempfile.TemporaryDirectory(prefix="chaos-") as temporary:
        place = folder or Path(temporary)
        place.mkdir(parents=True, exist_ok=True)
        outcome = run(place, seed, facts, faults, _now_and_then(console), seconds=minutes and minutes * 60)
        if outcome.differences:
            (place / "differences.txt").write_text("\n".join(outcome.differences), "utf-8")
        show(outcome, console)
        if report:
            save(outcome, report)
    sys.exit(bool(outcome.anomalies))


def _now_and_then(console: Console) -> Callable[[str], None]:
    last = [0.0]

    def tell(line: str) -> None:
        if time.monotonic() - last[0] > _EVERY:
            last[0] = time.monotonic()
            console.print(line, markup=False, highlight=False, soft_wrap=True)

    return tell


if __name__ == "__main__":
    main()
