"""`python -m tests.overload`: finds what the path carries on this machine, sends three times that, and shows what became of it."""

from __future__ import annotations

import argparse
import statistics
import sys
import tempfile
from pathlib import Path

from deploy.cli.output import document, progress, table
from deploy.local import process, stack
from tests.bench.ask import machine, percentile
from tests.broker.live import opened
from tests.overload.run import Run, run

_MEGABYTE = 2**20
_SHOWN = 15


def main() -> None:
    """Run it on a broker of its own, which is stopped at the end."""
    parser = argparse.ArgumentParser(prog="python -m tests.overload", description=__doc__)
    parser.add_argument("--finding", type=float, default=60, help="seconds in which the capacity is found")
    parser.add_argument("--flooding", type=float, default=120, help="seconds at three times the capacity")
    parser.add_argument("--backlog", type=int, default=20_000, help="messages that may wait for a stage")
    parser.add_argument("--json", action="store_true", help="one JSON document instead of tables")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="lianfang-overload-") as folder:
        home = Path(folder)
        try:
            process.tie()
            with opened(stack.up(home, progress), "overload", home, partitions=2, backlog=asked.backlog) as live:
                seen = run(live, asked.finding, asked.flooding)
        finally:
            stack.down(home)
    problems = seen.problems()
    document({**summary(seen), "problems": problems}) if asked.json else show(seen, problems)
    sys.exit(bool(problems))


def summary(seen: Run) -> dict[str, object]:
    """The numbers of a run."""
    scans, results = seen.scans.answers, seen.results.answers
    intake, worker = [look.intake for look in seen.looks], [look.worker for look in seen.looks]
    return {
        "machine": machine(),
        "capacity": round(seen.capacity), "rate": round(seen.rate), "accepted": len(scans.accepted), "answered_429": scans.records(429), "doubtful": scans.doubtful,
        "held_by_clients": scans.held, "results_accepted": len(results.accepted), "results_429": results.records(429),
        "result_seconds": [round(percentile(sorted(results.took), share), 3) for share in (0.5, 0.99)],
        "retry_after": [min(scans.asked, default=0), statistics.median(scans.asked or [0]), max(scans.asked, default=0)],
        "catching_up": round(seen.catching_up, 1),
        "intake_mb": [round(found / _MEGABYTE) for found in (intake[0], statistics.median(intake), max(intake), intake[-1])],
        "worker_mb": [round(found / _MEGABYTE) for found in (worker[0], statistics.median(worker), max(worker), worker[-1])],
        "most_waiting": max(max(look.lag.values()) for look in seen.looks), "arrived": {name: found.total() for name, found in seen.arrived.items()},
    }  # fmt: skip


def show(seen: Run, problems: list[str]) -> None:
    """Tables for people."""
    answers = seen.scans.answers.by_second
    every = max(1, len(seen.looks) // _SHOWN)
    rows = []
    for look in seen.looks[::every]:
        span = range(int(look.at), int(look.at) + every)
        taken = [sum(answers[second, status] for second in span) / every for status in (202, 429, 503)]
        worst = max(look.lag, key=lambda stage: look.lag[stage])
        rows.append((f"{look.at:.0f}", *(f"{found:,.0f}" for found in taken), f"{look.intake / _MEGABYTE:.0f}", f"{look.worker / _MEGABYTE:.0f}",
                     f"{look.lag['normalise']:,}", f"{look.lag[worst]:,} {worst}"))  # fmt: skip
    columns = ("second", "202 a second", "429", "503", "MB intake", "MB worker", "wait for normalise", "most wait for")
    table(f"The path carries {seen.capacity:,.0f} scans a second; {seen.rate:,.0f} a second were sent", columns, rows)
    table("In all", ("what", "number"), [(name, str(value)) for name, value in summary(seen).items() if name != "machine"])
    table("What is wrong", ("what",), [(problem,) for problem in problems] or [("nothing: every accepted record arrived, each once",)])


if __name__ == "__main__":
    main()
