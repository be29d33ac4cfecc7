"""Making the broker and the registry what the contract says."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from kafka.admin import ConfigResource, ConfigResourceType, KafkaAdminClient, NewTopic
from kafka.errors import KafkaError

from deploy.bus import Bus
from schemas.avro import schema_of
from schemas.topics import Topic

COMPATIBILITY = "FULL_TRANSITIVE"
"""Old readers read new values and new readers old ones: agencies upgrade when they can, and topics are replayed from their beginning."""


class Refused(Exception):
    """The contract cannot be applied; the message says what stands against it."""


@dataclass(frozen=True, slots=True)
class Change:
    """One difference between the contract and what there is."""

    topic: str
    what: str
    detail: str


def plan(bus: Bus) -> list[Change]:
    """What `apply` would do, without doing it; raises Refused when something cannot be done."""
    admin = _admin(bus)
    try:
        return _topic_changes(bus, admin) + _schema_changes(bus)
    finally:
        admin.close()


def apply(bus: Bus) -> list[Change]:
    """Make missing topics, mend their settings, register schemas; returns what was done. Deletes nothing; the second time it does nothing."""
    changes = plan(bus)
    admin = _admin(bus)
    try:
        new = [bus.topics[change.topic] for change in changes if change.what == "create"]
        if new:
            admin.create_topics([NewTopic(name=bus.settings.namespace + one.name, num_partitions=one.partitions or 1, replication_factor=one.replication,
                                          topic_configs=_configs(one)) for one in new])  # fmt: skip
        for change in changes:
            if change.what == "configure":
                resource = ConfigResource(ConfigResourceType.TOPIC, bus.settings.namespace + change.topic, configs=_configs(bus.topics[change.topic]))
                admin.alter_configs([resource])
    finally:
        admin.close()
    for change in changes:
        model = bus.topics[change.topic].model
        if change.what == "register" and model:
            subject = f"{bus.settings.namespace}{change.topic}-value"
            bus.registry.register(subject, schema_of(model))
            bus.registry.require(subject, COMPATIBILITY)
    return changes


def _admin(bus: Bus) -> KafkaAdminClient:
    try:
        return KafkaAdminClient(bootstrap_servers=bus.endpoints.brokers.split(","))
    except KafkaError as error:
        raise Refused(f"no broker at {bus.endpoints.brokers} ({type(error).__name__}): `lianfang status` tells what runs") from error


def _topic_changes(bus: Bus, admin: KafkaAdminClient) -> list[Change]:
    prefix = bus.settings.namespace
    there = {name.removeprefix(prefix) for name in admin.list_topics() if name.startswith(prefix)}
    changes = [Change(name, "create", f"{topic.partitions} partitions, {topic.cleanup}") for name, topic in bus.topics.items() if name not in there]
    known = [name for name in bus.topics if name in there]
    for name, (partitions, configs) in _found(admin, prefix, known).items():
        topic = bus.topics[name]
        if partitions != topic.partitions:
            raise Refused(
                f"topic {name} has {partitions} partitions and the contract says {topic.partitions}: keys would move. Replay into a new namespace instead."
            )
        wrong = {key: value for key, value in _configs(topic).items() if configs.get(key) != value}
        if wrong:
            changes.append(Change(name, "configure", ", ".join(f"{key}={value}" for key, value in wrong.items())))
    return changes


def _found(admin: KafkaAdminClient, prefix: str, names: list[str]) -> dict[str, tuple[int, dict[str, str]]]:
    """Partitions and settings of topics that are there."""
    if not names:
        return {}
    partitions = {one["name"]: len(one["partitions"]) for one in admin.describe_topics([prefix + name for name in names])}
    described: dict[str, dict[str, dict[str, Any]]] = admin.describe_configs([ConfigResource(ConfigResourceType.TOPIC, prefix + name) for name in names])[
        "topic"
    ]
    return {name: (partitions[prefix + name], {key: entry["value"] for key, entry in described.get(prefix + name, {}).items()}) for name in names}


def _configs(topic: Topic) -> dict[str, str]:
    configs = {"cleanup.policy": topic.cleanup, "retention.ms": str(topic.retention_ms)}
    if topic.cleanup == "compact":
        configs |= {"min.cleanable.dirty.ratio": "0.3", "segment.ms": "3600000"}
    return configs


def _schema_changes(bus: Bus) -> list[Change]:
    """Schemas to register; raises Refused naming every topic whose schema no longer fits those registered before."""
    subjects = set(bus.registry.subjects())
    changes, broken = [], []
    for name, topic in bus.topics.items():
        subject = f"{bus.settings.namespace}{name}-value"
        if topic.model is None:
            continue
        schema = schema_of(topic.model)
        if subject not in subjects:
            changes.append(Change(name, "register", topic.value))
        elif not bus.registry.known(subject, schema):
            problems = bus.registry.compatible(subject, schema)
            broken += [f"{name}: {problem}" for problem in problems]
            changes.append(Change(name, "register", f"{topic.value}, a new version"))
    if broken:
        raise Refused("the schemas are not compatible with those registered, nothing was changed:\n" + "\n".join(broken))
    return changes
