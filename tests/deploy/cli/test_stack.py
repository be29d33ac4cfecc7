"""Commands about the local stack, without one."""

from __future__ import annotations

import json
from pathlib import Path

from tests.deploy.cli.conftest import Run


def test_status_without_a_stack(run: Run) -> None:
    """Without a stack `status` says of each part that it does not run, and exits with 1."""
    told = run("status", "--json")
    assert told.code == 1
    assert {part: state["running"] for part, state in json.loads(told.out).items()} == {"kafka": False, "registry": False}
    assert "not running" in run("status").out


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
