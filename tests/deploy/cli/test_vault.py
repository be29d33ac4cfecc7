"""`lianfang vault`: counts and rotation."""

from __future__ import annotations

import json

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
