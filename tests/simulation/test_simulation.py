"""The short form of `make simulation`: the runtime comes to the right answer in many worlds, and each world is the same every time."""

from __future__ import annotations

import os
import subprocess
import sys
from collections import Counter

import pytest
from click.testing import CliRunner

from deploy.docs.shipped import ROOT
from tests.simulation.__main__ import main
from tests.simulation.campaign import some
from tests.simulation.faults import FREEZES, KILLS, REQUESTS
from tests.simulation.schedule import Kind, run


def test_counting_is_exact_whatever_happens() -> None:
    """Two hundred worlds with kills, zombies, lost disks, lost answers, rebalances and compaction: each record is counted once, and nothing is stuck."""
    summary = some(range(1, 201), every=0)
    assert summary.anomalies == {}
    kinds = Counter[str]()
    for (kind, _), number in summary.injected.items():
        kinds[kind] += number
    assert kinds.keys() >= {*KILLS, *FREEZES, *REQUESTS, "compaction", "clock jump", "stop", "worker added"}
    struck = {where for _, where in summary.injected}
    assert struck >= {f"before {operation}" for operation in ("start", "recovery", "compute", "outputs", "changelog", "offsets", "commit", "local write")}
    assert struck >= {"after commit", "after compute", "after offsets"}


@pytest.mark.parametrize("seed", [16064, 23726, 87992])
def test_who_leaves_while_it_joins_is_no_member(seed: int) -> None:
    """Seeds of a hundred thousand in which a member that was gone got partitions for ever: its join had passed its leave, which one connection keeps apart."""
    assert run(seed, Kind.COUNTING).anomalies == []


def test_the_whole_path_gives_the_answer_of_the_oracle() -> None:
    """A dozen worlds of records through all stages: after each portion links, reviews, contacts, linked cases and every agency's topic are the oracle's."""
    summary = some(range(12), every=1)
    assert summary.anomalies == {}
    assert summary.schedules == {Kind.WHOLE: 12}


def test_a_seed_is_one_schedule() -> None:
    """The same seed gives the same records at the same offsets, also in another process, where sets have another order."""
    program = "from tests.simulation.schedule import Kind, run; print(run(3, Kind.COUNTING).digest, run(3, Kind.WHOLE).digest)"
    told = subprocess.run([sys.executable, "-c", program], cwd=ROOT, env=os.environ | {"PYTHONHASHSEED": "77"}, capture_output=True, text=True, check=True)
    assert told.stdout.split() == [run(3, Kind.COUNTING).digest, run(3, Kind.WHOLE).digest]


def test_the_command_tells_what_it_did() -> None:
    """`python -m tests.simulation` counts its schedules and faults and ends well; a replay shows one of them."""
    told = CliRunner().invoke(main, ["--schedules", "20", "--whole", "0", "--processes", "2"])
    assert told.exit_code == 0
    assert "20 schedules (20 counting)" in " ".join(told.output.split())
    assert "no anomaly" in told.output
    again = CliRunner().invoke(main, ["--replay", "counting:7"])
    assert again.exit_code == 0
    assert run(7, Kind.COUNTING).digest in again.output
