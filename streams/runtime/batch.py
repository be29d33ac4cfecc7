"""What follows from one batch of raw records: decoding, the stage's steps, and the count of what came in."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import count, groupby, islice
from operator import attrgetter
from typing import Any

from schemas.avro import pack, unpack
from schemas.codec import Codec, Undecodable
from schemas.models.fact import digest_of
from schemas.models.raw import Ledger, Pointer, Reason, Reject
from streams.runtime.overlay import Overlay
from streams.stage import Emit, Message, Stage, Verdict, run_batch

_TOPIC = attrgetter("topic")
_TOGETHER = 50
"""Records that are decoded together: their values are handled and gone before the next ones come, and stay in the processor's cache."""
_MOST = 10_000
"""Facts after which a batch takes no further record: with 300 bytes each, 3 MB in one transaction."""
_LEDGER = b"\0ledger\0"
"""Beginning of the keys of rows that hold the counts of each input, so that they are exact after any crash."""


@dataclass(frozen=True, slots=True)
class Computed:
    """What a batch writes, with the state as it is after it; nothing is written yet.

    `taken` is how many of the records it is of, and `through` the last offset of each of their topics, by its name on the broker.
    """

    outputs: dict[str, list[tuple[bytes, bytes | None]]]
    overlay: Overlay
    taken: int
    through: dict[str, int]


def compute(stage: Stage, codec: Codec, prefix: str, records: Sequence[Any], overlay: Overlay, most: int = _MOST) -> Computed:
    """Run a stage over raw records of one partition; `prefix` is what the broker's names of topics have before those of the contract.

    The records after one with which `most` facts follow are left for the next batch: an exposure at a station may make ten thousand contacts. Bytes that are
    no value of the bus become rejects with a pointer. Raises what a step raises: then nothing has happened.
    """
    refused: list[Reject] = []
    taken = count(1)
    emits, counts = run_batch(stage, _messages(codec, prefix, records, refused, taken), overlay, most)
    done = next(taken) - 1
    partition = records[0].partition
    for reject in refused:
        tally = counts.setdefault((reject.pointer.topic, partition), dict.fromkeys(Verdict, 0))
        tally[Verdict.REJECTED] += 1
    emits += [Emit("reject", reject.record, reject) for reject in refused]
    through = {record.topic: record.offset for record in records[:done]}
    for (topic, _), tally in counts.items():
        ledger = _count(stage.name, topic, partition, through[prefix + topic], tally, overlay)
        emits.append(Emit("ledger", f"{ledger.stage}/{ledger.topic}/{ledger.partition}", ledger))
    outputs: dict[str, list[tuple[bytes, bytes | None]]] = {}
    for emit in emits:
        outputs.setdefault(prefix + emit.topic, []).append((emit.key.encode(), codec.encode(emit.topic, emit.value)))
    return Computed(outputs, overlay, done, through)


def _messages(codec: Codec, prefix: str, records: Sequence[Any], refused: list[Reject], taken: Iterator[int]) -> Iterator[Message]:
    """The messages of records one by one, as they are asked for; rejects of those that are none, and a count of all, come beside."""
    for physical, run in groupby(records, _TOPIC):
        topic = physical.removeprefix(prefix)
        while some := list(islice(run, _TOGETHER)):
            for record, value in zip(some, codec.decode_all(topic, [record.value or b"" for record in some]), strict=True):
                next(taken)
                if isinstance(value, Undecodable):
                    refused.append(_refuse(topic, record, str(value)))
                else:
                    yield Message(topic, record.partition, record.offset, (record.key or b"").decode("utf-8", "replace"), value)


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
