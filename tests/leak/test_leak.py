"""No field reaches a topic that it should not, through merges, splits, corrections, retractions, expiry, levels, erasures and changed files; and the test can fail."""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Sequence
from functools import cache
from pathlib import Path

import pytest

from tests.leak.mutations import MUTATIONS
from tests.leak.play import Play, plays, run
from tests.leak.watch import Leak

_SELDOM = {"what is too old comes in", "copies never end", "whoever was ever there is a contact", "bands of ages go with the course"}
"""Mutations that one play in ten shows or fewer, which `python -m tests.leak` looks for."""
_EACH, _SEEDS = 10, range(1, 13)
"""So many plays of each seed; the first seed is enough for nearly all, the others are drawn when a leak does not show in it."""


@cache
def drawn(seed: int) -> list[Play]:
    """Some plays, drawn once."""
    return plays(_EACH, seed)


def test_nothing_leaks() -> None:
    """Every message ever written in some plays is one that its topic may hold, and at rest what agencies hold follows from what is true; some of it was released."""
    counts: Counter[str] = Counter()
    for play in drawn(_SEEDS[0]):
        counts += run(play)
    assert counts["deliver"] > 10


@pytest.mark.parametrize("mutation", [name for name in MUTATIONS if name not in _SELDOM])
def test_a_leak_is_found(mutation: str) -> None:
    """Each leak that is put into the stages on purpose is found in one of the plays."""
    with MUTATIONS[mutation]():
        assert any(found(drawn(seed)) for seed in _SEEDS), "the leak was not found"


def found(every: Sequence[Play]) -> bool:
    """Whether one of the plays shows a leak."""
    for play in every:
        try:
            run(play)
        except Leak:
            return True
    return False


@pytest.mark.parametrize("name", ["rule", "told", "classes", "watch"])
def test_the_rule_is_not_the_code_that_it_judges(name: str) -> None:
    """What judges imports no stage: of `streams` only what a message is."""
    tree = ast.parse(Path(__file__).with_name(f"{name}.py").read_text("utf-8"))
    ours = [node.module for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) and node.module]
    assert [one for one in ours if one.startswith("streams")] in ([], ["streams.stage"])
