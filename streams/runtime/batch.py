"""What follows from one batch of raw records: decoding, the stage's steps, and the count of what came in.

What is no message of its topic, and what a step fails on, is refused with its coordinates, and the rest goes on as if it had not been there. A batch in which
a step fails is computed again record by record: what follows does not depend on how records fall into batches.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import count, groupby, islice
from operator import attrgetter
from typing import Any

from schemas.avro import pack, unpack
from schemas.codec import Codec, Undecodable
from schemas.metrics import Why
from schemas.models.fact import digest_of
from schemas.models.raw import Ledger, Pointer, Reason, Reject
from streams.runtime.failure import OF_DATA, place
from streams.runtime.keyed import key_of
from streams.runtime.overlay import Overlay
from streams.runtime.share import watch
from streams.stage import Emit, Message, Rows, Stage, Verdict, run_batch

_TOPIC = attrgetter("topic")
_TOGETHER = 50
"""Records that are decoded together: their values are handled and gone before the next ones come, and stay in the processor's cache."""
_MOST = 10_000
"""Facts after which a batch takes no further record: with 300 bytes each, 3 MB in one transaction."""
_LONGEST = 1_000_000
"""Bytes of key and value that brokers take by default (1 MiB with what is around them). What is longer would be refused again and again."""
_LATEST = 4_102_444_800_000
"""The beginning of 2100 in UTC milliseconds. A later time of a message is one that somebody made up, and no calendar may be able to show it."""
_LEDGER = b"\0ledger\0"
"""Beginning of the keys of rows that hold the counts of each input, so that they are exact after any crash."""
Outputs = dict[str, list[tuple[bytes, bytes | None]]]
Counts = dict[tuple[str, int], dict[Verdict, int]]
Reasons = Counter[tuple[str, Why]]


@dataclass(frozen=True, slots=True)
class Computed:
    """What a batch writes, with the state as it is after it; nothing is written yet.

    `taken` is how many of the records it is of, and `through` the last offset of each of their topics, by its name on the broker. `counts` is what became of
    the messages, and `reasons` of what kind the reasons for rejects are, by topic.
    """

    outputs: Outputs
    overlay: Overlay
    taken: int
    through: dict[str, int]
    counts: Counts = field(default_factory=dict)
    reasons: Reasons = field(default_factory=Counter)


class _Batch:
    """Some records on their way through a stage: what follows from those taken, with the rejects of those refused."""

    def __init__(self, stage: Stage, codec: Codec, prefix: str) -> None:
        self.stage, self.codec, self.prefix = stage, codec, prefix
        self.outputs: Outputs = {}
        self.counts: Counts = {}
        self.rejects: list[Reject] = []
        self.reasons: Reasons = Counter()
        self.taken = 0

    def run(self, records: Sequence[Any], overlay: Overlay, most: int) -> None:
        """Take records until `most` facts follow; raises what a step raises, and TooLong: then it and the overlay are of no use."""
        refused: list[tuple[Reject, Why]] = []
        taken = count(1)
        emits, counts = run_batch(self.stage, self._messages(records, refused, taken), overlay, most)
        self.write(emits)
        for key, value in overlay.changes.items():
            _fit(key, value)
        self.taken += next(taken) - 1
        for place_, tally in counts.items():
            self._count(place_, tally)
        if any(tally[Verdict.REJECTED] for tally in counts.values()):
            self.reasons.update(_reasons(emits))
        for reject, why in refused:
            self.refuse(reject, why)

    def one_by_one(self, records: Sequence[Any], overlay: Overlay, most: int) -> None:
        """The same, but a record on which a step fails is refused, and what it had begun is dropped."""
        facts = 0
        for record in records:
            alone, inner = _Batch(self.stage, self.codec, self.prefix), Overlay(overlay)
            try:
                alone.run([record], inner, most)
            except OF_DATA as error:
                problem = f"the stage {self.stage.name} cannot handle it: {type(error).__name__} at {place(error)}"
                self.refuse(_refuse(record.topic.removeprefix(self.prefix), record, problem), Why.FAILED)
                self.taken += 1
                continue
            overlay.take(inner)
            self._add(alone)
            facts += sum(map(len, alone.outputs.values()))
            if facts >= most:
                break

    def write(self, emits: Iterable[Emit]) -> None:
        """Add facts to what is written."""
        for emit in emits:
            key, value = emit.key.encode(), self.codec.encode(emit.topic, emit.value)
            _fit(key, value)
            self.outputs.setdefault(self.prefix + emit.topic, []).append((key, value))

    def refuse(self, reject: Reject, why: Why) -> None:
        """Add a reject, and count the message as rejected."""
        self.rejects.append(reject)
        self.reasons[reject.pointer.topic, why] += 1
        self._count((reject.pointer.topic, reject.pointer.partition), {Verdict.REJECTED: 1})

    def _add(self, other: _Batch) -> None:
        """Add all of another batch."""
        for topic, pairs in other.outputs.items():
            self.outputs.setdefault(topic, []).extend(pairs)
        for where, tally in other.counts.items():
            self._count(where, tally)
        self.rejects += other.rejects
        self.reasons.update(other.reasons)
        self.taken += other.taken

    def _count(self, where: tuple[str, int], tally: dict[Verdict, int]) -> None:
        mine = self.counts.setdefault(where, dict.fromkeys(Verdict, 0))
        for verdict, number in tally.items():
            mine[verdict] += number

    def _messages(self, records: Sequence[Any], refused: list[tuple[Reject, Why]], taken: Iterator[int]) -> Iterator[Message]:
        """The messages of records one by one, as they are asked for; rejects of those that are none, and a count of all, come beside."""
        for physical, run in groupby(records, _TOPIC):
            topic = physical.removeprefix(self.prefix)
            key = key_of(topic)
            while some := list(islice(run, _TOGETHER)):
                for record, value in zip(some, self.codec.decode_all(topic, [record.value or b"" for record in some]), strict=True):
                    next(taken)
                    if record.value is None:
                        refused.append((_refuse(topic, record, "no value where one is due"), Why.NO_VALUE))
                    elif isinstance(value, Undecodable):
                        refused.append((_refuse(topic, record, str(value)), Why.UNDECODABLE))
                    elif key and key(value).encode() != record.key:
                        refused.append((_refuse(topic, record, "the key is not that of the value"), Why.WRONG_KEY))
                    else:
                        yield Message(topic, record.partition, record.offset, (record.key or b"").decode("utf-8", "replace"), value)


def compute(stage: Stage, codec: Codec, prefix: str, records: Sequence[Any], overlay: Overlay, most: int = _MOST) -> Computed:
    """Run a stage over raw records of one partition; `prefix` is what the broker's names of topics have before those of the contract.

    The records after one with which `most` facts follow are left for the next batch: an exposure at a station may make ten thousand contacts. What is no
    message of its topic, or what a step fails on, becomes a reject with a pointer. Raises Unusual when that happens too often, and what the registry and the
    disk raise: then nothing has happened.
    """
    before = dict(overlay.changes)
    batch = _Batch(stage, codec, prefix)
    try:
        batch.run(records, overlay, most)
    except OF_DATA:
        overlay.back_to(before)
        batch = _Batch(stage, codec, prefix)
        batch.one_by_one(records, overlay, most)
    batch.write([Emit("reject", reject.record, reject) for reject in batch.rejects])
    partition = records[0].partition
    through = {record.topic: record.offset for record in records[: batch.taken]}
    for (topic, _), tally in batch.counts.items():
        old = _ledger(overlay, topic)
        watch(stage, topic, partition, tally, old.received if old else 0, overlay)
        ledger = _counted(old, stage.name, topic, partition, through[prefix + topic], tally)
        overlay.put(_LEDGER + topic.encode(), pack(ledger))
        batch.write([Emit("ledger", f"{ledger.stage}/{ledger.topic}/{ledger.partition}", ledger)])
    return Computed(batch.outputs, overlay, batch.taken, through, batch.counts, batch.reasons)


def counted(rows: Rows, topic: str) -> int:
    """The offset after the last message of an input that a state has counted: from there it goes on, since the two were written in one transaction.

    The group's committed offset says the same, but not at every moment: of a coordinator that is still loading after a restart of its broker aiokafka says
    that it knows no offset, and whoever believes that reads everything again.
    """
    ledger = _ledger(rows, topic)
    return ledger.through + 1 if ledger else 0


class TooLong(ValueError):
    """More bytes than a broker takes in one message."""


def _fit(key: bytes, value: bytes | None) -> None:
    if len(key) + len(value or b"") > _LONGEST:
        raise TooLong


def _refuse(topic: str, record: Any, problem: str) -> Reject:
    """Bytes that are refused with a pointer, so that they neither block nor vanish."""
    pointer = Pointer(topic=topic, partition=record.partition, offset=record.offset)
    digest = digest_of(record.value or b"")
    at = record.timestamp if 0 <= record.timestamp < _LATEST else 0
    return Reject.of(causes=[], at=at, source=topic, record=digest, version=0, digest=digest, reasons=[Reason(field="", problem=problem)], pointer=pointer)


def _reasons(emits: Iterable[Emit]) -> Iterator[tuple[str, Why]]:
    """Of what kind each reason is for which a step refused something: the topic that it came on, and whether a field or the whole record is wrong."""
    for emit in emits:
        if isinstance(emit.value, Reject) and not emit.value.retracted:
            for reason in emit.value.reasons:
                yield emit.value.pointer.topic, Why.FIELD if reason.field else Why.RECORD


def _ledger(rows: Rows, topic: str) -> Ledger | None:
    """The ledger of an input as it now is."""
    data = rows.get(_LEDGER + topic.encode())
    return unpack(Ledger, data) if data else None


def _counted(old: Ledger | None, stage: str, topic: str, partition: int, through: int, tally: dict[Verdict, int]) -> Ledger:
    """The ledger of an input after this batch."""
    return Ledger(
        stage=stage, topic=topic, partition=partition, through=through,
        received=(old.received if old else 0) + sum(tally.values()),
        applied=(old.applied if old else 0) + tally[Verdict.APPLIED],
        duplicates=(old.duplicates if old else 0) + tally[Verdict.DUPLICATE],
        rejected=(old.rejected if old else 0) + tally[Verdict.REJECTED],
    )  # fmt: skip
