"""What the benchmarks compute from what they see, without a broker."""

from __future__ import annotations

import itertools
import random
from pathlib import Path

import pytest

from deploy.bus import Bus
from schemas.settings import Settings
from streams.contacts.stage import stage
from streams.path import STAGES
from streams.policy import load as policy
from tests.bench import presences
from tests.bench.ask import percentile, wait
from tests.bench.contacts import spread
from tests.bench.path import halves
from tests.bench.steady import Stream, flat


def test_percentiles() -> None:
    """The median and the 99th percentile are values that occurred, by nearest rank, and the last is the longest."""
    values = [float(number) for number in range(1, 101)]
    assert (percentile(values, 0.5), percentile(values, 0.99), percentile([7.0], 0.99)) == (51.0, 100.0, 7.0)
    assert spread([3.0, 1.0, 2.0]) == {"count": 3, "p50": 2.0, "p99": 3.0, "longest": 3.0}


@pytest.mark.parametrize("seed", range(20))
def test_stages_are_split_by_cost(seed: int) -> None:
    """Whatever the stages cost, each is in one half, normalise in the first, and no other split has a cheaper dear half."""
    dice = random.Random(seed)
    costs = {name: dice.choice((0.1, 1.0, 10.0, 60.0)) * dice.randrange(1, 9) for name in STAGES[:10]}
    first, second = halves(costs)
    assert sorted(first + second) == sorted(costs)
    assert first[0] == "normalise"

    def dearer(part: tuple[str, ...]) -> float:
        mine = sum(costs[name] for name in part)
        return max(mine, sum(costs.values()) - mine)

    assert dearer(first) == pytest.approx(min(dearer(part) for count in range(len(costs)) for part in itertools.combinations(costs, count)))


@pytest.mark.parametrize(("lags", "sent", "expected"), [
    ([100] * 30, 6_000, True), ([900] * 10 + [100] * 20, 6_000, True), (list(range(0, 30_000, 1_000)), 6_000, False), ([100] * 30, 5_000, False),
])  # fmt: skip
def test_flat(lags: list[int], sent: int, expected: bool) -> None:
    """Lag is flat when it stays or falls, not when it rises by more than a second's messages, and not when less was published than wanted."""
    assert flat(Stream(rate=100, sent=sent, seconds=60, lags=lags, messages=500, busy=1.5)) is expected


def test_waiting_fails_when_nothing_moves() -> None:
    """What does not become true is told as a failure when nothing moves; what does is waited for."""
    with pytest.raises(AssertionError, match="nothing has moved"):
        wait(lambda: False, lambda: "the same", patience=0.5, every=0.05)
    assert wait(itertools.chain([False, True]).__next__, lambda: "", every=0.01) > 0


def test_history_has_the_rows_of_the_stage(tmp_path: Path) -> None:
    """The rows of a history, in the form that the stage's own step gives them, are as many as asked for, of different keys, in the partition of their place."""
    (tmp_path / "secret").write_bytes(bytes(range(32)))
    bus = Bus(Settings(home=tmp_path, partitions=2))
    found = list(presences.rows(bus, stage(policy()), 500, days=30, places=20))
    rows = [row for row in found if row[1][0]]
    assert [row[1] for row in found if not row[1][0]] == [found[0][1]] * 2
    assert len({key for _, key, _ in rows}) == len(rows) == 500
    owners = {stage(policy()).tables[1].about(presences.place(number)): presences.partition(presences.place(number), 2) for number in range(20)}
    assert all(owners[key[:17]] == partition for partition, key, _ in rows)
