"""The share of an input that is refused: when it is unusual, and what is kept of it."""

from __future__ import annotations

import pytest

from streams.memory import MemoryState
from streams.runtime.overlay import Overlay
from streams.runtime.share import FEWEST, WINDOW, Unusual, watch
from streams.stage import Message, Outcome, Stage, State, Verdict


def _step(message: Message, state: State) -> Outcome:
    raise NotImplementedError


class Input:
    """An input of a stage that refuses at most a share of it; batches are committed unless they are unusual."""

    def __init__(self, share: float = 0.5) -> None:
        self.stage = Stage("s", ("t",), (), _step, refuses=share)
        self.state, self.received, self.refused = MemoryState(), 0, 0

    def batch(self, good: int, bad: int) -> None:
        """One batch; raises Unusual, and then nothing of it is kept."""
        overlay = Overlay(self.state)
        watch(self.stage, "t", 0, {Verdict.APPLIED: good, Verdict.DUPLICATE: 0, Verdict.REJECTED: bad}, self.received, overlay)
        for key, value in overlay.changes.items():
            self.state.put(key, value) if value is not None else self.state.delete(key)
        self.received, self.refused = self.received + good + bad, self.refused + bad

    def drain(self) -> None:
        """Batches of which nothing is any good."""
        for _ in range(100):
            self.batch(0, 40)

    @property
    def rows(self) -> int:
        """Rows that are kept."""
        return len(list(self.state.scan(b"", b"\xff")))


def test_a_wrong_mapping_is_seen_soon() -> None:
    """On a new topic of which all is refused, at most 200 are; on one that was good, at most as many as a window holds."""
    new, old = Input(), Input()
    for one in (new, old):
        if one is old:
            one.batch(100_000, 0)
        with pytest.raises(Unusual):
            one.drain()
    assert new.refused < FEWEST
    assert old.refused <= 2 * WINDOW


def test_it_stays_stopped_until_something_changes() -> None:
    """The same batch is unusual again, whoever computes it and however often; what comes after it is mended is taken, and the share falls."""
    one = Input()
    one.batch(100, 150)
    for _ in range(5):
        with pytest.raises(Unusual):
            one.batch(0, 100)
    one.batch(100, 0)
    one.batch(99, 1)
    assert one.refused == 151


def test_few_and_scattered_rejects_are_usual() -> None:
    """A hundred and ninety-nine in a row, or a third of everything for ever, stop nothing."""
    one, other = Input(), Input()
    one.batch(0, FEWEST - 1)
    for _ in range(200):
        other.batch(40, 20)
    assert other.refused == 4000


@pytest.mark.parametrize(("share", "stops"), [(0.1, True), (0.4, False), (1.0, False)])
def test_the_share_is_a_setting(share: float, stops: bool) -> None:
    """A quarter is too much or not as the setting says; with 1 nothing ever is."""
    one = Input(share)
    if stops:
        with pytest.raises(Unusual, match=r"250 of the last 1,000"):
            one.batch(750, 250)
    else:
        one.batch(750, 250)
    if share == 1.0:
        one.batch(0, 100_000)


def test_good_messages_after_an_unusual_time_are_never_stopped() -> None:
    """A batch without a reject is taken whatever the share is: nothing would be drained by it."""
    one = Input(1.0)
    one.batch(0, 5_000)
    one.stage = Input().stage
    one.batch(1, 0)
    with pytest.raises(Unusual):
        one.batch(1, 1)


def test_nothing_is_kept_while_nothing_is_refused() -> None:
    """There is no row before the first reject, nor after two windows without one."""
    one = Input()
    one.batch(50, 0)
    assert one.rows == 0
    one.batch(49, 1)
    assert one.rows == 1
    for _ in range(3):
        one.batch(WINDOW, 0)
    assert one.rows == 0


def test_forgeries_do_not_stop_what_is_signed() -> None:
    """Of a topic whose facts people sign any number may be refused: the next that is signed must still be read."""
    overlay = Overlay(MemoryState())
    for _ in range(100):
        watch(Stage("s", ("level.proposal",), (), _step), "level.proposal", 0, {Verdict.APPLIED: 0, Verdict.DUPLICATE: 0, Verdict.REJECTED: 40}, 0, overlay)
    assert overlay.changes == {}
