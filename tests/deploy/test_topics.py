"""`topics plan` and `apply` against a broker and a registry in memory."""

from __future__ import annotations

from pathlib import Path

import pytest

from deploy import admin as module
from deploy import topics
from deploy.admin import Refused
from deploy.bus import Bus
from deploy.plan import settings
from schemas.settings import Settings
from tests.deploy.fakes import FakeAdmin, FakeRegistry


@pytest.fixture
def broker(monkeypatch: pytest.MonkeyPatch) -> FakeAdmin:
    """A broker without topics, to which every connection goes."""
    fake = FakeAdmin()
    monkeypatch.setattr(module, "KafkaAdminClient", lambda **_: fake)
    return fake


@pytest.fixture
def bus(tmp_path: Path, broker: FakeAdmin) -> Bus:
    """A bus with a namespace, two partitions, and an empty registry."""
    (tmp_path / "secret").write_bytes(bytes(32))
    made = Bus(Settings(home=tmp_path, brokers="broker.test:9092", registry="http://registry.test", namespace="ns.", partitions=2))
    made.__dict__["registry"] = FakeRegistry()
    return made


def test_apply_makes_everything_and_then_nothing(bus: Bus, broker: FakeAdmin) -> None:
    """The first time every topic and schema of the contract is made, under the namespace; the second time there is nothing to do."""
    planned = topics.plan(bus)
    assert broker.created == []
    assert topics.apply(bus) == planned
    assert set(broker.topics) == {f"ns.{name}" for name in bus.topics}
    assert set(bus.registry.subjects()) == {f"ns.{name}-value" for name, topic in bus.topics.items() if topic.model}
    assert topics.apply(bus) == topics.plan(bus) == []
    assert broker.topics["ns.identity.match"]["partitions"] == 1


def test_settings_are_mended_one_by_one(bus: Bus, broker: FakeAdmin) -> None:
    """A setting that somebody changed is set back; one that the contract does not know stays as it is."""
    topics.apply(bus)
    broker.topics["ns.presence"]["settings"] |= {"retention.ms": "1", "max.message.bytes": "99"}
    assert [(change.topic, change.what) for change in topics.apply(bus)] == [("presence", "configure")]
    assert broker.altered == [("ns.presence", settings(bus.topics["presence"]))]
    assert broker.topics["ns.presence"]["settings"]["max.message.bytes"] == "99"
    assert [(change.topic, change.what) for change in topics.plan(bus)] == [("presence", "unknown")]


def test_refused_settings_are_told(bus: Bus, broker: FakeAdmin) -> None:
    """When the broker answers that it does not take a setting, that is an error and not silence."""
    topics.apply(bus)
    broker.topics["ns.presence"]["settings"]["retention.ms"] = "1"
    broker.refuses["ns.presence"] = "PolicyViolationError"
    with pytest.raises(Refused, match=r"ns\.presence: PolicyViolationError"):
        topics.apply(bus)


def test_unknown_topics_are_told_and_kept(bus: Bus, broker: FakeAdmin) -> None:
    """A topic under the namespace that is not in the contract is reported and never touched; topics of others are not looked at."""
    topics.apply(bus)
    broker.add("ns.old.topic", 3, {})
    broker.add("theirs", 3, {})
    assert [(change.topic, change.what) for change in topics.plan(bus)] == [("old.topic", "unknown")]
    assert topics.apply(bus) == []
    assert {"ns.old.topic", "theirs"} <= set(broker.topics)


def test_nothing_is_done_when_something_is_refused(bus: Bus, broker: FakeAdmin) -> None:
    """A contract that does not fit changes nothing at all."""
    broker.add("ns.presence", 5, {})
    with pytest.raises(Exception, match="presence has 5 and not 2"):
        topics.apply(bus)
    assert broker.created == []
    assert bus.registry.subjects() == []


def test_copies_are_the_setting(tmp_path: Path, broker: FakeAdmin) -> None:
    """With three copies set, every topic is made with three, of which two must be written."""
    (tmp_path / "secret").write_bytes(bytes(32))
    bus = Bus(Settings(home=tmp_path, brokers="broker.test:9092", registry="http://registry.test", replication=3))
    bus.__dict__["registry"] = FakeRegistry()
    topics.apply(bus)
    assert {(one["copies"], one["settings"]["min.insync.replicas"]) for one in broker.topics.values()} == {(3, "2")}
