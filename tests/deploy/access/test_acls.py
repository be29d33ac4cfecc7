"""Grants count when every broker goes by them."""

from __future__ import annotations

from typing import Any

import pytest

from deploy.access import acls
from deploy.access.grants import Grant
from deploy.access.plan import Change
from deploy.admin import Refused

NEW = Grant("clock", "topic", "control.tick", "write")
OLD = Grant("mallory", "topic", "case", "read")
DONE = [Change("clock", "grant", "", NEW), Change("mallory", "revoke", "", OLD)]


class Cluster:
    """Brokers, the last of them fenced; each tells what it goes by, which changes with each time that it is asked."""

    def __init__(self, *told: list[set[Grant]]) -> None:
        self.asked = [0] * len(told)
        self._told = told

    def describe_cluster(self) -> dict[str, Any]:
        """As the client's."""
        return {"brokers": [{"broker_id": number, "is_fenced": False} for number in range(len(self._told))] + [{"broker_id": 9, "is_fenced": True}]}

    def found(self, broker: int) -> set[Grant]:
        """What one of them tells now."""
        self.asked[broker] += 1
        told = self._told[broker]
        return told[min(self.asked[broker], len(told)) - 1]


def test_each_broker_is_asked_until_it_knows(monkeypatch: pytest.MonkeyPatch) -> None:
    """One that is behind with a grant, then with what is revoked; one that is fenced is not asked."""
    cluster = Cluster([{NEW}], [{OLD}, {OLD, NEW}, {NEW}])
    monkeypatch.setattr(acls, "_found_at", Cluster.found)
    acls._known_everywhere(cluster, DONE)
    assert cluster.asked == [1, 3]


def test_a_broker_that_stays_behind_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    """After a while it is said which."""
    monkeypatch.setattr(acls, "_found_at", Cluster.found)
    monkeypatch.setattr(acls, "_PATIENCE", 0.1)
    with pytest.raises(Refused, match="broker 1 does not go by"):
        acls._known_everywhere(Cluster([{NEW}], [{OLD, NEW}]), DONE)


def test_nobody_is_asked_when_nothing_was_done(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is unknown is left alone, and there is nothing to wait for."""
    cluster = Cluster([{OLD}])
    monkeypatch.setattr(acls, "_found_at", Cluster.found)
    acls._known_everywhere(cluster, [Change("mallory", "unknown", "", OLD)])
    assert cluster.asked == [0]
