"""`python -m tests.bench.areas`: what it costs to declare a risk area late, beside all returns of a year, in one process and in memory."""

from __future__ import annotations

import argparse
import time

from deploy.cli.output import table
from schemas.models.control import RiskArea
from schemas.models.fact import Fact
from schemas.models.record import Travel
from streams.cases.evidence import stage
from streams.memory import MemoryState
from streams.policy import load
from streams.stage import Message, run_batch
from tests.streams.trial import DAY, at, token

_START = at("2020-01-01 00:00")
_FROM = ("430104", "440106", "320102", "510104")
_BATCH = 1_000


def main() -> None:
    """Let people come back from four provinces, evenly over some days; then declare a city of one of them a risk area for three days, and take that back."""
    asked = _arguments()
    rows = []
    for days in (asked.days, 4 * asked.days):
        state, count = MemoryState(), asked.daily * days
        took, _ = _timed([_return(number, asked.daily) for number in range(count)], state)
        rows.append((f"{count:,} returns of {days} days", f"{took:.2f}", f"{took / count * 1e6:.0f}", ""))
        area = _area(days // 2)
        for what, fact in (("an area is declared", area), ("taken back", area.taken_back())):
            took, found = _timed([fact], state)
            rows.append((what, f"{took:.3f}", f"{took / max(found, 1) * 1e6:.0f}", f"{found:,}"))
    table("Risk areas", ("what", "CPU s", "microseconds each", "returnees"), rows)


def _timed(facts: list[Fact], state: MemoryState) -> tuple[float, int]:
    built, found, began = stage(load()), 0, time.process_time()
    for first in range(0, len(facts), _BATCH):
        messages = [Message("control.area" if isinstance(fact, RiskArea) else "record.travel", 0, 0, "", fact) for fact in facts[first : first + _BATCH]]
        found += len(run_batch(built, messages, state)[0])
    return time.process_time() - began, found


def _return(number: int, daily: int) -> Travel:
    moment = _START + number * DAY // daily
    return Travel.of(causes=["raw"], at=moment, source="s", record=str(number), alias=token(str(number)), region="530624100001", came_from=_FROM[number % 4], left=moment - DAY // 2)


def _area(day: int) -> RiskArea:
    return RiskArea.of(causes=[], at=_START + day * DAY, until=_START + (day + 3) * DAY, region="4301", legal_basis="An invented law, art. 1", by="OP-1", approved_by="OP-2")


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--daily", type=int, default=2_000, help="returns a day on the partition")
    parser.add_argument("--days", type=int, default=10, help="days of them; then four times as many")
    return parser.parse_args()


if __name__ == "__main__":
    main()
