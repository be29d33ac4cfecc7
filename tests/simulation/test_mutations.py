"""The simulation can fail: each fault that is put into the runtime on purpose is found, and by its usual name."""

from __future__ import annotations

import pytest

from tests.simulation.anomalies import Name
from tests.simulation.mutations import MUTATIONS
from tests.simulation.schedule import Kind, run

FOUND = {
    "state and offsets are committed before outputs": (0, Name.LOST_WRITE),
    "the store is written before the commit": (2, Name.DIRTY_STATE),
    "every producer has a transactional id of its own, so none is fenced": (11, Name.DUPLICATE),
    "recovery skips a record": (2, Name.DIRTY_STATE),
    "what is not committed is read": (32, Name.ABORTED_READ),
    "records of another generation are taken": (145, Name.LOST_WRITE),
    "records are taken again after a seek back": (222, Name.DUPLICATE),
    "the next batch is computed without the one under way": (1, Name.NON_MONOTONIC),
    "a failed batch is passed over": (123, Name.LOST_WRITE),
    "records that a batch leaves are lost": (30, Name.STUCK),
    "what the group says of its offsets is believed": (5, Name.DUPLICATE),
    "a task that closes is given up with the rebalance": (957, Name.CRASH),
    "a task goes on starting when another fails": (492, Name.CRASH),
}
"""By mutation the seed of a schedule that shows it, from which the search begins, and the anomaly that it shows."""
SELDOM = {
    "a store that slept too long is kept": Name.DIRTY_STATE,
    "a store that becomes too old on the way is kept": Name.DIRTY_STATE,
}
"""Mutations that one schedule in a thousand shows, or fewer."""


def _shows(seed: int, name: Name) -> bool:
    return any(anomaly.name is name for anomaly in run(seed, Kind.COUNTING).anomalies)


@pytest.mark.parametrize("mutation", FOUND)
def test_a_fault_in_the_runtime_is_found(mutation: str) -> None:
    """Within three hundred schedules one shows the anomaly that the fault makes, and without the fault the same schedule shows none."""
    first, name = FOUND[mutation]
    with MUTATIONS[mutation]():
        seed = next((seed for seed in range(first, first + 300) if _shows(seed, name)), None)
    assert seed is not None
    assert run(seed, Kind.COUNTING).anomalies == []


@pytest.mark.chaos
@pytest.mark.timeout(3600)
@pytest.mark.parametrize("mutation", SELDOM)
def test_a_fault_that_seldom_shows_is_found(mutation: str) -> None:
    """The same within thirty thousand schedules: ten minutes."""
    with MUTATIONS[mutation]():
        assert any(_shows(seed, SELDOM[mutation]) for seed in range(30_000))


def test_every_fault_is_looked_for() -> None:
    """No mutation is left out."""
    assert MUTATIONS.keys() == FOUND.keys() | SELDOM.keys()
