"""What follows from one batch of raw records: decoding, the stage's steps, and the count of what came in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from operator import attrgetter
from typing import Any

from schemas.avro import pack, unpack
from schemas.codec import Codec, Undecodable
from schemas.models.fact import digest_of
from schemas.models.raw import Ledger, Pointer, Reason, Reject
from streams.runtime.overlay import Overlay
from streams.stage import Emit, Message, Stage, Verdict, run_batch

_TOPIC = attrgetter("topic")
_LEDGER = b"\0ledger\0"
"""Beginning of the keys of rows that hold the counts of each input, so that they are exact after any crash."""


@dataclass(frozen=True, slots=True)
class Computed:
    """What a batch writes, with the state as it is after it, and the last offset of each input by its topic's name on the broker; nothing is written yet."""

    outputs: dict[str, list[tuple[bytes, bytes | None]]]
    overlay: Overlay
    through: dict[str, int]


def compute(stage: Stage, codec: Codec, prefix: str, records: Sequence[Any], overlay: Overlay) -> Computed:
    """Run a stage over raw records of one partition; `prefix` is what the broker's names of topics have before those of the contract.

    Bytes that are no value of the bus become rejects with a pointer. Raises what a step raises: then nothing has happened.
    """
    messages, refused = _decode(codec, prefix, records)
    emits, counts = run_batch(stage, messages, overlay)
    partition = records[0].partition
    for reject in refused:
        tally = counts.setdefault((reject.pointer.topic, partition), dict.fromkeys(Verdict, 0))
        tally[Verdict.REJECTED] += 1
    emits += [Emit("reject", reject.record, reject) for reject in refused]
    through = {record.topic: record.offset for record in records}
    for (topic, _), tally in counts.items():
        ledger = _count(stage.name, topic, partition, through[prefix + topic], tally, overlay)
        emits.append(Emit("ledger", f"{ledger.stage}/{ledger.topic}/{ledger.partition}", ledger))
    outputs: dict[str, list[tuple[bytes, bytes | None]]] = {}
    for emit in emits:
        outputs.setdefault(prefix + emit.topic, []).append((emit.key.encode(), codec.encode(emit.topic, emit.value)))
    return Computed(outputs, overlay, through)


def _decode(codec: Codec, prefix: str, records: Sequence[Any]) -> tuple[list[Message], list[Reject]]:
    messages, refused = [], []
    for physical, run in groupby(records, _TOPIC):
        topic, some = physical.removeprefix(prefix), list(run)
        for record, value in zip(some, codec.decode_all(topic, [record.value or b"" for record in some]), strict=True):
            if isinstance(value, Undecodable):
                refused.append(_refuse(topic, record, str(value)))
            else:
                messages.append(Message(topic, record.partition, record.offset, (record.key or b"").decode("utf-8", "replace"), value))
    return messages, refused


def _refuse(topic: str, record: Any, problem: str) -> Reject:
    """Bytes on an internal topic that are no value of the bus: refused with a pointer, so that they neither block nor vanish."""
    pointer = Pointer(topic=topic, partition=record.partition, offset=record.offset)
    digest = digest_of(record.value or b"")
    return Reject.of(causes=[], at=record.timestamp, source=topic, record=digest, version=0, digest=digest,
                     reasons=[Reason(field="", problem=problem)], pointer=pointer)  # fmt: skip


def _count(stage: str, topic: str, partition: int, through: int, tally: dict[Verdict, int], overlay: Overlay) -> Ledger:
    """The ledger of an input after this batch."""
    row = _LEDGER + topic.encode()
    before = overlay.get(row)
    old = unpack(Ledger, before) if before else None
    new = Ledger(
        stage=stage, topic=topic, partition=partition, through=through,
        received=(old.received if old else 0) + sum(tally.values()),
        applied=(old.applied if old else 0) + tally[Verdict.APPLIED],
        duplicates=(old.duplicates if old else 0) + tally[Verdict.DUPLICATE],
        rejected=(old.rejected if old else 0) + tally[Verdict.REJECTED],
    )  # fmt: skip
    overlay.put(row, pack(new))
    return new
