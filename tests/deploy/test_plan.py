"""What a plan says: each kind of difference, and what is refused."""

from __future__ import annotations

import copy
from typing import Any

import pytest

from deploy.plan import Change, Found, Misfit, schema_changes, settings, topic_changes
from schemas.avro import schema_of
from schemas.models.movement import Presence
from schemas.topics import Topic, written
from tests.deploy.fakes import FakeRegistry


def topic(called: str, **change: Any) -> Topic:
    """A topic of the contract on two partitions."""
    return written()[called].model_copy(update={"partitions": 2, "replication": 1} | change)


PRESENCE, LINKED, STATE = topic("presence"), topic("case.linked"), topic("state.*", name="state.cases")


def test_settings_of_a_topic() -> None:
    """A topic keeps by age, a compacted one by key and for ever, and one with three copies wants two of them written."""
    assert settings(PRESENCE) == {"cleanup.policy": "delete", "retention.ms": str(30 * 86_400_000)}
    assert settings(LINKED)["cleanup.policy"] == "compact"
    assert settings(LINKED)["retention.ms"] == "-1"
    assert settings(topic("audit"))["retention.ms"] == "-1"
    assert settings(topic("audit", replication=3))["min.insync.replicas"] == "2"


def test_what_is_superseded_about_persons_goes_within_a_day() -> None:
    """Each compacted topic about persons, releases and changelogs included, bounds how long the broker may leave what was superseded; others do not."""
    compacted = [one for one in written().values() if one.cleanup == "compact"]
    bounded = {one.name for one in compacted if "max.compaction.lag.ms" in settings(one)}
    assert {"deliver.*", "state.*", "case.linked"} <= bounded
    assert bounded == {one.name for one in compacted if one.privacy != "none"}


def test_missing_topics_are_created() -> None:
    """A topic that is not there is to be made, with its numbers."""
    assert topic_changes({"presence": PRESENCE}, {}) == [Change("presence", "create", "2 partitions, 1 copies, delete")]


def test_nothing_to_do() -> None:
    """A topic that is as the contract says is left alone."""
    assert topic_changes({"presence": PRESENCE}, {"presence": Found(2, 1, settings(PRESENCE))}) == []


def test_wrong_settings_are_named() -> None:
    """Only what differs is named; a setting that is missing differs."""
    found = Found(2, 1, {"cleanup.policy": "delete", "retention.ms": "1000"})
    assert topic_changes({"presence": PRESENCE}, {"presence": found}) == [Change("presence", "configure", "retention.ms=2592000000")]
    (change,) = topic_changes({"case.linked": LINKED}, {"case.linked": Found(2, 1, {"cleanup.policy": "compact", "retention.ms": "-1"})})
    assert change.detail == "max.compaction.lag.ms=86400000, min.cleanable.dirty.ratio=0.3, segment.ms=3600000"


def test_what_is_not_in_the_contract_is_told() -> None:
    """Topics and settings that the contract does not know, and copies that are missing, are reported and nothing is planned for them."""
    found = {"presence": Found(2, 1, settings(PRESENCE) | {"retention.bytes": "99"}), "left-over": Found(1, 1, {})}
    changes = topic_changes({"presence": PRESENCE.model_copy(update={"replication": 2})}, found)
    assert [(change.topic, change.what) for change in changes] == [("presence", "unknown"), ("presence", "unknown"), ("left-over", "unknown")]
    assert "retention.bytes=99" in changes[0].detail
    assert "1 copies and not 2" in changes[1].detail


@pytest.mark.parametrize("number", [1, 3, 0])
def test_other_partitions_are_refused(number: int) -> None:
    """More partitions are refused like fewer, for keys would move; every topic with others is named at once."""
    found = {"presence": Found(number, 1, {}), "case.linked": Found(9, 1, {})}
    with pytest.raises(Misfit, match=rf"presence has {number} and not 2; case.linked has 9 and not 2.*new namespace"):
        topic_changes({"presence": PRESENCE, "case.linked": LINKED}, found)


def test_new_subjects_are_registered_and_protected() -> None:
    """A topic without a schema in the registry gets it, and its level; a changelog has none."""
    changes = schema_changes({"presence": PRESENCE, "state.cases": STATE}, FakeRegistry(), "ns.")
    assert changes == [Change("presence", "register", "Presence"), Change("presence", "protect", "FULL_TRANSITIVE")]


def registered(*schemas: dict[str, Any], level: str | None = "FULL_TRANSITIVE", silent: bool = False) -> FakeRegistry:
    """A registry that has these schemas for `presence`."""
    registry = FakeRegistry(silent)
    registry.registered["ns.presence-value"] = list(schemas)
    if level:
        registry.levels["ns.presence-value"] = level
    return registry


def test_registered_schema_is_left_alone() -> None:
    """A schema that is registered and protected needs nothing; one whose level was never set, as after a crash, is protected."""
    assert schema_changes({"presence": PRESENCE}, registered(schema_of(Presence)), "ns.") == []
    changes = schema_changes({"presence": PRESENCE}, registered(schema_of(Presence), level=None), "ns.")
    assert changes == [Change("presence", "protect", "FULL_TRANSITIVE")]


def test_compatible_schema_is_a_new_version() -> None:
    """A schema that follows the registered one is a new version of it."""
    old = copy.deepcopy(schema_of(Presence))
    old["fields"] = [field for field in old["fields"] if field["name"] != "region"]
    assert schema_changes({"presence": PRESENCE}, registered(old), "ns.") == [Change("presence", "register", "Presence, a new version")]


@pytest.mark.parametrize("silent", [False, True])
def test_incompatible_schema_is_refused(silent: bool) -> None:
    """A schema that breaks with any registered version is refused, by topic, model and field, also when the registry gives no reason."""
    old = copy.deepcopy(schema_of(Presence))
    next(field for field in old["fields"] if field["name"] == "until")["type"] = "string"
    with pytest.raises(Misfit, match=r"nothing was changed:\npresence: Presence\.until: "):
        schema_changes({"presence": PRESENCE}, registered(old, schema_of(Presence) | {"doc": "Other."}, silent=silent), "ns.")


def test_level_is_the_topics() -> None:
    """A topic that is marked otherwise gets another level in the registry."""
    lax = PRESENCE.model_copy(update={"compatibility": "backward"})
    assert schema_changes({"presence": lax}, registered(schema_of(Presence)), "ns.") == [Change("presence", "protect", "BACKWARD_TRANSITIVE")]
