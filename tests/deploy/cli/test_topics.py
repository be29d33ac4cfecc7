"""`lianfang topics`: what would be done, and what was."""

from __future__ import annotations

import json

import pytest

from deploy import topics as module
from deploy.plan import Change, Misfit
from tests.deploy.cli.conftest import Run

CHANGES = [Change("presence", "create", "2 partitions"), Change("old", "unknown", "not in the contract; left alone")]


@pytest.mark.parametrize(("word", "title"), [("plan", "Would be done: 1"), ("apply", "Done: 1")])
def test_changes_are_told(word: str, title: str, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each change is a row; what is unknown is shown and not counted."""
    monkeypatch.setattr(module, word, lambda _: CHANGES)
    told = run("topics", word)
    assert title in told.out
    assert "left alone" in told.out
    assert [one["what"] for one in json.loads(run("topics", word, "--json").out)] == ["create", "unknown"]


def test_nothing_to_do(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """When all is as the contract says, that is said."""
    monkeypatch.setattr(module, "plan", lambda _: [])
    assert "nothing, all is as the contract says" in run("topics", "plan").out
    assert json.loads(run("topics", "plan", "--json").out) == []


def test_misfit_is_a_problem(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """A contract that does not fit is told without a traceback."""

    def misfit(_: object) -> list[Change]:
        raise Misfit("presence has 5 and not 2")

    monkeypatch.setattr(module, "apply", misfit)
    told = run("topics", "apply")
    assert (told.code, told.err) == (1, "lianfang: presence has 5 and not 2\n")
