"""Invented load: people who scan at places of very different size, some of whom turn out to be cases."""

from __future__ import annotations

import json
import random
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from itertools import accumulate
from typing import Any

from kafka.partitioner.default import murmur2

from connectors.envelope import Item, envelopes
from deploy.bus import Bus
from tests.bench.ask import telling
from tests.bench.feed import Message, publish
from tests.broker.people import positive, scan

PLACES = 20_000
_END = datetime(2020, 1, 23, tzinfo=UTC)
"""Before the first result."""
_EACH_DAY = 30_000
_EACH_PERSON = 20
_EACH_RESULT = 20_000


def scans(count: int, people: int, seed: int = 1, first: int = 0) -> Iterator[dict[str, Any]]:
    """Scans in, out and in passing, 30,000 for each day up to the first result, at 20,000 places of which the one of rank r has weight 1/r (Zipf).

    So, however many there are, some thirty people are about at the place where one is: what follows from a case does not grow with the load.
    """
    dice = random.Random(seed)
    weights = list(accumulate(1 / rank for rank in range(1, PLACES + 1)))
    for number, place in enumerate(dice.choices(range(PLACES), cum_weights=weights, k=count), first):
        at = _END - timedelta(seconds=dice.random() * count * 86_400 / _EACH_DAY)
        yield scan(number, dice.randrange(people), f"MKT-530624-{place}", at.isoformat(timespec="milliseconds"), direction=dice.choice(("进", "出", "")))


def results(count: int, people: int, seed: int = 2) -> Iterator[dict[str, Any]]:
    """Positive results of some of them."""
    dice = random.Random(seed)
    return (positive(number, person) for number, person in enumerate(dice.sample(range(people), count)))


def backlog(count: int) -> dict[str, list[dict[str, Any]]]:
    """Records by source: scans, twenty for each person, and a positive result for each twenty thousand of them, far more than there are in an epidemic."""
    people = max(count // _EACH_PERSON, 50)
    return {"scan-code": list(scans(count, people)), "lab-result": list(results(max(count // _EACH_RESULT, 1), people))}


def send(bus: Bus, messages: Mapping[str, list[Message]]) -> None:
    """Send prepared raw messages by source, as fast as the broker takes them."""
    for source, found in messages.items():
        publish(bus.endpoints.brokers, f"{bus.settings.namespace}raw.{source}", found)


def prepared(bus: Bus, source: str, records: Iterable[Mapping[str, Any]]) -> list[Message]:
    """The raw messages of records as the connector makes and places them, ready to send."""
    count = bus.topics[f"raw.{source}"].partitions or 1
    keys, known = bus.settings.keys, bus.sources[source]
    raws = [
        raw
        for record in telling(records, f"records of {source} prepared")
        for raw in envelopes(known, Item(json.dumps(record, ensure_ascii=False).encode()), keys)
    ]
    bus.codec.foresee(raws)
    return [(_place(raw.record.encode(), count), raw.record.encode(), bus.codec.encode(f"raw.{source}", raw)) for raw in raws]


def _place(key: bytes, count: int) -> int:
    """Where kafka-python's producer puts a key."""
    return int((murmur2(key) & 0x7FFFFFFF) % count)
