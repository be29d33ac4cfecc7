"""`python -m tests.bench.expiry`: what it costs that records expire, in one process and in memory: the same days, once kept for ever and once for a week.

When as much goes as comes, each record passes the path twice, the second time to be taken back; so about twice the CPU is what may be expected.
"""

from __future__ import annotations

import argparse
import gc
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from statistics import fmean

from connectors import registry
from deploy.cli.output import progress, table
from schemas.models.control import SLOTS, Tick
from schemas.models.fact import Fact
from streams import path
from streams.memory import Bus
from streams.path import STAGES
from streams.policy import load
from streams.stage import Emit, Stage
from tests.levels import declare
from tests.oracle.facts import Sent
from tests.properties.bus import KEYS, publish
from tests.soak.days import FIRST, LEVELS, hour

_DAY = 86_400_000
_BATCH, _PIECES = 1_000, 16
"""Messages in a batch at most, and into how many pieces a tick is cut."""
Costs = Mapping[str, float]


class Path(Bus):
    """The path in memory; what each stage has taken of CPU (seconds), and how many facts of each topic it asserted (+) and took back (-)."""

    def __init__(self, keep: int | None) -> None:
        """A path in which records of all kinds that expire are kept for so many days; None keeps them for ever."""
        shipped, self.keep = load(), keep
        policy = shipped.model_copy(update={"keep": dict.fromkeys(shipped.keep, keep * _DAY) if keep else {}})
        super().__init__(path.build(registry.sources(), tuple(registry.agencies().values()), policy, KEYS), lambda waiting: min(waiting, _BATCH))
        self.cpu: dict[str, float] = dict.fromkeys(STAGES, 0.0)
        declare(self, LEVELS)

    def day(self, number: int, hours: Iterable[list[Sent]]) -> tuple[Costs, Costs]:
        """Let a day pass hour by hour and end with its tick; the CPU of each stage, and the facts that it wrote."""
        before = dict(self.cpu)
        gc.collect()
        gc.freeze()  # what stands from earlier days is not to cost anything in the search for garbage
        for records in hours:
            publish(self, records)
            self.run()
        for tick in self._ticks(number + 1):
            self.publish([tick])
            self.run()
        wrote: Counter[str] = Counter("+-"[isinstance(hop.emit.value, Fact) and hop.emit.value.retracted] + hop.emit.topic for hop in self.hops)
        self.hops.clear()
        return {stage: took - before[stage] for stage, took in self.cpu.items()}, wrote

    def _ticks(self, day: int) -> Iterator[Emit]:
        for piece in range(_PIECES if self.keep else 0):
            first, last = piece * SLOTS // _PIECES, (piece + 1) * SLOTS // _PIECES - 1
            yield Emit("control.tick", f"{first}-{last}", Tick(at=int(FIRST.timestamp() * 1000) + day * _DAY, first=first, last=last))

    def _turn(self, stage: Stage, topic: str) -> bool:
        began = time.process_time()
        worked = super()._turn(stage, topic)
        self.cpu[stage.name] += time.process_time() - began
        return worked


def main() -> None:
    """Pass the days on both paths in turn, and compare the days on which as much goes as comes."""
    asked = _arguments()
    kept, forgets, steady = Path(None), Path(asked.keep), list[tuple[Costs, ...]]()
    records = 0
    for number in range(asked.days):
        hours = [hour(number, of, asked.scans, asked.people, asked.seed) for of in range(24)]
        found = (*kept.day(number, hours), *forgets.day(number, hours))
        without, with_ = (sum(found[place].values()) for place in (0, 2))
        progress(f"day {number + 1}: {without:.1f} s of CPU kept for ever, {with_:.1f} s with expiry, {with_ / without:.2f} times as much")
        if number > asked.keep:
            steady.append(found)
            records += sum(map(len, hours))
    _show([_mean([day[place] for day in steady]) for place in range(4)], records / len(steady))


def _mean(days: Sequence[Costs]) -> Costs:
    return {name: fmean(day.get(name, 0) for day in days) for name in {name for day in days for name in day}}


def _show(found: Sequence[Costs], records: float) -> None:
    without, wrote, with_, rewrote = found
    total, expired = sum(without.values()), sum(with_.values())
    table("CPU seconds per million records, on days on which as much goes as comes", ("stage", "kept for ever", "with expiry", "times"),
          [(name, f"{1e6 * without[name] / records:,.0f}", f"{1e6 * with_[name] / records:,.0f}", f"{with_[name] / without[name]:.2f}" if without[name] else "")
           for name in STAGES]
          + [("all", f"{1e6 * total / records:,.0f}", f"{1e6 * expired / records:,.0f}", f"{expired / total:.2f}")])  # fmt: skip
    topics = sorted({key[1:] for key in (*wrote, *rewrote)})
    table("Facts for 1,000 records", ("topic", "asserted, kept for ever", "taken back", "asserted, with expiry", "taken back"),
          [(topic, *(f"{1000 * side.get(sign + topic, 0) / records:,.1f}" for side in (wrote, rewrote) for sign in "+-")) for topic in topics])  # fmt: skip


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.bench.expiry", description=__doc__)
    parser.add_argument("--days", type=int, default=14, help="days of records (default 14)")
    parser.add_argument("--keep", type=int, default=7, help="days that records are kept (default 7)")
    parser.add_argument("--scans", type=int, default=1_500, help="scans of a day (default 1,500), with a tenth as many other records")
    parser.add_argument("--people", type=int, default=400, help="people (default 400)")
    parser.add_argument("--seed", type=int, default=1)
    return parser.parse_args()


if __name__ == "__main__":
    main()
