"""Copies of the state of partitions that another worker owns, so that taking one over needs no reading of its changelog from the start."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from pathlib import Path

from aiokafka import AIOKafkaConsumer, TopicPartition

from schemas.brokers import Brokers
from streams.runtime.changelog import reading
from streams.runtime.store import Store, clock

_FRESH = 60.0


class Copies:
    """Follows the changelogs of some partitions of one stage, from `run` until cancelled; the stores are then closed, and recovery goes on from them."""

    def __init__(self, brokers: Brokers, changelog: str, folder: Path, partitions: Iterable[int]) -> None:
        """Take the physical name of the changelog, and the folder where a task of partition p would have its store."""
        self._brokers = brokers
        self._parts = {TopicPartition(changelog, partition): folder / str(partition) for partition in partitions}

    async def run(self) -> None:
        """Write what is committed to the copies, for ever. Raises what the broker raises."""
        stores = {tp: Store(path) for tp, path in self._parts.items()}
        consumer = reading(self._brokers, None)
        try:
            await consumer.start()
            await self._begin(consumer, stores)
            while True:
                await self._follow(consumer, stores)
        finally:
            for store in stores.values():
                store.close()
            await consumer.stop()

    async def _begin(self, consumer: AIOKafkaConsumer, stores: dict[TopicPartition, Store]) -> None:
        consumer.assign(list(stores))
        first, end = await consumer.beginning_offsets(list(stores)), await consumer.end_offsets(list(stores))
        for tp, store in stores.items():
            if store.stale(end[tp]):
                store.wipe()
            consumer.seek(tp, max(store.position, first[tp]))

    async def _follow(self, consumer: AIOKafkaConsumer, stores: dict[TopicPartition, Store]) -> None:
        known = clock()
        got = await consumer.getmany(timeout_ms=1000, max_records=5000)
        for tp, store in stores.items():
            if store.slept:
                store.wipe()
                await consumer.seek_to_beginning(tp)
            elif records := got.get(tp):
                store.write({record.key: record.value for record in records}, records[-1].offset + 1, known)
            elif store.age > _FRESH and await consumer.position(tp) >= store.position:
                store.write({}, await consumer.position(tp), known)
        await asyncio.sleep(0)
