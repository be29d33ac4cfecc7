"""The difference between the contract and what there is, as a list of changes; pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from deploy.compatibility import problems
from schemas.avro import schema_of
from schemas.topics import Topic

_COMPACTED_BY = 86_400_000
"""Milliseconds after which the broker looks at what was superseded in a topic about persons, however little of it there is: one day."""
LEVELS = {"full": "FULL_TRANSITIVE", "backward": "BACKWARD_TRANSITIVE", "none": "NONE"}
"""The registry's word for a topic's compatibility. Transitive: agencies upgrade when they can, and topics are replayed from their beginning."""


class Misfit(Exception):
    """The contract cannot be applied to what there is; the message says what stands against it."""


@dataclass(frozen=True, slots=True)
class Change:
    """One difference between the contract and what there is.

    `what` is create, configure, register or protect (set the registry's compatibility level), which `apply` does, or unknown, which it leaves alone.
    """

    topic: str
    what: str
    detail: str


@dataclass(frozen=True, slots=True)
class Found:
    """A topic on the broker: partitions, copies of the partition with the fewest, and the settings that differ from the broker's own."""

    partitions: int
    copies: int
    settings: Mapping[str, str]


class Schemas(Protocol):
    """What is asked of a schema registry here."""

    def subjects(self) -> list[str]:
        """All subjects."""

    def known(self, subject: str, schema: dict[str, Any]) -> bool:
        """Whether exactly this schema is registered."""

    def compatible(self, subject: str, schema: dict[str, Any]) -> list[str]:
        """What stops a schema from following those registered."""

    def versions(self, subject: str) -> list[dict[str, Any]]:
        """All schemas of a subject."""

    def level(self, subject: str) -> str | None:
        """The compatibility level of a subject."""


def settings(topic: Topic) -> dict[str, str]:
    """Kafka's settings for a topic."""
    wanted = {"cleanup.policy": topic.cleanup, "retention.ms": str(topic.retention_ms)}
    if topic.cleanup == "compact":
        wanted |= {"min.cleanable.dirty.ratio": "0.3", "segment.ms": "3600000"}
        if topic.privacy != "none":  # what was taken back of a person is to go from the disk, not only from view
            wanted["max.compaction.lag.ms"] = str(_COMPACTED_BY)
    if (topic.replication or 1) > 2:
        wanted |= {"min.insync.replicas": "2"}
    return wanted


def topic_changes(contract: Mapping[str, Topic], found: Mapping[str, Found]) -> list[Change]:
    """Topics to make, settings to mend, and what is there without being in the contract; raises Misfit naming every topic with other partitions."""
    moved = [f"{name} has {found[name].partitions} and not {topic.partitions}" for name, topic in contract.items()
             if name in found and found[name].partitions != topic.partitions]  # fmt: skip
    if moved:
        raise Misfit(f"the number of partitions differs, and keys would move: {'; '.join(moved)}. Replay into a new namespace instead.")
    changes = [Change(name, "create", f"{topic.partitions} partitions, {topic.replication} copies, {topic.cleanup}")
               for name, topic in contract.items() if name not in found]  # fmt: skip
    for name, topic in contract.items():
        if name in found:
            changes += _topic_change(topic, found[name])
    return changes + [Change(name, "unknown", "not in the contract; left alone") for name in sorted(found.keys() - contract.keys())]


def _topic_change(topic: Topic, found: Found) -> Iterable[Change]:
    wanted = settings(topic)
    wrong = {key: value for key, value in wanted.items() if found.settings.get(key) != value}
    if wrong:
        yield Change(topic.name, "configure", _listed(wrong))
    foreign = {key: value for key, value in found.settings.items() if key not in wanted}
    if foreign:
        yield Change(topic.name, "unknown", f"settings that are not in the contract, left alone: {_listed(foreign)}")
    if topic.replication and found.copies < topic.replication:
        yield Change(topic.name, "unknown", f"{found.copies} copies and not {topic.replication}; kafka-reassign-partitions makes more")


def schema_changes(contract: Mapping[str, Topic], registry: Schemas, namespace: str) -> list[Change]:
    """Schemas to register and subjects to protect; raises Misfit with model and field of everything that no longer fits what is registered."""
    subjects = set(registry.subjects())
    changes: list[Change] = []
    broken: list[str] = []
    for name, topic in contract.items():
        if topic.model is None:
            continue
        subject, schema, level = f"{namespace}{name}-value", schema_of(topic.model), LEVELS[topic.compatibility]
        if subject not in subjects:
            changes.append(Change(name, "register", topic.value))
        elif not registry.known(subject, schema):
            broken += [f"{name}: {problem}" for problem in _unfit(registry, topic, subject, schema)]
            changes.append(Change(name, "register", f"{topic.value}, a new version"))
        if subject not in subjects or registry.level(subject) != level:
            changes.append(Change(name, "protect", level))
    if broken:
        raise Misfit("the schemas are not compatible with those registered, nothing was changed:\n" + "\n".join(broken))
    return changes


def _unfit(registry: Schemas, topic: Topic, subject: str, schema: dict[str, Any]) -> list[str]:
    """What our own check finds against each registered version, which names fields; else what the registry says."""
    found = [problem for old in registry.versions(subject) for problem in problems(schema, old, topic.compatibility)]
    return list(dict.fromkeys(found)) or registry.compatible(subject, schema)


def _listed(pairs: Mapping[str, str]) -> str:
    return ", ".join(f"{key}={value}" for key, value in sorted(pairs.items()))
