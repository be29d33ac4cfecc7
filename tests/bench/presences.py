"""Presences and exposures for the contacts stage: as messages, and as the rows that the stage would keep of them."""

from __future__ import annotations

import random
from collections.abc import Iterator
from zlib import crc32

from deploy.bus import Bus
from schemas.models.fact import Millis, fact_id
from schemas.models.movement import Exposure, Presence
from streams.held import hold, key
from streams.memory import MemoryState
from streams.runtime.version import VERSION, stamp
from streams.stage import Message, Stage
from tests.bench import feed

REGION = "530624100001"
MINUTE, HOUR, DAY = 60_000, 3_600_000, 86_400_000
TODAY: Millis = 1_579_651_200_000
"""Midnight UTC before the day of the new load, 2020-01-22."""


def place(number: int) -> str:
    """The code of a place."""
    return f"MKT-530624-{number}"


def partition(about: str, count: int) -> int:
    """The partition on which stages put a key."""
    return crc32(about.encode()) % count


def named(*parts: object) -> str:
    """A name of 32 hexadecimal digits, as aliases, people and facts have."""
    return fact_id("bench", *parts)


def presence(bus: Bus, number: int, where: str, at: Millis) -> Presence:
    """The presence of somebody at a place for half an hour, with what a scan seals."""
    alias = named("alias", number)
    return Presence.of(causes=[named("scan", number)], at=at, alias=alias, place=where, region=REGION, until=at + 30 * MINUTE,
                       sealed=bus.settings.keys.seal(alias, {"name": "杨测试", "phone": f"139{number:08d}"}))  # fmt: skip


def exposure(number: int, where: str, at: Millis, until: Millis) -> Exposure:
    """The exposure of a place by person `named("case", number)`."""
    return Exposure.of(causes=[named("order", number)], at=at, person=named("case", number), alias=named("case alias", number), place=where, region=REGION,
                       until=until, depth=1)  # fmt: skip


def message(bus: Bus, fact: Presence | Exposure) -> feed.Message:
    """A fact as the stage before would write it."""
    topic = "presence" if isinstance(fact, Presence) else "exposure"
    return partition(fact.place, bus.topics[topic].partitions or 1), fact.place.encode(), bus.codec.encode(topic, fact)


def day(bus: Bus, count: int, places: int, first: int = 0) -> Iterator[Presence]:
    """Presences of people from `first` on over the new day, in order of time, at places drawn evenly."""
    dice = random.Random(first)
    return (presence(bus, first + number, place(dice.randrange(places)), TODAY + number * DAY // count) for number in range(count))


def rows(bus: Bus, stage: Stage, count: int, days: int, places: int) -> Iterator[tuple[int, bytes, bytes]]:
    """Partition, key and value of rows that presences of the days before leave in the contacts stage, in order of time, at places evenly.

    First the row of each partition that says in which form the others are. Ids, aliases and what is sealed are random bytes, put into a row whose form the
    stage's own step is asked for; making each fact would take an hour for the largest history.
    """
    sample = presence(bus, 0, place(0), TODAY)
    alias = bytes.fromhex(sample.alias)
    row, value = _kept(stage, sample)
    (table,) = (table for table in stage.tables if row.startswith(table.tag))
    about = [table.about(place(number)) for number in range(places)]
    partitions = bus.topics["presence"].partitions or 1
    owner = [partition(place(number), partitions) for number in range(places)]
    yield from ((number, VERSION, stamp(stage)) for number in range(partitions))
    assert (row, value) == (key(about[0], sample.at, sample.id), hold(sample.alias, sample.region, sample.until - sample.at, sample.sealed)), "another form"
    middle, (before, after) = row[len(about[0]) : -len(alias)], value.removesuffix(sample.sealed).split(alias)
    zero, dice, sealed = int.from_bytes(middle, "big") - sample.at, random.Random(1), len(sample.sealed)
    start, step = TODAY - days * DAY, days * DAY / count
    for number in range(count):
        where, drawn = int(dice.random() * places), dice.randbytes(32 + sealed)
        at = (zero + start + int(number * step)).to_bytes(len(middle), "big")
        yield owner[where], about[where] + at + drawn[:16], before + drawn[16:32] + after + drawn[32:]


def _kept(stage: Stage, sample: Presence) -> tuple[bytes, bytes]:
    """The row that the stage's step leaves of a presence."""
    state = MemoryState()
    stage.step(Message("presence", 0, 0, sample.place, sample), state)
    (row,) = state.scan(b"", b"\xff" * 64)
    return row
