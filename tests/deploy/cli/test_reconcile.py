"""`lianfang reconcile`: its exit code says whether it adds up."""

from __future__ import annotations

import json

import pytest

from deploy import reconcile as module
from schemas.models.raw import Ledger
from tests.deploy.cli.conftest import Filled, Run
from tests.deploy.fakes import entry


def ledger(received: int) -> Ledger:
    """What the stage `contacts` did with one partition of presences."""
    return Ledger(stage="contacts", topic="presence", partition=0, through=received - 1, received=received, applied=received, duplicates=0, rejected=0)


@pytest.mark.parametrize(("received", "there", "code", "said"), [(2, 2, 0, "adds up"), (2, 3, 2, "adds up; 1 waiting"), (2, 1, 1, "1 more were received")])
def test_exit_code(received: int, there: int, code: int, said: str, run: Run, filled: Filled, monkeypatch: pytest.MonkeyPatch) -> None:
    """0 when all adds up, 2 when messages wait, 1 when something does not add up; the table and the JSON say which."""
    filled(entry("ledger", ledger(received)), *(entry("presence", None, offset=number) for number in range(there)))
    monkeypatch.setattr(module, "gone", lambda *_: set())
    told = run("reconcile")
    assert told.code == code
    assert said in told.out
    rows = json.loads(run("reconcile", "--json").out)
    (row,) = [row for row in rows if row["topic"] == "presence"]
    assert (row["received"], row["on_topic"], bool(row["problems"])) == (received, there, code == 1)


def test_old_messages_that_have_gone(run: Run, filled: Filled, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where old messages have gone the table says so, and it is no difference."""
    filled(entry("ledger", ledger(5)), entry("presence", None, offset=4))
    monkeypatch.setattr(module, "gone", lambda *_: {("presence", 0)})
    told = run("reconcile")
    assert told.code == 0
    assert "1 (older have gone)" in told.out
