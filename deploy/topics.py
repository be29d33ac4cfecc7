"""Making the broker and the registry what the contract says. The only place that creates topics."""

from __future__ import annotations

from kafka.admin import ConfigResource, ConfigResourceType, KafkaAdminClient

from deploy.admin import Refused, admin
from deploy.bus import Bus
from deploy.plan import LEVELS, Change, Found, schema_changes, settings, topic_changes
from schemas.avro import schema_of

_READY = 60_000
"""Milliseconds within which every new topic has a leader; kafka-python's ten seconds are too few for a hundred of them on a broker that has work."""


def plan(bus: Bus) -> list[Change]:
    """What `apply` would do, without doing it; raises Misfit when something cannot be done."""
    with admin(bus) as client:
        found = _found(client, bus.settings.namespace)
    return topic_changes(bus.topics, found) + schema_changes(bus.topics, bus.registry, bus.settings.subject_prefix)


def apply(bus: Bus) -> list[Change]:
    """Make missing topics, mend their settings, register schemas; returns what was done. Deletes nothing; the second time it does nothing."""
    changes = [change for change in plan(bus) if change.what != "unknown"]
    with admin(bus) as client:
        _create(client, bus, [change.topic for change in changes if change.what == "create"])
        _configure(client, bus, [change.topic for change in changes if change.what == "configure"])
    for change in changes:
        topic = bus.topics[change.topic]
        subject = f"{bus.settings.subject_prefix}{change.topic}-value"
        if change.what == "register" and topic.model:
            bus.registry.register(subject, schema_of(topic.model))
        if change.what == "protect":
            bus.registry.require(subject, LEVELS[topic.compatibility])
    return changes


def _found(client: KafkaAdminClient, namespace: str) -> dict[str, Found]:
    """Our topics on the broker, by their names in the contract."""
    names = [name for name in client.list_topics() if name.startswith(namespace) and not name.removeprefix(namespace).startswith("_")]
    if not names:
        return {}
    described = client.describe_configs([ConfigResource(ConfigResourceType.TOPIC, name) for name in names])["topic"]
    return {
        one["name"].removeprefix(namespace): Found(
            len(one["partitions"]), min((len(part["replica_nodes"]) for part in one["partitions"]), default=0),
            {key: entry["value"] for key, entry in described[one["name"]].items() if entry["config_source"] == "DYNAMIC_TOPIC_CONFIG"},
        )
        for one in client.describe_topics(names)
    }  # fmt: skip


def _create(client: KafkaAdminClient, bus: Bus, names: list[str]) -> None:
    """Make topics, and wait until each has a leader for all its partitions."""
    if names:
        wanted = {bus.settings.namespace + name: bus.topics[name] for name in names}
        client.create_topics(
            {name: {"num_partitions": one.partitions, "replication_factor": one.replication, "configs": settings(one)} for name, one in wanted.items()},
        )
        client.wait_for_topics(list(wanted), timeout_ms=_READY)


def _configure(client: KafkaAdminClient, bus: Bus, names: list[str]) -> None:
    """Set what the contract says, one setting by one, so that others stay; raises Refused with what the broker said."""
    if names:
        wanted = [ConfigResource(ConfigResourceType.TOPIC, bus.settings.namespace + name, configs=settings(bus.topics[name])) for name in names]
        answers = client.alter_configs(wanted, incremental=True)["topic"]
        refused = [f"{name}: {answer}" for name, answer in answers.items() if answer != "OK"]
        if refused:
            raise Refused(f"the broker did not take the settings of {'; '.join(refused)}")
