"""`lianfang vault`: counts and rotation."""

from __future__ import annotations

import json

import pytest

from schemas.settings import Settings
from tests.deploy.cli.conftest import Run


def test_rotate(run: Run) -> None:
    """Rotation wraps every key that stands, tells how many were destroyed, and what was sealed before opens afterwards."""
    keys = Settings().keys
    sealed = keys.seal("a" * 32, {"name": "杨测试"})
    keys.seal("b" * 32, {"name": "李样本"})
    keys.vault.destroy(keys.vault.close(["b" * 32]))
    before = json.loads(run("vault", "status", "--json").out)
    assert (list(before["keys"].values()), before["destroyed"]) == ([1], 1)
    assert json.loads(run("vault", "rotate", "--json").out) == {"rotated": 1}
    after = json.loads(run("vault", "status", "--json").out)
    assert (list(after["keys"].values()), after["destroyed"]) == ([1], 1)
    assert before["keys"].keys().isdisjoint(after["keys"])
    assert Settings().keys.open("a" * 32, sealed) == {"name": "杨测试"}


def test_keys_that_follow_from_the_secret(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every machine with the secret has the same; nothing can be destroyed or wrapped anew, which is said before anything is done."""
    monkeypatch.setenv("LIANFANG_VAULT", "derived")
    sealed = Settings().keys.seal("a" * 32, {"name": "杨测试"})
    assert Settings().keys.open("a" * 32, sealed) == {"name": "杨测试"}
    for words in (("erase", "propose", "a" * 32, "--reason", "request", "--by", "OP-1"), ("erase", "approve", "a" * 32, "--by", "OP-2"), ("vault", "rotate")):
        ran = run(*words)
        assert (ran.code, "follow from the secret" in ran.err) == (1, True), ran.err
    assert not (Settings().home / "vault.db").exists()
