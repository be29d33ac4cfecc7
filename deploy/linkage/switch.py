"""A model sent to the bus: once to each partition, and then the orders to weigh all blocks anew, part by part."""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from itertools import count

from kafka.partitioner import murmur2

from schemas.models.identity import ModelPart
from streams.identity.model import Model, save

SLICES = tuple(f"{number:02x}" for number in range(256))
"""Beginnings of the tokens of all blocks."""


def keys(partitions: int) -> list[str]:
    """For each partition the first number, as text, that kafka-python puts into it (murmur2, as all clients but librdkafka do it).

    What decides is who writes: these messages come from a publisher and not from a stage, whose transactions spread by CRC-32.
    """
    found: dict[int, str] = {}
    for number in count():
        if len(found) == partitions:
            return [found[partition] for partition in range(partitions)]
        found.setdefault(partition(str(number), partitions), str(number))
    raise AssertionError


def partition(key: str, partitions: int) -> int:
    """The partition into which kafka-python puts a key."""
    return int(murmur2(key.encode()) & 0x7FFFFFFF) % partitions


def messages(model: Model, partitions: int) -> Iterator[tuple[str, ModelPart]]:
    """The key and value of each message, in the order in which they have to be sent: the model to all partitions before the first order."""
    found = keys(partitions)
    packed = zlib.compress(save(model).encode(), 9)
    for key in found:
        yield key, ModelPart(version=model.version, model=packed)
    for blocks in SLICES:
        for key in found:
            yield key, ModelPart(version=model.version, blocks=blocks)
