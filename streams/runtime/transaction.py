"""One batch, one Kafka transaction: outputs and changed rows, or nothing of them. How far the inputs are read is a row too (`streams.runtime.batch.counted`).

Records are packed into the producer's batches directly (`create_batch`, `send_batch`): one future for each partition instead of one for each record.
"""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from zlib import crc32

from aiokafka import AIOKafkaProducer, TopicPartition
from aiokafka.errors import IllegalOperation, ProducerFenced

Record = tuple[bytes, bytes | None]


@dataclass(frozen=True, slots=True)
class Work:
    """What one transaction holds.

    `outputs` are key and value by physical topic, `rows` the changed rows of the state (None removes) for one partition of the changelog. `counts`, the topic
    of ledgers, is written on the same partition as the changelog: every partition that a transaction touches costs the broker two writes. `everywhere` are
    physical topics whose every partition is told every message.
    """

    outputs: Mapping[str, list[Record]]
    changelog: TopicPartition
    rows: Iterable[Record]
    counts: str
    everywhere: Collection[str] = ()


async def transact(producer: AIOKafkaProducer, work: Work) -> int | None:
    """Write everything and commit; returns the changelog offset up to which the rows are then written, None when there were none.

    Raises what the broker answers; ProducerFenced also where aiokafka says in other words that the broker has refused the transaction.
    """
    try:
        await producer.begin_transaction()
        sent: list[asyncio.Future[Any]] = []
        try:
            rows = await _send(producer, work.changelog, work.rows, sent)
            for topic, records in work.outputs.items():
                one = work.changelog.partition if topic == work.counts else None
                spread = await _everywhere(producer, topic, records) if topic in work.everywhere else await _spread(producer, topic, records, one)
                for partition, part in spread.items():
                    await _send(producer, TopicPartition(topic, partition), part, sent)
        finally:
            done = await asyncio.gather(*sent, return_exceptions=True)
        for failure in done:
            if isinstance(failure, BaseException):
                raise failure
        await producer.commit_transaction()
    except (IllegalOperation, AssertionError) as error:
        # So aiokafka's producer answers whatever is asked of it next, once the broker has refused its transaction between two calls.
        raise ProducerFenced from error
    last, count = rows
    return last.result().offset + count if last else None


async def _spread(producer: AIOKafkaProducer, topic: str, records: list[Record], one: int | None) -> dict[int, list[Record]]:
    """Records by partition: all on `one` if there is one, otherwise the CRC-32 of the key, as librdkafka's partitioner `consistent` does it.

    The murmur2 of Kafka's own clients takes ten times as long in Python. Every topic that this writes has this one writer, and what a stage reads together
    is all written here, so equal keys meet.
    """
    count = len(await producer.partitions_for(topic))
    if count == 1 or one is not None:
        return {(one or 0) % count: records}
    parts: dict[int, list[Record]] = {}
    for record in records:
        parts.setdefault(crc32(record[0]) % count, []).append(record)
    return parts


async def _everywhere(producer: AIOKafkaProducer, topic: str, records: list[Record]) -> dict[int, list[Record]]:
    """All records for each partition."""
    return dict.fromkeys(await producer.partitions_for(topic), records)


async def _send(producer: AIOKafkaProducer, tp: TopicPartition, records: Iterable[Record], sent: list[asyncio.Future[Any]]) -> tuple[Any, int]:
    """Send records to one partition in as many batches as they fill; returns the future of the last batch, which is of None when there were no records."""
    batch = last = None
    for key, value in records:
        if batch is None or batch.append(timestamp=None, key=key, value=value) is None:
            if batch is not None:
                sent.append(await producer.send_batch(batch, tp.topic, partition=tp.partition))
            batch = producer.create_batch()
            batch.append(timestamp=None, key=key, value=value)
    if batch is not None:
        last = await producer.send_batch(batch, tp.topic, partition=tp.partition)
        sent.append(last)
    return last, batch.record_count() if batch is not None else 0
