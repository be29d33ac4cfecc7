"""One computes at a time, in order, the pressing first."""

from __future__ import annotations

import asyncio

from streams.runtime.turn import Turn
from tests.simulation.loop import virtual


def test_one_at_a_time_and_the_pressing_first() -> None:
    """While one computes others wait; then those with something pressing come first, each kind in the order in which it asked."""
    async def run() -> list[str]:
        turn, did = Turn(), []
        free = asyncio.Event()

        async def compute(name: str, *, pressing: bool = False) -> None:
            async with turn.mine(pressing=pressing):
                did.append(name)
                await free.wait()
                did.append(f"{name} done")

        tasks = [asyncio.create_task(compute("a"))]
        await asyncio.sleep(0)
        tasks += [asyncio.create_task(compute(name, pressing=name.isupper())) for name in ("b", "c", "D", "E")]
        await asyncio.sleep(0)
        free.set()
        await asyncio.gather(*tasks)
        return did

    did = asyncio.run(run())
    assert did[::2] == ["a", "D", "E", "b", "c"]
    assert did[1::2] == [f"{name} done" for name in did[::2]]


def test_who_gives_up_holds_up_nobody() -> None:
    """A task that is cancelled while it waits, or just as its turn has come, passes the turn on; so does one that fails."""
    async def run() -> None:
        turn = Turn()

        async def fail() -> None:
            async with turn.mine():
                await asyncio.sleep(0.01)
                raise RuntimeError("bug")

        async def wait() -> str:
            async with turn.mine():
                return "came"

        failing = asyncio.create_task(fail())
        await asyncio.sleep(0)
        waiting = [asyncio.create_task(wait()) for _ in range(3)]
        await asyncio.sleep(0)
        waiting[0].cancel()
        failing.add_done_callback(lambda _: waiting[1].cancel())
        outcomes = await asyncio.wait_for(asyncio.gather(failing, *waiting, return_exceptions=True), 5)
        assert isinstance(outcomes[0], RuntimeError)
        assert outcomes[3] == "came"
        assert await asyncio.wait_for(wait(), 5) == "came"

    asyncio.run(run())


def test_how_long_turns_are_waited_for() -> None:
    """It rises towards the wait while tasks wait, and falls again when nobody does."""
    async def run() -> tuple[float, float]:
        turn = Turn()

        async def compute(seconds: float) -> None:
            async with turn.mine():
                await asyncio.sleep(seconds)

        await asyncio.gather(*(compute(1.0) for _ in range(10)))
        high = turn.waited
        for _ in range(50):
            await compute(0.0)
        return high, turn.waited

    high, low = virtual(run())
    assert 2.0 < high < 9.0
    assert 0.0 <= low < high / 100
