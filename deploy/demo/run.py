"""An invented outbreak on real parts: everything that a deployment does, in one command, and stopped again at the end."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from connectors.reader import Reader
from connectors.transports import files
from deploy import own, work
from deploy.bus import Bus
from deploy.demo import level
from deploy.demo.receiver import Receiver
from deploy.reconcile import Row, reconcile
from deploy.watch import Watch
from schemas.models.case import LinkedCase
from schemas.models.control import LevelInForce
from schemas.models.raw import Reject
from schemas.models.release import Release
from schemas.models.task import Task
from streams.path import STAGES
from streams.standing import standing

WORKERS = (",".join(STAGES[:6]), ",".join(STAGES[6:]))
"""Stages of each worker of the demonstration: two, because the smallest machine has two cores."""
_WEBHOOK = "daguan-county-cdc"
_OFTEN = 1.5


@dataclass
class Shown:
    """What the demonstration ends with."""

    records: int = 0
    seconds: float = 0.0
    levels: list[LevelInForce] = field(default_factory=list)
    cases: list[LinkedCase] = field(default_factory=list)
    tasks: list[Task] = field(default_factory=list)
    releases: list[Release] = field(default_factory=list)
    rejects: list[Reject] = field(default_factory=list)
    rows: list[Row] = field(default_factory=list)
    answers: dict[int, int] = field(default_factory=dict)
    held: int = 0


class Unsettled(Exception):
    """The path did not come to rest; the message says what still waits and where the logs are."""


def run(home: Path, outbreak: dict[str, Path], first: date, days: int, tell: Callable[[str], None], patience: float = 180.0) -> Shown:
    """Carry the files (by source, in the order in which they arrive) from the connectors to the agencies; `home` is emptied first.

    An emergency is declared in their province from their first day on, for as long as their days last.

    Raises Unsettled after `patience` seconds, and what the parts raise. Whatever happens, all that was started is stopped.
    """
    with ExitStack() as started:
        found = started.enter_context(own.bus(home, tell)).settings
        bus = Bus(found.model_copy(update={"staff": level.office(home)}))
        shown = Shown(levels=level.declare(bus, level.proposals(bus, first, days)))
        tell(f"{len(shown.levels)} emergency declared and signed by two people: without a level nobody is traced")
        secret = home / "webhook-secret"
        secret.write_bytes(os.urandom(16).hex().encode())
        receiver = Receiver(secret.read_bytes())
        started.callback(receiver.close)
        for number, stages in enumerate(WORKERS, 1):
            tell(f"worker {number}: {stages}")
            started.enter_context(own.command(bus.settings, f"worker-{number}", "worker", "--stages", stages))
        tell(f"delivering to the webhook of {_WEBHOOK}")
        webhook = {"DAGUAN_CDC_URL": receiver.url, "DAGUAN_CDC_TOKEN_FILE": str(secret)}
        started.enter_context(own.command(bus.settings, "deliver", "deliver", "--agency", _WEBHOOK, more=webhook))
        began = time.monotonic()
        _publish(bus, outbreak, shown, tell)
        _settle(bus, shown, receiver, tell, time.monotonic() + patience)
        shown.seconds = time.monotonic() - began
        _collect(bus, shown, receiver)
        tell("stopping everything that was started")
    return shown


def _publish(bus: Bus, outbreak: dict[str, Path], shown: Shown, tell: Callable[[str], None]) -> None:
    publisher = bus.publisher()
    for source, path in outbreak.items():
        done = files.publish(path, bus.sources[source], bus.settings.keys, publisher, bus.settings.home, tell)
        shown.records += done.records
        tell(f"published {done.records} records of {source} from {path.name}")
    publisher.close()


def _settle(bus: Bus, shown: Shown, receiver: Receiver, tell: Callable[[str], None], limit: float) -> None:
    """Wait until every stage has read all there is, and the webhook has been asked about every release."""
    watch, reader, told = Watch(bus), bus.reader(), 0.0
    while not watch.quiet() or _owed(reader) > sum(receiver.answers.values()):
        behind = ", ".join(watch.behind()) or "deliveries"
        if time.monotonic() > limit:
            raise Unsettled(f"still waiting: {behind}; the logs are in {bus.settings.home / 'log'}")
        if time.monotonic() - told > _OFTEN:
            told = time.monotonic()
            tell(f"{watch.seen:,} messages between the stages; at work: {behind}")
        time.sleep(0.2)
    shown.rows = reconcile(bus, reader)
    watch.close()
    reader.close()


def _owed(reader: Reader) -> int:
    """Releases and retractions that the webhook is to be asked about."""
    return sum(1 for _ in reader.read(f"deliver.{_WEBHOOK}"))


def _collect(bus: Bus, shown: Shown, receiver: Receiver) -> None:
    reader = bus.reader()

    def stands(topic: str) -> list[object]:
        return list(standing(topic, ((entry.key, entry.value) for entry in reader.read(topic) if entry.value is not None)).values())

    shown.cases = [value for value in stands("case.linked") if isinstance(value, LinkedCase)]
    shown.tasks = work.tasks(reader)
    shown.releases = [value for name in bus.agencies for value in stands(f"deliver.{name}") if isinstance(value, Release) and value.bulletin is None]
    shown.rejects = [value for value in stands("reject") if isinstance(value, Reject)]
    shown.answers, shown.held = dict(receiver.answers), len(receiver.held)
    reader.close()
