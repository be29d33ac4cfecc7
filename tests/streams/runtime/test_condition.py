"""Why a stage is not ready, from its first joining to its end."""

from __future__ import annotations

import time

from streams.runtime.condition import Condition


def test_ready_only_while_everything_is_read() -> None:
    """Not before it has joined, not while it recovers, and not while it joins again; ready without partitions, for then others have them."""
    stage = Condition("contacts")
    assert list(stage.why()) == ["stage contacts has not joined its group yet"]
    stage.joins()
    assert list(stage.why()) == ["stage contacts joins its group"]
    stage.recovers([1, 0])
    assert list(stage.why()) == ["stage contacts recovers the state of partition 0, 1"]
    stage.reads([0, 1], time.monotonic)
    assert list(stage.why()) == []
    assert stage.reading == {0, 1}
    stage.rebalances()
    assert list(stage.why()) == ["stage contacts joins its group"]
    stage.recovers([])
    stage.reads([], time.monotonic)
    assert list(stage.why()) == []
    stage.joins("ProducerFenced")
    assert list(stage.why()) == ["stage contacts joins its group again after ProducerFenced"]
    stage.ends("OSError")
    assert list(stage.why()) == ["stage contacts has ended: OSError"]


def test_held_inputs_and_a_fetch_loop_that_stands() -> None:
    """An input that is held, and a loop that has not turned for long, are reasons beside each other; both stay over a rebalance as they are."""
    stage = Condition("normalise")
    stage.held |= {("raw.door", 1)}
    stage.reads([0, 1], lambda: time.monotonic() - 100)
    assert list(stage.why()) == ["stage normalise has stopped reading raw.door on partition 1", "stage normalise has fetched nothing for 100 s"]
    stage.recovers([0])
    assert "stage normalise has stopped reading raw.door on partition 1" in list(stage.why())
