"""`python -m tests.bench.moved`: how often the key of a person moves in simulated outbreaks, in one process and in memory, with records kept for ever and for a week."""

from __future__ import annotations

import argparse
from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import NamedTuple

from deploy.cli.output import progress, table
from deploy.simulation import Arrival, simulate
from schemas.models.case import LinkedCase
from schemas.models.control import SLOTS, Tick
from schemas.models.identity import Link
from streams.memory import Bus
from streams.policy import load
from streams.stage import Emit
from tests.levels import declare
from tests.properties.bus import publish, stages

_DAY = 86_400_000


class Moved(NamedTuple):
    """In one outbreak: aliases that were linked, how often a linked alias got another person, and cases that were superseded."""

    linked: int
    moved: int
    superseded: int


def moved(arrivals: Iterable[Arrival], keep: int | None) -> Moved:
    """Let the records arrive day by day; each day ends with a tick when records are kept for so many days (None: for ever)."""
    shipped = load()
    bus = declare(Bus(stages(shipped.model_copy(update={"keep": dict.fromkeys(shipped.keep, keep * _DAY) if keep else {}}))))
    for day, found in groupby(arrivals, key=lambda one: one.at // _DAY):
        publish(bus, ((one.source, one.fields) for one in found))
        bus.run()
        if keep:
            bus.publish([Emit("control.tick", "", Tick(at=(day + 1) * _DAY, first=0, last=SLOTS - 1))])
            bus.run()
    superseded = sum(isinstance(emit.value, LinkedCase) and bool(emit.value.superseded_by) for emit in bus.topics.get("case.linked", []))
    changes = list(_changes(bus.topics.get("identity.link", [])))
    return Moved(len({alias for alias, _ in changes}), sum(another for _, another in changes), superseded)


def _changes(links: Iterable[Emit]) -> Iterator[tuple[str, bool]]:
    """Each link that came, and whether the alias had been linked to another person until then."""
    person: dict[str, str] = {}
    for emit in links:
        link = emit.value
        assert isinstance(link, Link)
        if link.retracted:
            person.pop(link.alias, None)
            continue
        yield link.alias, person.get(link.alias, link.person) != link.person
        person[link.alias] = link.person


def main() -> None:
    """Some outbreaks, each with records kept for ever and for a week."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.moved", description=__doc__)
    parser.add_argument("--seeds", type=int, default=5, help="outbreaks (default 5)")
    parser.add_argument("--people", type=int, default=300, help="people in each (default 300)")
    parser.add_argument("--days", type=int, default=21, help="days of each (default 21)")
    parser.add_argument("--keep", type=int, default=7, help="days that records are kept (default 7)")
    asked = parser.parse_args()
    found: dict[str, list[Moved]] = {"for ever": [], f"{asked.keep} days": []}
    for seed in range(1, asked.seeds + 1):
        arrivals = simulate(seed, asked.people, asked.days).arrivals
        for name, keep in zip(found, (None, asked.keep), strict=True):
            found[name].append(moved(arrivals, keep))
            progress(f"outbreak {seed}, records kept {name}: {found[name][-1]}")
    columns = ("records kept", "linked aliases", "got another person", "for 100 aliases", "cases superseded")
    table("Keys that move", columns, [_row(name, each) for name, each in found.items()])


def _row(name: str, found: list[Moved]) -> tuple[str, ...]:
    linked, moves, superseded = (sum(each) for each in zip(*found, strict=True))
    return name, f"{linked:,}", f"{moves:,}", f"{100 * moves / linked:.1f}", f"{superseded:,}"


if __name__ == "__main__":
    main()
