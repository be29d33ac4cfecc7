"""Places of an intake: a flood of one source leaves room and turns for every other."""

from __future__ import annotations

import asyncio
from contextlib import ExitStack

import pytest

from connectors.transports.places import Places, Taken


def test_each_source_has_places_of_its_own() -> None:
    """When one source has taken all that is shared, another still has four; what is given back can be taken again by whoever comes."""
    places = Places(3)
    with ExitStack() as flood:
        for _ in range(7):
            flood.enter_context(places.place("scans"))
        with pytest.raises(Taken), places.place("scans"):
            pass
        with ExitStack() as own:
            for _ in range(4):
                own.enter_context(places.place("results"))
            with pytest.raises(Taken), places.place("results"):
                pass
    with ExitStack() as all_:
        for _ in range(7):
            all_.enter_context(places.place("results"))


def test_a_failed_request_gives_its_place_back() -> None:
    """A place is free again however the request ended."""
    places = Places(0)
    for _ in range(5):
        with pytest.raises(ZeroDivisionError), places.place("scans"):
            raise ZeroDivisionError
    with ExitStack() as again:
        for _ in range(4):
            again.enter_context(places.place("scans"))
        with pytest.raises(Taken), places.place("scans"):
            pass


def test_one_source_waits_for_few_of_another() -> None:
    """With fifty bodies of one source before it, a body of another is taken apart after at most two of them."""
    order: list[str] = []

    async def body(places: Places, source: str) -> None:
        async with places.turn(source):
            order.append(source)
            await asyncio.sleep(0)

    async def run() -> None:
        places = Places(64)
        scans = [asyncio.create_task(body(places, "scans")) for _ in range(50)]
        await asyncio.sleep(0)
        await asyncio.gather(body(places, "results"), *scans)

    asyncio.run(run())
    assert order.index("results") <= 2
    assert len(order) == 51


def test_two_bodies_are_taken_apart_at_a_time() -> None:
    """Of however many sources; each may need thirty times its size in memory."""
    now, most = 0, 0

    async def body(places: Places, source: str) -> None:
        nonlocal now, most
        async with places.turn(source):
            now += 1
            most = max(most, now)
            await asyncio.sleep(0)
            now -= 1

    async def run() -> None:
        places = Places(64)
        await asyncio.gather(*(body(places, f"source-{number % 5}") for number in range(40)))

    asyncio.run(run())
    assert most == 2
