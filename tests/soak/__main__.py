"""`python -m tests.soak`: many days on the real broker, each in a minute, with records that expire after three; at the end what stands is the oracle's answer."""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from tempfile import TemporaryDirectory

import yaml

from connectors.publish import Publisher
from deploy.cli.output import progress, table
from deploy.clock import tell
from deploy.local import process, stack
from streams.path import STAGES
from tests.bench import load, workers
from tests.bench.ask import machine
from tests.bench.feed import publish
from tests.bench.lag import Lag
from tests.broker.live import Live, opened
from tests.broker.truth import expected
from tests.oracle.content import contents, difference
from tests.oracle.facts import Sent
from tests.soak.days import FIRST, LEVELS, hour
from tests.soak.watch import STEADY, Day, Watch, drift

_DAY = 86_400_000
_BUFFER, _CACHE = 0.5, 16
"""Megabytes of each store that wait in memory, and of what all keep of what they read: in days of some thousand records those of a province would fill for weeks, and look like a leak."""
_SPLIT = (STAGES[:1] + STAGES[5:7], STAGES[1:5] + STAGES[7:])
"""The stages that see every scan in one worker, the others in a second."""


def main() -> None:
    """Run, show a line a day, and end with 1 when something grows or the answer is wrong."""
    process.tie()
    asked = _arguments()
    asked.json = asked.json.absolute()
    asked.json.parent.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(prefix="lianfang-soak-") as folder:
        home = Path(folder)
        try:
            ends = stack.up(home, progress)
            with opened(ends, "soak", home, LEVELS, partitions=2, policy=_policy(home, asked.keep), state_buffer=_BUFFER, state_cache=_CACHE) as live:
                days, wrong = _soak(live, asked)
        finally:
            stack.down(home)
    grown = drift(days, asked.scans / asked.seconds)
    _show(days, grown)
    with asked.json.open("a", encoding="utf-8") as file:
        file.write(json.dumps({"question": "soak", "asked": {**vars(asked), "json": None}, "machine": machine(), "days": [asdict(day) for day in days],
                               "drift": grown, "wrong": wrong[:2_000]}) + "\n")  # fmt: skip
    told = [f"{name} grew by {share:.0%} from the second third of the days to the last" for name, share in grown.items() if share > STEADY[name]]
    sys.exit("\n".join([*told, wrong[:2_000]]).strip() or 0)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.soak", description=__doc__)
    parser.add_argument("--days", type=int, default=21, help="days of records (default 21)")
    parser.add_argument("--scans", type=int, default=20_000, help="scans of a day (default 20,000), with a tenth as many other records")
    parser.add_argument("--people", type=int, default=10_000, help="people (default 10,000)")
    parser.add_argument("--seconds", type=float, default=50.0, help="seconds in which a day passes (default 50)")
    parser.add_argument("--keep", type=int, default=3, help="days that records are kept (default 3); it is remembered for twice as long that they came")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--json", type=Path, default=Path(".lianfang/soak.json"), help="file of results, one JSON document a line")
    return parser.parse_args()


def _policy(home: Path, keep: int) -> Path:
    """The shipped policy, with records of all kinds kept for so many days."""
    policy = yaml.safe_load((Path(__file__).parents[2] / "streams/policy.yaml").read_text("utf-8"))
    policy["keep"]["value"] = dict.fromkeys(policy["keep"]["value"], f"{keep}d")
    policy["remember"]["value"] = f"{2 * keep}d"
    path = home / "policy.yaml"
    path.write_text(yaml.safe_dump(policy, allow_unicode=True), "utf-8")
    return path


def _soak(live: Live, asked: argparse.Namespace) -> tuple[list[Day], str]:
    commands = workers.begin(live, _SPLIT)
    lag, publisher = Lag(live.bus), live.bus.publisher()
    try:
        watch = Watch(lag, [command.pid for command in commands], live.bus.settings.home / "state")
        days, young = list[Day](), list[Sent]()
        for number in range(asked.days):
            records = _day(live, number, asked, watch, days, publisher)
            young = [*young, *records][-(asked.keep + 2) * len(records) :]
        rows = live.settle(300)
        problems = [problem for row in rows for problem in row.problems]
        now = int(FIRST.timestamp() * 1000) + asked.days * _DAY
        wrong = difference(contents(live.standing, list(live.bus.agencies), live.bus.settings.keys), expected(live.bus, young, now, LEVELS))
        return days, "\n".join([*problems, wrong]).strip()
    finally:
        publisher.close()
        lag.close()


def _day(live: Live, number: int, asked: argparse.Namespace, watch: Watch, days: list[Day], publisher: Publisher) -> list[Sent]:
    """Publish a day hour by hour, then say that it is over; the records."""
    began, behind, sent = time.monotonic(), 0, list[Sent]()
    for of in range(24):
        records = hour(number, of, asked.scans, asked.people, asked.seed)
        _publish(live, records)
        sent += records
        time.sleep(max(0.0, began + asked.seconds * (of + 1) / 24 - time.monotonic()))
        behind = max(behind, watch.lag())
    lag = watch.lag()
    began = time.monotonic()
    tell(live.bus, publisher, int(FIRST.timestamp() * 1000) + (number + 1) * _DAY)
    live.commands.wait(watch.quiet, 300)
    days.append(watch.day(number + 1, len(sent), behind, lag, time.monotonic() - began))
    progress(_says(days[-1]))
    return sent


def _publish(live: Live, records: Sequence[Sent]) -> None:
    for source in sorted({source for source, _ in records}):
        messages = load.prepared(live.bus, source, [fields for name, fields in records if name == source])
        publish(live.bus.endpoints.brokers, f"{live.bus.settings.namespace}raw.{source}", messages)


def _says(day: Day) -> str:
    return (f"day {day.number}: {day.records:,} records, at most {day.behind:,} behind, {day.lag:,} at its end, {day.memory / 2**20:,.0f} MB of memory, "
            f"{day.disk / 2**20:,.0f} MB on disk, {day.cost:,.0f} CPU s a million records, expiry {day.expiry:.1f} s")  # fmt: skip


def _show(days: list[Day], grown: dict[str, float]) -> None:
    rows = [(day.number, f"{day.records:,}", f"{day.behind:,}", f"{day.lag:,}", f"{day.memory / 2**20:,.0f}", f"{day.disk / 2**20:,.0f}", f"{day.cost:,.0f}",
             f"{day.expiry:.1f}") for day in days]  # fmt: skip
    table("Day by day", ("day", "records", "most behind", "behind at its end", "memory MB", "disk MB", "CPU s per million", "expiry s"), rows)
    table("From the second third of the days to the last", ("what", "grew by", "may grow by"),
          [(name, f"{share:+.1%}", f"{STEADY[name]:.0%}") for name, share in grown.items()])  # fmt: skip


if __name__ == "__main__":
    main()
