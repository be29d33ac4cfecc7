"""Golden messages, spoiled, straight onto the topics that stages read: each becomes a reject or is handled, and the ledger counts it."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

from deploy.docs.golden import examples
from schemas.avro import unpack
from schemas.models.raw import Ledger, Reject
from schemas.topics import model_of
from streams.memory import MemoryState
from streams.runtime.batch import compute
from streams.runtime.keyed import key_of
from streams.runtime.overlay import Overlay
from streams.stage import Stage
from tests.fuzz.mutate import spoiled_bytes
from tests.fuzz.path import CODEC
from tests.properties import bus

_TOGETHER = 50


def vandalised(seed: int, numbers: Sequence[int]) -> Counter[str]:
    """Write the messages of these numbers, fifty onto one stage at a time; returns how many were applied, duplicates and rejected. Fails where they do not add up."""
    found: Counter[str] = Counter()
    stages = bus.stages(bus.POLICY)
    states = {stage.name: MemoryState() for stage in stages}
    for start in range(0, len(numbers), _TOGETHER):
        dice = random.Random(f"{seed}/topics/{numbers[start]}")
        stage = dice.choice(stages)
        records = [_record(dice, dice.choice(stage.inputs), number) for number in numbers[start : start + _TOGETHER]]
        records.sort(key=lambda record: str(record.topic))
        _once(stage, records, states[stage.name], found)
    return found


def _record(dice: random.Random, topic: str, offset: int) -> Any:
    model = model_of(topic)
    assert model
    value = dice.choice(examples(model.__name__))
    if topic.startswith("raw."):
        value = value.model_copy(update={"source": topic.removeprefix("raw.")})
    key_ = key_of(topic)
    key = key_(value).encode() if key_ and dice.random() < 0.95 else b"k"
    data = CODEC.encode(topic, value)
    head = data[:5] if dice.random() < 0.9 else spoiled_bytes(dice, data[:5])
    return SimpleNamespace(topic=topic, partition=0, offset=offset, key=key, timestamp=dice.choice((-1, 0, 2**62)), value=head + spoiled_bytes(dice, data[5:]))


def _once(stage: Stage, records: Sequence[Any], state: MemoryState, found: Counter[str]) -> None:
    at = 0
    while at < len(records):
        overlay = Overlay(state)
        done = compute(replace(stage, refuses=1.0), CODEC, "", records[at:], overlay)
        taken = records[at : at + done.taken]
        at += done.taken
        rejects = [value for value in (CODEC.decode(data or b"") for _, data in done.outputs.get("reject", [])) if isinstance(value, Reject)]
        old = {key: state.get(key) for key in overlay.changes}
        for key, data in overlay.changes.items():
            state.put(key, data) if data is not None else state.delete(key)
        received = rejected = 0
        for _, data in done.outputs["ledger"]:
            ledger = CODEC.decode(data or b"")
            assert isinstance(ledger, Ledger)
            was = _before(old.get(b"\0ledger\0" + ledger.topic.encode()))
            received, rejected = received + ledger.received - was.received, rejected + ledger.rejected - was.rejected
            found.update(applied=ledger.applied - was.applied, duplicates=ledger.duplicates - was.duplicates, rejected=ledger.rejected - was.rejected)
        assert received == len(taken), stage.name
        assert len(rejects) >= rejected, stage.name


def _before(row: bytes | None) -> Ledger:
    return unpack(Ledger, row) if row else Ledger(stage="", topic="", partition=0, through=0, received=0, applied=0, duplicates=0, rejected=0)
