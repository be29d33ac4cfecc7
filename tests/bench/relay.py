"""What the runtime costs: a stage that passes evidence on beside a plain aiokafka loop that does the same, each in a process on one core (`passing`)."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from dataclasses import asdict, dataclass

from schemas.models.case import Evidence, What
from tests.bench import presences, workers
from tests.bench.ask import Answer, Bench, Table, wait
from tests.bench.feed import Message, publish
from tests.bench.lag import Lag
from tests.bench.ledgers import done
from tests.broker.live import Live
from tests.broker.processes import environment

_BATCHES = {500: "routing", 2000: "normalise", 4000: "blocks"}
"""Sizes of batches, and the stage whose name, group and changelog the runtime borrows: one that reads nothing here."""
_MODULE = "tests.bench.passing"


@dataclass(frozen=True, slots=True)
class Relay:
    """Messages per second in batches of one size."""

    batch: int
    runtime: float
    plain: float


def ask(bench: Bench) -> Answer:
    """Measure both with each size of batch, over the same evidence."""
    count = bench.size(20_000, 200_000)
    with bench.bus("relay") as live:
        brokers, topic = live.bus.endpoints.brokers, f"{live.bus.settings.namespace}case.evidence"
        publish(brokers, topic, _evidence(live, count))
        found = [Relay(batch, _runtime(live, batch, name, count), _plain(live, batch)) for batch, name in _BATCHES.items()]
    rows = [(one.batch, f"{one.runtime:,.0f}", f"{one.plain:,.0f}", f"{one.runtime / one.plain:.2f}") for one in found]
    columns = ("batch", "runtime, per second", "plain aiokafka loop", "ratio")
    return Answer({"messages": count, "batches": [asdict(one) for one in found]}, [Table("Passing evidence on, decoded and encoded, one core", columns, rows)])


def _evidence(live: Live, count: int) -> Iterator[Message]:
    partitions = live.bus.topics["case.evidence"].partitions or 1
    for number in range(count):
        person = presences.named("person", number)
        piece = Evidence.of(causes=[presences.named("cause", number)], at=presences.TODAY, until=presences.TODAY, person=person, alias=person, what=What.STAY,
                            region=presences.REGION, place=presences.place(number))  # fmt: skip
        yield presences.partition(person, partitions), person.encode(), live.bus.codec.encode("case.evidence", piece)


def _plain(live: Live, batch: int) -> float:
    with workers.pinned(-1):
        process = subprocess.Popen([sys.executable, "-m", _MODULE, "plain", str(batch)], stdout=subprocess.PIPE, text=True, env=environment(live.bus.settings))
    try:
        wait(lambda: process.poll() is not None, lambda: f"batches of {batch}: the plain loop runs", patience=600)
        assert process.returncode == 0, f"the plain loop ended with {process.returncode}"
        return float(process.communicate()[0])
    finally:
        process.kill()


def _runtime(live: Live, batch: int, name: str, count: int) -> float:
    """Messages per second between the first batch and the last."""
    with workers.pinned(-1):
        command = live.commands.start("runtime", str(batch), name, module=_MODULE)
    lag = Lag(live.bus)
    try:
        wait(lambda: sum(lag.committed(name).values()) >= count, lambda: f"batches of {batch}: {sum(lag.committed(name).values()):,} of {count:,}")
    finally:
        lag.close()
    assert command.end() == 0, command.said
    return done(live)[name].rate
