"""From a confirmed result to the contact's release at the county, under a steady stream of scans."""

from __future__ import annotations

import json
import threading
import time
from dataclasses import dataclass
from typing import Any

from connectors.envelope import Item, envelopes
from connectors.publish import Publisher
from schemas.models.case import Role
from schemas.models.raw import Raw
from schemas.models.release import Release
from schemas.tokens import Keys
from streams.normalise.names import reading
from tests.bench.load import scans
from tests.broker.live import Live
from tests.broker.people import positive, scan

_COUNTY = "deliver.daguan-county-cdc"
_PAIRS = 1_000_000


@dataclass(frozen=True, slots=True)
class Latency:
    """Milliseconds from the broker's receipt of the result to its receipt of the contact's release; scans per second while it was measured."""

    results: int
    p50: float
    p99: float
    rate: float


def measure(live: Live, seconds: float, rate: int) -> Latency:
    """One result each quarter of a second, of people who each met one other; scans of a thousand others all the while, `rate` a second."""
    workers = [live.commands.start("worker", "--stages", stages) for stages in ("normalise,blocks,links,movements", "contacts,evidence,cases,routing")]
    count = int(seconds * 4)
    live.publish("scan-code", [scan(_PAIRS + 2 * pair + other, _PAIRS + 2 * pair + other, f"PAIR-{pair}") for pair in range(count) for other in (0, 1)])
    for command in workers:
        command.says("is ready")
    live.settle(300)
    stop = threading.Event()
    stream = threading.Thread(target=_stream, args=(live, rate, stop))
    sent, began = live.entries("raw.scan-code"), time.monotonic()
    stream.start()
    publisher = live.bus.publisher()
    for pair in range(count):
        _send(live, publisher, "lab-result", positive(pair, _PAIRS + 2 * pair))
        time.sleep(max(0.0, began + (pair + 1) / 4 - time.monotonic()))
    stop.set()
    stream.join()
    publisher.close()
    elapsed = time.monotonic() - began
    live.settle(300)
    scanned = len(live.entries("raw.scan-code")) - len(sent)
    took = sorted(_times(live, count))
    assert len(took) == count, f"{len(took)} of {count} contacts reached the county"
    return Latency(count, took[len(took) // 2], took[min(len(took) - 1, len(took) * 99 // 100)], scanned / elapsed)


def _stream(live: Live, rate: int, stop: threading.Event) -> None:
    publisher = live.bus.publisher()
    began = time.monotonic()
    for number, record in enumerate(scans(10_000_000, 1_000, 200, seed=3, first=10_000_000)):
        if stop.is_set():
            break
        _send(live, publisher, "scan-code", record, settle=number % 50 == 49)
        time.sleep(max(0.0, began + number / rate - time.monotonic()) if number % 10 == 0 else 0)
    publisher.settle()
    publisher.close()


def _send(live: Live, publisher: Publisher, source: str, record: dict[str, Any], *, settle: bool = True) -> None:
    for raw in envelopes(live.bus.sources[source], Item(json.dumps(record).encode()), live.bus.settings.keys):
        publisher.send(f"raw.{source}", raw.record, raw)
    if settle:
        publisher.settle()


def _times(live: Live, count: int) -> list[float]:
    """For each pair: the first release of the contact at the county against the result of the one who exposed it, by the producers' times on one clock."""
    keys = live.bus.settings.keys
    arrived = {entry.value.record: entry.written for entry in live.entries("raw.lab-result") if isinstance(entry.value, Raw)}
    pairs = {token: pair for pair in range(count) for token in _tokens(keys, _PAIRS + 2 * pair)}
    first: dict[int, int] = {}
    for entry in live.entries(_COUNTY):
        if isinstance(entry.value, Release) and Role.CONTACT in entry.value.roles and not entry.value.retracted:
            for meeting in entry.value.view.contact_of or []:
                if meeting.person in pairs:
                    first.setdefault(pairs[meeting.person], entry.written)
    return [written - arrived[keys.token("record", "lab-result", "LAB-530602-01", f"X-{pair}")] for pair, written in first.items()]


def _tokens(keys: Keys, person: int) -> tuple[str, str]:
    """The aliases of a person of `tests.broker.people`, one of which is the person's key."""
    return keys.token("account", "scan-app", f"ox-{person}"), keys.token("phone", f"+86139{person:08d}", reading("杨测试"))
