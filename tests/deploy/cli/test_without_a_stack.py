"""What needs a broker says so when there is none."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.deploy.cli.conftest import Run

NEEDING = ["topics plan", "topics apply", "worker", "serve --port 0", "cases list", "cases show abc --by CDC-1 --reason tracing", "rejects list", "rejects show abc", "trace abc", "reconcile"]


@pytest.mark.parametrize("words", NEEDING)
def test_no_stack(words: str, run: Run) -> None:
    """Without a stack the command exits with 1, prints nothing else, and says how to start one or to name another."""
    told = run(*words.split())
    assert (told.code, told.out) == (1, "")
    assert "run `lianfang up`, or set LIANFANG_BROKERS and LIANFANG_REGISTRY" in told.err
    assert "Traceback" not in told.err


@pytest.mark.parametrize("words", NEEDING)
def test_half_a_stack(words: str, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """With a broker named and no registry the command says which variable is missing."""
    monkeypatch.setenv("LIANFANG_BROKERS", "broker.test:9092")
    told = run(*words.split())
    assert told.code == 1
    assert "LIANFANG_REGISTRY is not set" in told.err


def test_publish(run: Run, tmp_path: Path) -> None:
    """`publish` checks source and files before it asks for a broker."""
    file = tmp_path / "records.jsonl"
    file.write_text("{}\n")
    assert "no source nothing; sources are absence, border-crossing" in run("publish", "nothing", str(file)).err
    assert "is a folder: name its files, or use --watch" in run("publish", "travel", str(tmp_path)).err
    assert "--watch takes one folder" in run("publish", "travel", str(file), "--watch").err
    assert run("publish", "travel", str(tmp_path / "missing.jsonl")).code == 2
    assert "run `lianfang up`" in run("publish", "travel", str(file)).err


def test_names_are_checked_first(run: Run) -> None:
    """A stage, agency or source that is not there is named, with those that are."""
    assert "no stage dreams; stages are normalise, decisions" in run("worker", "--stages", "normalise,dreams").err
    assert "no webhook for nobody; agencies with one: daguan-county-cdc" in run("deliver", "--agency", "nobody").err
    assert "no webhook for cuihua-community" in run("deliver", "--agency", "cuihua-community").err
    assert "no source nothing; sources are" in run("trace", "nothing", "S-1").err
