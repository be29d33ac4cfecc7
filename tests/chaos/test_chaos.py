"""The short form of `make chaos`: a few hundred records and a handful of faults on the real broker, judged as the long form is."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.chaos.faults import Kind
from tests.chaos.run import run

SEED = int(os.environ.get("LIANFANG_SEED", "7"))
"""Of the load and the faults; LIANFANG_SEED tries another."""
SHORT = (Kind.KILL_WORKER, Kind.KILL_PUBLISHER, Kind.KILL_INTAKE, Kind.RECEIVER_HALF, Kind.CUT, Kind.LOSE_STATE, Kind.KILL_DELIVERER)
"""Kinds that take little time; the long form has all."""


@pytest.mark.timeout(600)
def test_faults_change_nothing(tmp_path: Path) -> None:
    """Processes are killed, connections cut, state is lost, responses break off: what stands, and all that was ever shown, is what the oracle says."""
    told: list[str] = []
    outcome = run(tmp_path, SEED, 1_000, len(SHORT), told.append, SHORT)
    assert {fault.kind for fault in outcome.faults} == set(SHORT)
    assert outcome.anomalies == [], "\n".join(outcome.differences[:3] or told[-3:])
    assert outcome.numbers["source_facts"] >= 1_000
    assert outcome.numbers["delivered"] > 0
