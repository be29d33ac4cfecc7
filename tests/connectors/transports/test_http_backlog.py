"""The HTTP intake holds back while too much waits for the stages."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from typing import Any

import pytest
from aiohttp.test_utils import TestClient

from connectors.backlog import Backlog, Place, Standing
from connectors.transports import http
from tests.connectors.sample import record
from tests.connectors.transports.serving import PATH, Broker, served


@pytest.fixture(autouse=True)
def often(monkeypatch: pytest.MonkeyPatch) -> None:
    """Looks come soon after each other."""
    monkeypatch.setattr(http, "_LOOK", 0.05)


PLACE = Place("normalise", "g", (("raw.register", 1),))


class Waiting:
    """So much waits."""

    def __init__(self, behind: int) -> None:
        self.behind = behind
        self.fails = False
        self.closed = False

    def look(self, places: Iterable[Place]) -> dict[Place, Standing]:
        """As a broker."""
        if self.fails:
            self.fails = False
            raise RuntimeError("unforeseen")
        return {place: Standing(self.behind, 0) for place in places}

    def close(self) -> None:
        """Note it."""
        self.closed = True


def backlog(waiting: Waiting, most: int = 10) -> Backlog:
    """Of the register."""
    return Backlog(waiting, {"register": [PLACE]}, {"register": most})


async def _until(client: TestClient[Any, Any], status: int) -> dict[str, str]:
    """Post until it is answered so."""
    for _ in range(100):
        async with client.post(PATH, json=record(1)) as response:
            if response.status == status:
                return {**response.headers, "problem": str((await response.json()).get("problem"))}
        await asyncio.sleep(0.05)
    raise AssertionError(f"never {status}")


def test_429_while_too_much_waits() -> None:
    """With a full backlog 429 with Retry-After and the stage that is behind, and nothing is published; when it is worked off the same request is taken."""
    waiting = Waiting(10)
    broker = Broker()

    async def talk(client: TestClient[Any, Any]) -> None:
        headers = await _until(client, 429)
        assert 1 <= int(headers["Retry-After"]) <= 60
        assert "normalise" in headers["problem"]
        before = len(broker.held)
        for _ in range(3):
            assert (await client.post(PATH, json=record(2))).status == 429
        assert len(broker.held) == before
        waiting.behind = 0
        await _until(client, 202)

    served(talk, broker, backlog=backlog(waiting))
    assert waiting.closed


def test_no_more_than_the_bound_between_two_looks(monkeypatch: pytest.MonkeyPatch) -> None:
    """However fast records come, no more of them are taken than the bound before the next look at what waits."""
    monkeypatch.setattr(http, "_LOOK", 3600.0)
    broker = Broker()

    async def talk(client: TestClient[Any, Any]) -> None:
        looked.look()
        found = [(await client.post(PATH, json=record(number))).status for number in range(14)]
        assert found == [202] * 10 + [429] * 4

    looked = backlog(Waiting(0))
    served(talk, broker, backlog=looked)
    assert len(broker.held) == 10


def test_a_look_that_fails_does_not_end_all_looks() -> None:
    """After an error that nobody foresaw the next look counts."""
    waiting = Waiting(10)
    waiting.fails = True

    async def talk(client: TestClient[Any, Any]) -> None:
        await _until(client, 429)

    served(talk, backlog=backlog(waiting))
    assert not waiting.fails
