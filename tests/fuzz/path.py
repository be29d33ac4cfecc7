"""Raw messages through the whole path, normalise as the runtime runs it, and what became of each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from types import SimpleNamespace
from typing import Any

from schemas.codec import Codec
from schemas.models.raw import Ledger, Raw, Reject
from schemas.topics import MODELS
from streams.memory import Bus, MemoryState
from streams.runtime.batch import compute
from streams.runtime.overlay import Overlay
from streams.stage import Emit
from tests.properties import bus
from tests.streams.runtime.test_task import Registry

CODEC = Codec(Registry(), MODELS)
MOST = 1_048_576
"""Bytes of a message that a broker takes."""
_CONFLICT = "another record with the same identity"


@dataclass(frozen=True, slots=True)
class Became:
    """By the place of each raw message whether it was refused for what it says, and whether only beside another of the same identity."""

    refused: frozenset[int]
    conflicts: frozenset[int]


def through(raws: Sequence[Raw]) -> Became:
    """Send them through all stages, on a bus of their own; fails when anything is not accounted for, or a stage cannot handle what comes out of normalise."""
    normalise, *others = bus.stages(bus.POLICY)
    overlay, written, rejects = Overlay(MemoryState()), list[Emit](), list[Reject]()
    records, at = [_record(number, raw) for number, raw in enumerate(raws)], 0
    ledgers: dict[str, Ledger] = {}
    while at < len(records):
        done = compute(replace(normalise, refuses=1.0), CODEC, "", records[at:], overlay)
        at += done.taken
        for topic, pairs in done.outputs.items():
            for key, data in pairs:
                value = CODEC.decode(data or b"", topic)
                assert len(data or b"") < MOST
                if isinstance(value, Reject):
                    rejects.append(value)
                elif isinstance(value, Ledger):
                    ledgers[value.topic] = value
                else:
                    written.append(Emit(topic, key.decode(), value))
    _adds_up(raws, ledgers, rejects)
    rest = Bus(others)
    rest.publish(written)
    rest.run()
    wrong = {_same(raws[one.pointer.offset]) for one in rejects if not one.reasons[0].problem.startswith(_CONFLICT)}
    refused = frozenset(number for number, raw in enumerate(raws) if _same(raw) in wrong)
    return Became(refused, frozenset(reject.pointer.offset for reject in rejects) - refused)


def _same(raw: Raw) -> tuple[object, ...]:
    """What two raw messages have in common of which the second says nothing new: it has no reject of its own."""
    return raw.source, raw.record, raw.version, raw.retracts, raw.digest


def _record(number: int, raw: Raw) -> Any:
    value = CODEC.encode(f"raw.{raw.source}", raw)
    assert len(value) < MOST, f"{len(value)} bytes, which no broker takes"
    return SimpleNamespace(topic=f"raw.{raw.source}", partition=0, offset=number, key=raw.record.encode(), timestamp=raw.received_at, value=value)


def _adds_up(raws: Sequence[Raw], ledgers: dict[str, Ledger], rejects: Sequence[Reject]) -> None:
    """In = applied + duplicates + rejected, each rejected one with its reject, each reject with reasons that are short."""
    assert sum(ledger.received for ledger in ledgers.values()) == len(raws)
    assert all(ledger.received == ledger.applied + ledger.duplicates + ledger.rejected for ledger in ledgers.values())
    refused = {(reject.pointer.topic, reject.pointer.offset) for reject in rejects}
    assert len(refused) >= sum(ledger.rejected for ledger in ledgers.values())
    for reject in rejects:
        assert reject.reasons, reject
        assert len(reject.model_dump_json()) < 200_000, reject.pointer
        assert "cannot handle it" not in reject.reasons[0].problem, reject.reasons[0].problem
