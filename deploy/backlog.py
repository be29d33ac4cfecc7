"""Where records of each source may wait on this bus, for whatever brings them in."""

from __future__ import annotations

from collections.abc import Collection

from kafka.admin import KafkaAdminClient

from connectors.backlog import Backlog, Broker, Place
from deploy.bus import Bus
from schemas.brokers import Brokers
from schemas.source import Source
from streams.stage import Stage

_TIMEOUT = 5_000
"""Milliseconds within which a broker that is there answers such a question."""


def backlog(bus: Bus) -> Backlog:
    """What waits for the stages of a bus, with the bounds of its sources."""
    return Backlog(Broker(lambda: _connected(bus.brokers)), ways(bus), {source.name: bound(bus, source) for source in bus.sources.values()})


def bound(bus: Bus, source: Source) -> int:
    """How many messages may wait for one stage before no more of a source are taken in; 0 is no bound."""
    return bus.settings.backlog if source.backlog is None else source.backlog


def ways(bus: Bus) -> dict[str, list[Place]]:
    """By source, its own topic at the first stage, and every input of the stages behind it.

    What is urgent passes all else at each stage. So an urgent source counts its own topic alone, and the urgent inputs of stages count for nobody: neither does
    a flood of scans shut out a result, nor the wave of contacts that follows a result the scans.
    """
    first, *behind = bus.stages
    later = [place for stage in behind if (place := _place(bus, stage, set(stage.inputs) - set(stage.urgent))).topics]
    found = {}
    for name in bus.sources:
        mine = _place(bus, first, {f"raw.{name}"})
        found[name] = [mine] if f"raw.{name}" in first.urgent else [mine, *later]
    return found


def _place(bus: Bus, stage: Stage, topics: Collection[str]) -> Place:
    namespace = bus.settings.namespace
    counts = tuple((namespace + topic, bus.topics[topic].partitions or 1) for topic in sorted(topics))
    return Place(stage.name, f"{namespace}lianfang.{stage.name}", counts)


def _connected(brokers: Brokers) -> KafkaAdminClient:
    return KafkaAdminClient(**brokers.options(), bootstrap_timeout_ms=_TIMEOUT, request_timeout_ms=_TIMEOUT)
