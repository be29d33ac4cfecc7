"""Recovery: bringing a store up to the committed end of its changelog, and where to go on reading the inputs."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable

from aiokafka import AIOKafkaConsumer, TopicPartition

from schemas.brokers import Brokers
from streams.runtime.store import Store, clock

_QUIET = 2.0
_STUCK = 60.0


class RecoveryStuck(Exception):
    """The changelog did not come to its end in time."""


def reading(brokers: Brokers, group: str | None) -> AIOKafkaConsumer:
    """A consumer of committed records for partitions that are assigned by hand, with large fetches."""
    return AIOKafkaConsumer(
        **brokers.options(),
        group_id=group,
        enable_auto_commit=False,
        isolation_level="read_committed",
        auto_offset_reset="earliest",
        fetch_max_wait_ms=100,
        max_partition_fetch_bytes=4 * 2**20,
    )


async def recover(
    brokers: Brokers, group: str, changelog: TopicPartition, store: Store, inputs: Iterable[TopicPartition], progress: Callable[[str], None],
    read: Callable[[int, int], None] = lambda *_: None,
) -> dict[TopicPartition, int]:  # fmt: skip
    """Catch the store up with its changelog and return the offset from which to read each input.

    To be called after the task's producer has been initialised: the broker has then ended whatever transaction a predecessor left open, so that the
    end of the changelog and the committed offsets are final. A store that claims more than the changelog holds is of another bus and is emptied,
    and so is one that is too old to learn what was removed since, also when it becomes so on the way: a machine may sleep in the middle.
    `progress` gets a line now and then, and `read` after each portion the rows that were read and the offsets that are left.
    """
    consumer = reading(brokers, group)
    await consumer.start()
    try:
        inputs = list(inputs)
        consumer.assign([changelog, *inputs])  # inputs too, or aiokafka asks where each topic is one after the other, a tenth of a second each
        consumer.pause(*inputs)
        await _catch_up(consumer, changelog, store, progress, read)
        first = await consumer.beginning_offsets(inputs)
        return {tp: max(await consumer.committed(tp) or 0, first[tp]) for tp in inputs}
    finally:
        await consumer.stop()


async def _catch_up(
    consumer: AIOKafkaConsumer, changelog: TopicPartition, store: Store, progress: Callable[[str], None], read: Callable[[int, int], None]
) -> None:
    known = clock()
    first, end = (await consumer.beginning_offsets([changelog]))[changelog], (await consumer.end_offsets([changelog]))[changelog]
    if store.stale(end):
        store.wipe()
    began = told = moved = time.monotonic()
    at, rows = max(store.position, first), 0
    consumer.seek(changelog, at)
    while at < end:
        known = clock()
        got = await consumer.getmany(changelog, timeout_ms=200, max_records=20_000)
        if store.slept:
            store.wipe()
            consumer.seek(changelog, at := first)
            continue
        for records in got.values():
            store.write({record.key: record.value for record in records}, records[-1].offset + 1, known)
            rows += len(records)
        reached = await consumer.position(changelog)
        read(sum(map(len, got.values())), max(0, end - reached))
        now = time.monotonic()
        if reached > at:
            at, moved = reached, now
        if now - moved > _STUCK:
            raise RecoveryStuck(f"{changelog.topic} partition {changelog.partition} stands at {at} of {end} for a minute")
        if now - told > _QUIET:
            progress(f"recovering {changelog.topic} partition {changelog.partition}: {at:,} of {end:,}, {rows / (now - began):,.0f} rows a second")
            told = now
    store.write({}, max(at, end), known)
