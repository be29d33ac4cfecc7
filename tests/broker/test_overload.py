"""Three times the load that the bus can carry, for a few seconds; `python -m tests.overload` is the long form."""

from __future__ import annotations

from pathlib import Path

from deploy.local import stack as local
from tests.broker.live import opened
from tests.overload.run import run

_BOUND = 4_000
_MEGABYTE = 2**20


def test_holds_back_and_loses_nothing(stack: local.Endpoints, tmp_path: Path) -> None:
    """The intake answers 429 and says when to come again, results are taken all the while, memory stays flat, and all that was accepted arrived exactly once."""
    with opened(stack, "overload", tmp_path, partitions=2, backlog=_BOUND) as live:
        seen = run(live, 6, 6)
    assert seen.problems() == []
    scans, results = seen.scans.answers, seen.results.answers
    assert scans.records(202) > 0
    assert scans.records(429) > 0, "it was held back; how much of it, the long form says: here the capacity is found in seconds"
    assert all(1 <= seconds <= 60 for seconds in scans.asked)
    assert len(results.accepted) == seen.results.sent, "no result was shut out"
    assert max(look.lag["normalise"] for look in seen.looks) < 2 * _BOUND
    for memory in ([look.intake for look in seen.looks], [look.worker for look in seen.looks]):
        assert max(memory) - memory[0] < 150 * _MEGABYTE
