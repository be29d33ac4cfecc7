"""Commands about the local stack, without one."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from deploy.local import stack
from tests.deploy.cli.conftest import Run


def test_status_without_a_stack(run: Run) -> None:
    """Without a stack `status` says of each part that it does not run, and exits with 1."""
    told = run("status", "--json")
    assert told.code == 1
    assert {part: state["running"] for part, state in json.loads(told.out).items()} == {"kafka": False, "registry": False}
    assert "not running" in run("status").out


def test_acls_of_open_brokers_are_refused(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """Grants stop nobody where nobody is asked who they are: it is said how to secure them."""
    monkeypatch.setenv("LIANFANG_BROKERS", "broker.test:9092")
    monkeypatch.setenv("LIANFANG_REGISTRY", "http://registry.test")
    for command in ("plan", "apply"):
        told = run("acls", command)
        assert told.code == 1
        assert "open to everybody" in told.err
        assert "lianfang up --secured" in told.err


def test_a_stack_that_runs_open_says_so_loudly(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """One line that names who may read and write, and how to secure it; not of a secured one."""
    part = {"running": True, "pid": 1, "address": "-"}
    monkeypatch.setattr(stack, "status", lambda _: {"kafka": part | {"open": True}, "registry": part | {"open": True}})
    told = run("status")
    assert "OPEN TO EVERYBODY" in told.err
    assert "lianfang up --secured" in told.err
    monkeypatch.setattr(stack, "status", lambda _: {"kafka": part | {"open": False}, "registry": part | {"open": True}})
    assert "OPEN" not in run("status").err


def test_down_without_a_stack(run: Run) -> None:
    """`down` where nothing runs stops nothing and is no error."""
    told = run("down", "--json")
    assert (told.code, json.loads(told.out)) == (0, {"stopped": []})


def test_settings_without_a_stack(run: Run, home: Path) -> None:
    """`settings` needs no stack; the table names each variable and where the value is from."""
    told = run("settings")
    assert told.code == 0
    assert "LIANFANG_BROKERS" in told.out
    assert str(home)[:20] in told.out
    assert "environment" in told.out
