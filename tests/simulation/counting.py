"""A load that forgives nothing: a stage that counts the records of each key, and one that counts what the first has written.

Nothing in it absorbs a record that is taken twice, so every duplicate and every loss shows in the numbers, and what must come out is counted in a few lines.
"""

from __future__ import annotations

import zlib
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from random import Random

from pydantic import BaseModel

from schemas.codec import Codec
from schemas.models.raw import Raw
from streams.rows import Table, moment
from streams.stage import Emit, Message, Outcome, Stage, State, Verdict
from tests.simulation.anomalies import Anomaly, Name, visible
from tests.simulation.broker import Broker
from tests.simulation.world import Arrival

_TAKEN = Table(1, "A record of a key, by its number.", few=True)
_ODD = Table(2, "There while the count of a key is odd.")
_SEEN = Table(3, "How often something was seen.")
_INPUTS = ("raw.first", "raw.second")
_GARBAGE = b"garbage"


def raw(source: str, record: str, version: int, digest: str) -> Raw:
    """A value with a key, a number and a name."""
    return Raw(source=source, record=record, version=version, digest=digest, body=b"", received_at=0)


def _count(message: Message, state: State) -> Outcome:
    """Number the records of a key."""
    value = _raw(message.value)
    number = 1 + sum(1 for _ in state.scan(*_TAKEN.under(value.record)))
    state.put(_TAKEN.about(value.record) + moment(number), value.digest.encode())
    if number % 2:
        state.put(_ODD.about(value.record), b"odd")
    else:
        state.delete(_ODD.about(value.record))
    odd = state.get(_ODD.about(value.record)) is not None
    assert odd == bool(number % 2)
    return Outcome(Verdict.APPLIED, [Emit("raw.counted", value.record, raw("counted", value.record, number, value.digest))], [value.record])


def _total(key: str, state: State) -> Iterable[Emit]:
    """Say the count of a key after a batch."""
    number = sum(1 for _ in state.scan(*_TAKEN.under(key)))
    yield Emit("raw.total", key, raw("total", key, number, f"{number}"))


def _see(message: Message, state: State) -> Outcome:
    """Count how often each record of the first stage comes."""
    value = _raw(message.value)
    name = f"{value.source} {value.record} {value.version}"
    row = _SEEN.about(name)
    times = 1 + int.from_bytes(state.get(row) or b"", "big")
    state.put(row, times.to_bytes(2, "big"))
    return Outcome(Verdict.APPLIED, [Emit("raw.seen", name, raw("seen", name, times, value.digest))])


STAGES = (
    Stage("count", _INPUTS, ("raw.counted", "raw.total"), _count, _total, (_TAKEN, _ODD), urgent=("raw.second",)),
    Stage("follow", ("raw.counted", "raw.total"), ("raw.seen",), _see, tables=(_SEEN,)),
)


def partitions(number: int) -> dict[str, int]:
    """Every topic, with its number of partitions."""
    names = (*_INPUTS, "raw.counted", "raw.total", "raw.seen", "state.count", "state.follow", "ledger")
    return dict.fromkeys(names, number) | {"reject": 1}


def partition_of(key: bytes, number: int) -> int:
    """Where a record with a key is published."""
    return zlib.crc32(key) % number


def arrivals(rng: Random, codec: Codec) -> list[Arrival]:
    """Records of a few keys on two topics, some twice, and some bytes that are no value of the bus."""
    keys = [f"key {number}" for number in range(rng.randint(1, 5))]
    slow = rng.choice((0.001, 0.02, 0.1))
    found = []
    for number in range(rng.randint(3, 16)):
        topic, key = rng.choice(_INPUTS), rng.choice(keys)
        value = _GARBAGE if rng.random() < 0.03 else codec.encode(topic, raw("source", key, 0, f"{number}"))
        found += [Arrival(rng.random() * slow, topic, key.encode(), value)] * (2 if rng.random() < 0.1 else 1)
    rng.shuffle(found)
    return found


def check(broker: Broker, codec: Codec, stages: Sequence[Stage]) -> Iterator[Anomaly]:
    """What must have come out: each record is counted once and in order, and with the second stage each count is seen once."""
    given: defaultdict[str, Counter[str]] = defaultdict(Counter)
    garbage = 0
    for topic in _INPUTS:
        for record in visible(broker, topic):
            if record.value == _GARBAGE:
                garbage += 1
            else:
                value = _raw(codec.decode(record.value or b""))
                given[value.record][value.digest] += 1
    counted, total = _by_record(broker, codec, "raw.counted"), _by_record(broker, codec, "raw.total")
    seen = Counter({record: len(values) for record, values in _by_record(broker, codec, "raw.seen").items()})
    for key in sorted({*given, *counted, *total}):
        yield from _numbered(key, given[key], counted.get(key, []), total.get(key, []))
    due = Counter(f"{value.source} {value.record} {value.version}" for values in (*counted.values(), *total.values()) for value in values)
    yield from _compared("seen", due if STAGES[1] in stages else Counter(), seen)
    yield from _compared("reject", Counter({"garbage": garbage}), Counter({"garbage": len(visible(broker, "reject"))}))


def _numbered(key: str, given: Counter[str], counted: list[Raw], total: list[Raw]) -> Iterator[Anomaly]:
    """Records of a key are those given, numbered from 1 on; totals grow, to the last number."""
    yield from _compared(f"counts of {key}", given, Counter(value.digest for value in counted))
    numbers = [value.version for value in counted]
    if numbers != list(range(1, len(numbers) + 1)):
        yield Anomaly(Name.NON_MONOTONIC, f"{key} is counted {numbers}")
    totals = [value.version for value in total]
    if totals != sorted(set(totals)):
        yield Anomaly(Name.NON_MONOTONIC, f"totals of {key} are {totals}")
    if totals[-1:] != ([given.total()] if given else []):
        yield Anomaly(Name.LOST_WRITE, f"the total of {key} is {totals[-1:]} of {given.total()}")


def _compared(what: str, due: Counter[str], found: Counter[str]) -> Iterator[Anomaly]:
    for name in sorted({*due, *found}):
        if found[name] < due[name]:
            yield Anomaly(Name.LOST_WRITE, f"{what}: {name} is there {found[name]} times of {due[name]}")
        elif found[name] > due[name]:
            yield Anomaly(Name.DUPLICATE if due[name] else Name.ABORTED_READ, f"{what}: {name} is there {found[name]} times of {due[name]}")


def _by_record(broker: Broker, codec: Codec, topic: str) -> dict[str, list[Raw]]:
    found: dict[str, list[Raw]] = {}
    for record in visible(broker, topic):
        value = _raw(codec.decode(record.value or b""))
        found.setdefault(value.record, []).append(value)
    return found


def _raw(value: BaseModel) -> Raw:
    assert isinstance(value, Raw)
    return value
