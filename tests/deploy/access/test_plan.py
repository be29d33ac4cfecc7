"""What makes the broker's grants into the contract's."""

from __future__ import annotations

from dataclasses import replace

import pytest

from deploy.access.grants import Grant
from deploy.access.plan import changes

MINE = Grant("clock", "topic", "control.tick", "write")
GROUP = Grant("agency.a", "group", "agency.a.", "read", prefixed=True)
WANTED = {MINE, GROUP}


def what(found: set[Grant]) -> list[tuple[str, str]]:
    """Each change in short."""
    return [(one.principal, one.what) for one in changes(WANTED, found, ["clock", "agency.a"], [])]


def test_missing_grants_and_principals_are_made() -> None:
    """Whom the broker does not know comes first."""
    found = changes(WANTED, set(), ["clock", "agency.a"], ["clock"])
    assert [(one.principal, one.what) for one in found] == [("clock", "secret"), ("agency.a", "grant"), ("clock", "grant")]
    assert found[1].detail == "read group agency.a.…"


def test_nothing_is_to_do_when_all_is_so() -> None:
    """The second time nothing is changed."""
    assert what(WANTED) == []


@pytest.mark.parametrize("more", [
    Grant("clock", "topic", "elsewhere", "read"),
    Grant("clock", "cluster", "kafka-cluster", "alter"),
    Grant("mallory", "topic", "control.tick", "read"),
    Grant("*", "topic", "*", "read"),
    Grant("mallory", "topic", "cont", "write", prefixed=True),
    Grant("mallory", "topic", "", "write", prefixed=True),
    Grant("mallory", "group", "agency.a.of-mallory", "read"),
    replace(MINE, host="10.0.0.1"),
], ids=["ours-elsewhere", "ours-at-the-cluster", "foreign", "everybody", "prefix", "empty-prefix", "within-a-prefix", "another-host"])  # fmt: skip
def test_what_is_too_much_is_revoked(more: Grant) -> None:
    """Anything else that our principals may do, and whatever lets others at what the contract is about."""
    assert what({*WANTED, more}) == [(more.principal, "revoke")]


@pytest.mark.parametrize("more", [
    Grant("mallory", "topic", "of-another-bus", "read"),
    Grant("mallory", "cluster", "kafka-cluster", "alter"),
    Grant("clock", "topic", "control.tick", "read", allow=False),
], ids=["another-bus", "cluster", "forbids"])  # fmt: skip
def test_what_is_not_about_us_is_told_and_left(more: Grant) -> None:
    """An operator may have shut somebody out, and other buses share the broker."""
    assert what({*WANTED, more}) == [(more.principal, "unknown")]
