"""From the record of a return to the task of whoever has to visit, and what tasks cost beside the linked cases that they follow from.

Returns of people who are registered in a household are published, some a second; the time runs from when each is handed to the producer until a reader of committed
messages has the first task about the person; then from the telling of a risk area until all who came back before have theirs. Then the records of an invented
outbreak are carried by one stage after the other, each in a worker of its own.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import closing
from typing import Any

from deploy.areas import TOPIC
from deploy.everywhere import tell
from deploy.simulation.outbreak import simulate
from schemas.models.control import RiskArea
from schemas.models.task import Task
from streams.path import STAGES
from tests.bench import load, stages, workers
from tests.bench.arrivals import following
from tests.bench.ask import Answer, Bench, Table, percentile, wait
from tests.bench.feed import Message, feeding
from tests.bench.latency import tokens
from tests.broker.live import Live
from tests.oracle import values

_EACH_SECOND = 20.0
_AFTER = ("cases", "tasks", "counted", "statistics", "signals")
"""Linked cases, and the stages that follow from them."""
_MICRO = 1e6
_DAY = 86_400_000


def ask(bench: Bench) -> Answer:
    """Measure both, each on a bus of its own."""
    count = bench.size(200, 2_000)
    with bench.bus("work") as live:
        (command,) = workers.begin(live, (STAGES,))
        took = _returns(live, count)
        late = _late(live, count)
        assert command.end() == 0
    with bench.bus("work-cost") as live:
        costs = {one.stage: one for one in _outbreak(live, bench.size(200, 2_000))}
    each = {name: _MICRO / costs[name].live for name in _AFTER}
    cpu = {name: costs[name].messages / costs[name].live for name in _AFTER}
    seconds = {"p50": percentile(took, 0.5), "p99": percentile(took, 0.99), "longest": took[-1]}
    found = {"returns": count, **seconds, "late": [late[0], late[-1]], "cpu": cpu, "each": each, "linked": costs["tasks"].messages, "ratio": cpu["tasks"] / cpu["cases"],
             "counting": sum(cpu[name] for name in _AFTER[2:]) / cpu["cases"]}  # fmt: skip
    latency = Table("From the record of a return to the task of whoever has to visit", ("returns", "p50 ms", "p99 ms", "longest ms"),
                    [(count, *(f"{1000 * value:,.0f}" for value in seconds.values()))])  # fmt: skip
    rows = [(name, costs[name].messages, f"{cpu[name]:.2f}", f"{each[name]:.0f}", f"{costs[name].pure:,.0f}") for name in _AFTER]
    cost = Table("CPU of the stages, the same outbreak", ("stage", "messages", "CPU s", "µs each", "steps alone, a second"), rows)
    said = [f"tasks takes {found['ratio']:.2f} of the CPU of cases, and {each['tasks']:.0f} µs for each linked case that was written.",
            f"Counting and early warning take {found['counting']:.2f} of the CPU of cases."]  # fmt: skip
    declared = Table("From the telling of a risk area to the tasks of all who came back from there before", ("returns", "first s", "last s"),
                     [(count, f"{late[0]:.2f}", f"{late[-1]:.2f}")])  # fmt: skip
    return Answer(found, [latency, declared, cost], said)


def _returns(live: Live, count: int) -> list[float]:
    """Seconds from each return to its first task, sorted."""
    bus = live.bus
    prefix, brokers = bus.settings.namespace, bus.endpoints.brokers
    live.publish("household", [_household(number) for number in range(count)])
    live.rest()
    messages = load.prepared(bus, "travel", (_return(number) for number in range(count)))
    names = {token: number for number in range(count) for token in tokens(bus.settings.keys, number)}
    sent: dict[int, float] = {}
    came: dict[int, float] = {}

    def stamped() -> Iterator[Message]:
        for number, message in enumerate(messages):
            sent[number] = time.time()
            yield message

    with following(bus, "task") as arrivals, feeding(brokers, f"{prefix}raw.travel", stamped(), _EACH_SECOND):

        def all_came() -> bool:
            for at, topic, data in arrivals[:]:
                task = bus.codec.decode(data, topic)
                assert isinstance(task, Task)
                if task.person in names:
                    came.setdefault(names[task.person], at)
            return len(came) == count

        wait(all_came, lambda: f"{len(came)} of {count} returns have tasks")
    return sorted(at - sent[number] for number, at in came.items())


def _late(live: Live, count: int) -> list[float]:
    """Seconds from the telling of a risk area until each who had come back from there has a task, sorted. All other people are those of `_returns`."""
    bus = live.bus
    live.publish("travel", [_return(number) | {"declaration_no": f"L-{number}", "name": "周假名", "phone": f"138{number:08d}", "from": "430100"} for number in range(count)])
    live.rest()
    arrived = values.moment("2020-01-20 21:15", "Asia/Shanghai")
    fact = RiskArea.of(causes=[], at=arrived - 10 * _DAY, until=arrived + 10 * _DAY, region="4301", legal_basis="An invented law, art. 1", by="OP-1", approved_by="OP-2")
    came: dict[str, float] = {}
    with following(bus, "task") as arrivals, closing(bus.reader()) as reader, closing(bus.publisher()) as publisher:
        began = time.time()
        tell(bus, reader, publisher, TOPIC, [fact])

        def all_came() -> bool:
            for at, topic, data in arrivals[:]:
                task = bus.codec.decode(data, topic)
                assert isinstance(task, Task)
                came.setdefault(task.person, at)
            return len(came) == count

        wait(all_came, lambda: f"{len(came)} of {count} who came back have tasks")
    return sorted(at - began for at in came.values())


def _outbreak(live: Live, people: int) -> list[stages.Cost]:
    """What each stage takes for an invented outbreak."""
    arrivals = simulate(5, people=people, days=20).arrivals
    for source in sorted({one.source for one in arrivals}):
        live.publish(source, [one.fields for one in arrivals if one.source == source])
    return stages.measure(live, len(arrivals))


def _household(number: int) -> dict[str, Any]:
    return {
        "household_no": f"H-{number}", "member_no": "1", "updated": "2020-01-05", "registered": "2020-01-05", "grid": "530624100001003",
        "grid_worker": f"GW-{number % 50}", "name": "杨测试", "phone": f"139{number:08d}",
    }  # fmt: skip


def _return(number: int) -> dict[str, Any]:
    return {
        "declaration_no": f"D-{number}", "revision": "1", "name": "杨测试", "phone": f"139{number:08d}", "from": "420100", "to": "530624100001",
        "arrived": "2020-01-20 21:15",
    }  # fmt: skip
