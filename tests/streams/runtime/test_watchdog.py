"""When an input is suspected to stand still, and when it is not."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from aiokafka import TopicPartition

from streams.runtime.watchdog import LOOKS, Stand, Watchdog

_SCAN, _LAB = TopicPartition("raw.scan", 0), TopicPartition("raw.lab", 0)


def test_an_input_that_stands_while_there_is_more() -> None:
    """Also when nothing comes to it any more, as when publishers wait for it; it is named, and no other."""
    dog = Watchdog()
    for number in range(LOOKS):
        assert dog.look({_SCAN: 10, _LAB: number}, {_SCAN: 20, _LAB: 50}) == {}
    assert dog.look({_SCAN: 10, _LAB: 40}, {_SCAN: 20, _LAB: 50}) == {_SCAN: Stand(10, 20, LOOKS)}


@pytest.mark.parametrize(("done", "end"), [
    pytest.param(lambda _: {_SCAN: 10}, 10, id="there is no more"),
    pytest.param(lambda number: {_SCAN: 10 + number}, 1000, id="it moves"),
    pytest.param(lambda number: {_SCAN: 10} if number % 3 else {}, 1000, id="something waits at the task now and then"),
])  # fmt: skip
def test_what_is_not_suspected(done: Callable[[int], dict[TopicPartition, int]], end: int) -> None:
    """However often it is looked at."""
    dog = Watchdog()
    assert not any(dog.look(done(number), {_SCAN: end}) for number in range(10 * LOOKS))


def test_what_came_a_moment_ago_is_not_what_it_stands_before() -> None:
    """Only what was there at every look counts: the end is that of the first."""
    dog = Watchdog()
    suspects = [dog.look({_SCAN: 10}, {_SCAN: 11 + number}) for number in range(LOOKS + 1)]
    assert suspects[-1] == {_SCAN: Stand(10, 11, LOOKS)}


def test_what_was_cleared_is_suspected_when_more_has_come() -> None:
    """The marker of a transaction is ahead and is no message; it is looked at once, and again after the next."""
    dog = Watchdog()

    def looks(end: int) -> list[bool]:
        found = []
        for _ in range(2 * LOOKS):
            suspects = dog.look({_SCAN: 10}, {_SCAN: end})
            found.append(bool(suspects))
            dog.clear(suspects)
        return found

    assert sum(looks(11)) == 1
    assert sum(looks(12)) == 1


def test_a_partition_that_went_and_came_begins_anew() -> None:
    """What stood before it was taken away does not count."""
    dog = Watchdog()
    for _ in range(LOOKS):
        dog.look({_SCAN: 10}, {_SCAN: 20})
    dog.look({}, {})
    for _ in range(LOOKS):
        assert dog.look({_SCAN: 10}, {_SCAN: 20}) == {}
