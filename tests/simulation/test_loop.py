"""Virtual time and processes: what a frozen and a dead one still do."""

from __future__ import annotations

import asyncio
import time

import pytest

from tests.simulation.loop import Loop, Process, drain


def _loop() -> Loop:
    return Loop(lambda: 2.0, lambda _: None)


async def _note(noted: list[float], *moments: float) -> None:
    loop = asyncio.get_running_loop()
    for moment in moments:
        await asyncio.sleep(moment - loop.time())
        noted.append(loop.time())


def test_time_is_virtual() -> None:
    """An hour of sleep takes no time, and timers come at their moments."""
    loop, began = _loop(), time.monotonic()
    noted: list[float] = []
    loop.run_until_complete(_note(noted, 10, 3600))
    assert noted == [10, 3600]
    assert time.monotonic() - began < 5
    drain(loop)


def test_a_thread_is_a_call_in_virtual_time() -> None:
    """What asyncio gives to a thread is called directly, and answers when its time is over."""
    loop = _loop()
    assert loop.run_until_complete(asyncio.to_thread(loop.time)) == 1.0
    assert loop.time() == 2.0
    drain(loop)


def test_a_frozen_process_goes_on_where_it_was() -> None:
    """While it is frozen nothing of it happens; woken, all its timers that are over come at once, then it goes on."""
    loop = _loop()
    noted: list[float] = []
    process = Process(loop, "0", 0)
    work = process.start(_note(noted, 1, 5, 9))
    loop.call_later(2, process.freeze)
    loop.call_later(7, process.wake)
    loop.run_until_complete(work)
    assert noted == [1, 7, 9]
    drain(loop)


def test_a_dead_process_does_nothing_more() -> None:
    """What it had still to do is never done, also not when everything is ended."""
    loop = _loop()
    noted: list[float] = []
    process = Process(loop, "0", 0)
    process.start(_note(noted, 1, 5))
    loop.call_later(2, process.die)
    loop.run_until_complete(asyncio.sleep(10))
    drain(loop)
    assert noted == [1]


def test_a_world_that_stands_still_is_noticed() -> None:
    """When nothing can ever happen again, waiting fails instead of going on for ever."""
    loop = _loop()
    with pytest.raises(RuntimeError, match="nothing will ever happen"):
        loop.run_until_complete(asyncio.wait_for(loop.create_future(), None))
    drain(loop)
