"""`python -m tests.bench.follow`: what it costs that standing cases follow the agency files and the time, in one process and in memory."""

from __future__ import annotations

import argparse
import time

from connectors import registry
from deploy.cli.output import progress, table
from deploy.clock import PIECES, pieces
from deploy.simulation.outbreak import simulate
from schemas.agency import Agency, rules_of
from schemas.avro import pack
from schemas.models.case import LinkedCase
from schemas.models.control import Rules, Tick
from schemas.models.fact import Model
from streams.memory import MemoryState
from streams.routing.sent import held
from streams.routing.stage import stage
from streams.stage import Message, run_batch
from tests.oracle.facts import Sent
from tests.properties import bus
from tests.properties.bus import KEYS
from tests.properties.worlds import EVERY, World

_BATCH = 1_000


def main() -> None:
    """Route the cases of an outbreak, many times over under other names; then let time pass, and change the files."""
    asked = _arguments()
    agencies = tuple(registry.agencies().values())
    less = tuple(one.model_copy(update={"wants": one.wants[:1]}) for one in agencies)
    cases, state, rows = _cases(asked.seed, asked.people, asked.days, asked.cases), MemoryState(), []
    rows.append(_timed("cases come", len(cases), agencies, state, [("case.linked", case) for case in cases]))
    sizes = [(len(data), len(pack(held(data).case))) for key, data in state.scan(b"", b"\xff") if key[0] == 1]
    row, case = (sum(each) / len(sizes) for each in zip(*sizes, strict=True))
    progress(f"a row has {row:,.0f} bytes, of which the case is {case:,.0f}")
    rows.append(_timed("told of the files the first time", len(cases), agencies, state, _rules(agencies)))
    rows.append(_timed("a tick by which nothing ends", len(cases), agencies, state, [("control.tick", Tick(at=1, first=a, last=b)) for a, b in pieces(PIECES)]))
    rows.append(_timed("other files", len(cases), less, state, _rules(less)))
    rows.append(_timed("a tick by which all ends", len(cases), less, state, [("control.tick", Tick(at=1 << 42, first=a, last=b)) for a, b in pieces(PIECES)]))
    table("standing cases follow", ("what", "cases", "s", "microseconds a case", "longest piece, ms"), rows)


def _rules(agencies: tuple[Agency, ...]) -> list[tuple[str, Model]]:
    return [("control.rules", Rules(digest=rules_of(agencies), first=first, last=last)) for first, last in pieces(PIECES)]


def _timed(what: str, count: int, agencies: tuple[Agency, ...], state: MemoryState, values: list[tuple[str, Model]]) -> tuple[str, ...]:
    built, longest, began = stage(agencies, KEYS), 0.0, time.process_time()
    size = _BATCH if len(values) > PIECES else 1
    for first in range(0, len(values), size):
        now = time.process_time()
        run_batch(built, [Message(topic, 0, 0, "", value) for topic, value in values[first : first + size]], state)
        longest = max(longest, time.process_time() - now)
    took = time.process_time() - began
    return what, f"{count:,}", f"{took:.2f}", f"{took / count * 1e6:.1f}", f"{longest * 1000:.1f}"


def _cases(seed: int, people: int, days: int, count: int) -> list[LinkedCase]:
    sent: list[Sent] = [(arrival.source, arrival.fields) for arrival in simulate(seed, people=people, days=days).arrivals]
    inside = bus.bus(World([sent], [1_000], list(EVERY)))
    bus.publish(inside, sent)
    inside.run()
    told = [case for case in inside.standing("case.linked").values() if isinstance(case, LinkedCase)]
    progress(f"{len(told)} cases in the outbreak")
    assert told, "no case in this outbreak"
    return [told[number % len(told)].model_copy(update={"person": f"{number * 2654435761 % 2**32:08x}{number:024x}"}) for number in range(count)]


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cases", type=int, default=20_000, help="linked cases")
    parser.add_argument("--people", type=int, default=200, help="people of the outbreak they are taken from")
    parser.add_argument("--days", type=int, default=14, help="days of it")
    parser.add_argument("--seed", type=int, default=7, help="of the outbreak")
    return parser.parse_args()


if __name__ == "__main__":
    main()
