"""The connection to the broker's administration, and what it says when there is none."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from kafka.errors import InvalidReplicationFactorError, KafkaTimeoutError

from deploy import admin as module
from deploy.admin import Refused, admin, beginnings
from deploy.bus import Bus
from schemas.settings import Settings
from tests.deploy.fakes import FakeAdmin


@pytest.fixture
def bus(tmp_path: Path) -> Bus:
    """A bus whose broker is named."""
    return Bus(Settings(home=tmp_path, brokers="one.test:9092,two.test:9092", registry="http://registry.test"))


def test_no_broker(bus: Bus, monkeypatch: pytest.MonkeyPatch) -> None:
    """A broker that is not there is named, with what to do."""

    def away(**options: Any) -> FakeAdmin:
        assert options["bootstrap_servers"] == ["one.test:9092", "two.test:9092"]
        raise KafkaTimeoutError("away")

    monkeypatch.setattr(module, "KafkaAdminClient", away)
    with pytest.raises(Refused, match=r"no broker at one\.test:9092.*lianfang status"), admin(bus):
        pass


def test_refusals_are_told_and_the_connection_let_go(bus: Bus, monkeypatch: pytest.MonkeyPatch) -> None:
    """What the broker refuses while the connection is open is told as a refusal; the connection is let go in any case."""
    fake = FakeAdmin()
    monkeypatch.setattr(module, "KafkaAdminClient", lambda **_: fake)
    with admin(bus) as client:
        assert client is fake
    with pytest.raises(Refused, match="InvalidReplicationFactorError"), admin(bus):
        raise InvalidReplicationFactorError("3 copies and 1 broker")
    with pytest.raises(ZeroDivisionError), admin(bus):
        raise ZeroDivisionError
    assert fake.closed == 3


def test_beginnings() -> None:
    """The first offset of each partition, by the topic's name in the contract."""
    fake = FakeAdmin()
    fake.add("ns.presence", 2, {})
    fake.begins["ns.presence", 1] = 17
    assert beginnings(fake, "ns.", ["presence"]) == {("presence", 0): 0, ("presence", 1): 17}
