"""Two programs that pass evidence on: a stage in the runtime, and a plain loop over aiokafka that does the same in the same transactions.

`python -m tests.bench.passing runtime|plain BATCH STAGE` reads `case.evidence` and writes it to `case.exposed`. Both decode and encode each value, commit offsets in
the transaction, and read committed records only. The plain one ends with the topic and prints messages per second, the runtime goes on until it is stopped.
"""

from __future__ import annotations

import asyncio
import sys
import time
from typing import Any

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition
from aiokafka.structs import OffsetAndMetadata

from deploy.bus import Bus
from schemas.settings import Settings
from streams.runtime import worker
from streams.stage import Emit, Message, Outcome, Stage, State, Verdict

_IN, _OUT = "case.evidence", "case.exposed"


def main() -> None:
    """Pass on as the first argument says."""
    bus = Bus(Settings(batch_size=int(sys.argv[2])))
    if sys.argv[1] == "plain":
        print(f"{asyncio.run(plain(bus)):.0f}", flush=True)
    else:
        runtime(bus, sys.argv[3])


def runtime(bus: Bus, name: str) -> None:
    """As a stage, until stopped; it borrows the name, and so the group and the changelog, of a stage that reads other topics."""

    def step(message: Message, _: State) -> Outcome:
        return Outcome(Verdict.APPLIED, [Emit(_OUT, message.key, message.value)])

    worker.run([Stage(name, (_IN,), (_OUT,), step)], bus.settings, lambda _: bus.brokers, bus.codec, lambda line: print(line, flush=True))


async def plain(bus: Bus) -> float:
    """As a hand-written loop over aiokafka; returns messages per second."""
    topic, group = bus.settings.namespace + _IN, f"{bus.settings.namespace}plain.{bus.settings.batch_size}"
    consumer = AIOKafkaConsumer(bootstrap_servers=bus.endpoints.brokers, group_id=group, enable_auto_commit=False, isolation_level="read_committed")
    producer = AIOKafkaProducer(bootstrap_servers=bus.endpoints.brokers, transactional_id=group, linger_ms=0, max_batch_size=256 * 1024, acks="all")
    await consumer.start()
    await producer.start()
    parts = [TopicPartition(topic, number) for number in range(bus.topics[_IN].partitions or 1)]
    consumer.assign(parts)
    await consumer.seek_to_beginning(*parts)
    ends = await consumer.end_offsets(parts)
    count, began = 0, time.perf_counter()
    while any([await consumer.position(part) < ends[part] for part in parts]):
        for part, records in (await consumer.getmany(timeout_ms=200, max_records=bus.settings.batch_size)).items():
            await _relay(bus, producer, group, part, records)
            count += len(records)
    rate = count / (time.perf_counter() - began)
    await producer.stop()
    await consumer.stop()
    return rate


async def _relay(bus: Bus, producer: Any, group: str, part: TopicPartition, records: list[Any]) -> None:
    await producer.begin_transaction()
    sent = [await producer.send(bus.settings.namespace + _OUT, bus.codec.encode(_OUT, bus.codec.decode(record.value)), key=record.key) for record in records]
    await asyncio.gather(*sent)
    await producer.send_offsets_to_transaction({part: OffsetAndMetadata(records[-1].offset + 1, "")}, group)
    await producer.commit_transaction()


if __name__ == "__main__":
    main()
