"""When an input counts as fetched no more, and when it does not."""

from __future__ import annotations

import pytest
from aiokafka import TopicPartition

from streams.runtime.watchdog import LIMIT, Stuck, Watchdog

_SCAN, _LAB = TopicPartition("raw.scan", 0), TopicPartition("raw.lab", 0)


def test_an_input_that_stands_while_more_comes() -> None:
    """It has not moved for the limit, and its end has risen since: it is named, and no other."""
    dog = Watchdog()
    for second in range(0, int(LIMIT), 20):
        dog.look(second, {_SCAN: 10, _LAB: second}, {_SCAN: 11 + second, _LAB: second + 5})
    with pytest.raises(Stuck, match=r"^nothing was fetched for 90 s of raw\.scan 0, although there is more$"):
        dog.look(LIMIT, {_SCAN: 10, _LAB: 90}, {_SCAN: 200, _LAB: 95})


@pytest.mark.parametrize(("position", "ends", "shut"), [
    pytest.param([10, 10, 10], [11, 11, 11], (), id="only the marker of a transaction is ahead"),
    pytest.param([10, 10, 10], [10, 10, 10], (), id="there is no more"),
    pytest.param([10, 11, 12], [20, 30, 40], (), id="it moves"),
    pytest.param([10, 10, 10], [20, 30, 40], (_SCAN,), id="its gate is shut"),
])  # fmt: skip
def test_what_is_not_stuck(position: list[int], ends: list[int], shut: tuple[TopicPartition, ...]) -> None:
    """Whatever time passes."""
    dog = Watchdog()
    for number, (at, end) in enumerate(zip(position, ends, strict=True)):
        dog.look(number * 2 * LIMIT, {_SCAN: at}, {_SCAN: end}, shut)


def test_a_partition_that_went_and_came_begins_anew() -> None:
    """What stood before it was taken away does not count."""
    dog = Watchdog()
    dog.look(0, {_SCAN: 10}, {_SCAN: 20})
    dog.look(50, {}, {})
    dog.look(LIMIT, {_SCAN: 10}, {_SCAN: 30})
