"""What a schedule may show that must never be, by its usual name, and the checks that hold for every stage."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from enum import StrEnum
from typing import NamedTuple

from aiokafka import TopicPartition

from schemas.codec import Codec
from schemas.models.raw import Ledger
from streams.runtime.store import POSITION
from streams.stage import Stage
from tests.simulation.broker import Broker
from tests.simulation.disk import Disk
from tests.simulation.log import Record


class Name(StrEnum):
    """The usual names."""

    LOST_WRITE = "lost write"
    DUPLICATE = "duplicate"
    ABORTED_READ = "aborted read"
    NON_MONOTONIC = "non-monotonic view"
    DIRTY_STATE = "dirty state"
    WRONG_ANSWER = "wrong answer"
    WRONG_RELEASE = "wrong release"
    STUCK = "stuck"
    CRASH = "crash"


class Anomaly(NamedTuple):
    """One that was seen, and where; says nothing of a record but numbers."""

    name: Name
    where: str


def visible(broker: Broker, topic: str) -> list[Record]:
    """All records of a topic that readers have seen, partition by partition."""
    return [record for partition in range(broker.partitions.get(topic, 0)) for record in broker.logs[TopicPartition(topic, partition)].committed()]


def at_end(broker: Broker, stages: Sequence[Stage], groups: dict[str, str]) -> Iterator[str]:
    """What is not read to its end, by stage and input."""
    for stage in stages:
        for topic in stage.inputs:
            for partition in range(broker.partitions[topic]):
                tp = TopicPartition(topic, partition)
                if (broker.committed(groups[stage.name], tp) or 0) <= broker.logs[tp].last:
                    yield f"{stage.name} on {topic}/{partition}"


def ledgers(broker: Broker, stages: Sequence[Stage], codec: Codec) -> Iterator[Anomaly]:
    """Every input's ledger counts each of its records once."""
    last: dict[tuple[str, str, int], Ledger] = {}
    for record in visible(broker, "ledger"):
        ledger = codec.decode(record.value or b"")
        assert isinstance(ledger, Ledger)
        place = (ledger.stage, ledger.topic, ledger.partition)
        if place in last and ledger.received <= last[place].received:
            yield Anomaly(Name.NON_MONOTONIC, f"ledger {place}: {ledger.received} after {last[place].received}")
        last[place] = ledger
    for stage in stages:
        for topic in stage.inputs:
            for partition in range(broker.partitions[topic]):
                records = broker.logs[TopicPartition(topic, partition)].committed()
                if records:
                    yield from _adds_up(last.get((stage.name, topic, partition)), records, f"ledger of {stage.name} on {topic}/{partition}")


def _adds_up(ledger: Ledger | None, records: list[Record], where: str) -> Iterator[Anomaly]:
    received = ledger.received if ledger else 0
    if received != len(records):
        yield Anomaly(Name.LOST_WRITE if received < len(records) else Name.DUPLICATE, f"{where}: {received} of {len(records)}")
    if ledger and (ledger.received != ledger.applied + ledger.duplicates + ledger.rejected or ledger.through > records[-1].offset):
        yield Anomaly(Name.DIRTY_STATE, f"{where} does not add up")


def stores(broker: Broker, disk: Disk, stages: Sequence[Stage]) -> Iterator[Anomaly]:
    """Every store on every disk is what its changelog said up to the position that the store names."""
    changelogs = {stage.name: stage.changelog for stage in stages}
    for path, files in disk.folders.items():
        _, _, stage, partition = path.split("/")
        rows = dict(files.rows)
        position = int.from_bytes(rows.pop(POSITION, b"")[:8], "big")
        told = _told(broker.logs[TopicPartition(changelogs[stage], int(partition))].committed(), position)
        wrong = sum(rows.get(key) not in told.get(key, (None,)) for key in {*rows, *told})
        if wrong:
            yield Anomaly(Name.DIRTY_STATE, f"store of {stage}/{partition}: {wrong} rows are not those of its changelog at {position}")


def _told(records: list[Record], position: int) -> dict[bytes, tuple[bytes | None, ...]]:
    """What a store may hold of each key that has read the changelog up to a position.

    That is what the last record before it says. Where another one follows, compaction may have removed that before it was read: then it may also be an
    earlier value, or nothing, and the store has it when it reads on.
    """
    told: dict[bytes, tuple[bytes | None, ...]] = {}
    followed = {record.key for record in records if record.offset >= position}
    for record in records:
        if record.offset < position:
            told[record.key] = (*told.get(record.key, (None,)), record.value) if record.key in followed else (record.value,)
    return told
