"""A whole run, from the load on disk to the judgement."""

from __future__ import annotations

import multiprocessing
import time
from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.chaos.driver import Driver, Plan
from tests.chaos.faults import Fault, Kind
from tests.chaos.judge import judge
from tests.chaos.load import Load, records, write
from tests.chaos.site import opened
from tests.chaos.units import End
from tests.simulation.anomalies import Anomaly, Name


@dataclass
class Outcome:
    """What a run did and showed."""

    again: str
    numbers: dict[str, Any] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)
    ends: list[tuple[End, bool]] = field(default_factory=list)
    messages: Counter[str] = field(default_factory=Counter)
    anomalies: list[Anomaly] = field(default_factory=list)
    differences: list[str] = field(default_factory=list)


def run(folder: Path, seed: int, facts: int, faults: int, tell: Callable[[str], None], kinds: Sequence[Kind] = tuple(Kind), *, each: bool = True,
        seconds: float | None = None) -> Outcome:  # fmt: skip
    """Run it under an empty folder; `each` lets every kind come once before the dice are thrown, and after `seconds` nothing more begins."""
    outcome = Outcome(f"python -m tests.chaos --facts {facts} --faults {faults} --seed {seed}")
    with opened(folder) as site:
        tell("writing the load")
        load = _written(folder / "load", seed, facts, (folder / "stack" / "secret").read_bytes())
        driver = Driver(site, Plan(seed, load, faults, kinds, tuple(kinds) if each else (), seconds), lambda one: tell(_progress(one)))
        driver.run()
        worked = time.monotonic() - driver.began
        tell("judging")
        began = time.monotonic()
        found = judge(site, driver.decided)
        outcome.faults, outcome.ends, outcome.messages, outcome.differences = driver.faults, driver.ends, found.messages, found.differences
        outcome.anomalies = [*driver.anomalies, *found.anomalies, *_ends(driver.ends)]
        facts = sum(1 for _ in records(site.done))
        outcome.numbers = {
            "seed": seed, "source_facts": facts, "source_messages": sum(count for topic, count in found.messages.items() if topic.startswith("raw.")),
            "facts_on_the_bus": sum(count for topic, count in found.messages.items() if topic not in ("ledger", "receipt", "audit")),
            "decisions": len(driver.decided), "faults": len(driver.faults), "seconds": round(worked), "source_facts_a_second": round(facts / worked),
            "restarts": sum(unit.restarts for unit in site.units.values()), "ended_by_themselves": len(driver.ends),
            "delivered": site.receiver.accepted, "delivered_twice": site.receiver.repeats, "judged_in": round(time.monotonic() - began),
        }  # fmt: skip
    return outcome


def _written(folder: Path, seed: int, facts: int, secret: bytes) -> Load:
    """The load, made in a process of its own, whose memory is given back."""
    portion = max(100, min(2_000, facts // 50))
    with ProcessPoolExecutor(1, multiprocessing.get_context("spawn")) as pool:
        return pool.submit(write, folder, seed, facts, portion, secret).result()


def _ends(ends: Sequence[tuple[End, bool]]) -> list[Anomaly]:
    return [Anomaly(Name.CRASH, f"{end.unit} ended with {end.code} although nothing had been done to it") for end, excused in ends if not excused]


def _progress(driver: Driver) -> str:
    now = time.monotonic()
    lasting = ", ".join(fault.kind.value for fault in driver.lasting) or "none"
    return (f"{now - driver.began:5.0f} s: {driver.out}/{len(driver.plan.load.portions)} portions, {driver.monitor.waiting:,} raw waiting, "
            f"{driver.monitor.messages.total():,} messages, {len(driver.faults)}/{driver.plan.faults} faults, at the moment {lasting}")  # fmt: skip
