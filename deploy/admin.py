"""The broker's administration: a connection whose failures say what to do, and where topics now begin."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from kafka import TopicPartition
from kafka.admin import KafkaAdminClient, OffsetSpec
from kafka.errors import KafkaError

from deploy.bus import Bus


class Refused(Exception):
    """The broker cannot be reached or does not do what is asked; the message says what stands against it."""


@contextmanager
def admin(bus: Bus) -> Iterator[KafkaAdminClient]:
    """A connection for the time of a block; raises Refused for whatever the broker refuses in it."""
    brokers = bus.brokers
    try:
        client = KafkaAdminClient(**brokers.options(), bootstrap_timeout_ms=10_000)
    except KafkaError as error:
        raise Refused(f"no broker at {brokers} ({type(error).__name__}): `lianfang status` tells what runs, LIANFANG_BROKERS names another") from error
    try:
        yield client
    except KafkaError as error:
        raise Refused(f"the broker at {brokers} refused: {type(error).__name__}: {error}") from error
    finally:
        client.close()


def beginnings(client: KafkaAdminClient, namespace: str, topics: Iterable[str]) -> dict[tuple[str, int], int]:
    """The offset at which each partition of these topics now begins; above 0 where old messages have gone."""
    found = client.describe_topics([namespace + topic for topic in topics])
    asked = {TopicPartition(one["name"], part["partition_index"]): OffsetSpec.EARLIEST for one in found for part in one["partitions"]}
    return {(part.topic.removeprefix(namespace), part.partition): found.offset for part, found in client.list_partition_offsets(asked).items()}
