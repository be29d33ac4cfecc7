"""Runs that found a bug, each with its seed: `pytest -m chaos tests/chaos`, many minutes."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.chaos.run import run

FOUND = [
    pytest.param(7, 5_000, 20, id="a publisher waited for ever for a batch that kafka-python had forgotten when its connection was cut"),
    pytest.param(7, 50_000, 60, id="a task read inputs again from the start when its broker had just come back, and its coordinator was still loading"),
]
"""Seed, facts and faults. What mended it has a test of its own beside the code; here the whole is tried again."""


@pytest.mark.chaos
@pytest.mark.timeout(3_600)
@pytest.mark.parametrize(("seed", "facts", "faults"), FOUND)
def test_what_was_found_stays_mended(seed: int, facts: int, faults: int, tmp_path: Path) -> None:
    """The run in which the bug showed has no anomaly."""
    outcome = run(tmp_path, seed, facts, faults, lambda _: None)
    assert outcome.anomalies == [], "\n".join(outcome.differences)
