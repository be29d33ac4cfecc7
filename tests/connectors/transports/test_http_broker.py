"""The HTTP intake and its broker: slow, away, back; many requests at once; what is logged."""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Mapping, Sequence
from typing import Any

import pytest
from aiohttp.test_utils import TestClient

from connectors.publish import CannotPublish
from schemas.models.raw import Reason
from schemas.source import Source
from tests.connectors.sample import record
from tests.connectors.transports.serving import PATH, Broker, posted, served

SECRET = "杨测试身份"


def test_202_only_after_the_acknowledgement() -> None:
    """While the broker has not acknowledged there is no answer; when it has, there is."""
    broker = Broker()
    broker.acknowledges.clear()

    async def talk(client: TestClient[Any, Any]) -> None:
        request = asyncio.create_task(client.post(PATH, json=record(1)))
        await asyncio.to_thread(broker.waits.wait, 5)
        done, _ = await asyncio.wait([request], timeout=0.2)
        assert not done
        assert (await client.get("/healthz")).status == 200
        broker.acknowledges.set()
        assert (await request).status == 202

    served(talk, broker)


def test_too_many_at_once() -> None:
    """Requests over the limit, and over four of the source's own, are answered 429 with Retry-After at once, the others taken; then there is room again."""
    broker = Broker()
    broker.acknowledges.clear()

    async def talk(client: TestClient[Any, Any]) -> None:
        requests = [asyncio.create_task(client.post(PATH, json=record(number))) for number in range(12)]
        done, waiting = await asyncio.wait(requests, return_when=asyncio.FIRST_COMPLETED)
        while len(done) < 4:
            done |= (await asyncio.wait(waiting, timeout=10, return_when=asyncio.FIRST_COMPLETED))[0]
            waiting = set(requests) - done
        assert {task.result().status for task in done} == {429}
        assert {task.result().headers["Retry-After"] for task in done} == {"1"}
        assert len(waiting) == 8
        broker.acknowledges.set()
        assert {(await task).status for task in waiting} == {202}
        assert (await client.post(PATH, json=record(11))).status == 202

    served(talk, broker, max_waiting=4)
    assert len(broker.held) == 9


def test_broker_away_and_back() -> None:
    """While the broker is away 503 with Retry-After; when it is back, the same request is taken over a new connection."""
    broker = Broker()
    broker.away = True

    async def talk(client: TestClient[Any, Any]) -> None:
        async with client.post(PATH, json=record(1)) as response:
            assert (response.status, response.headers["Retry-After"]) == (503, "5")
            assert "李样本" not in await response.text()
        assert (await client.get("/readyz")).status == 503
        broker.away = False
        assert (await client.post(PATH, json=record(1))).status == 202
        assert (await client.get("/readyz")).status == 200

    served(talk, broker)
    assert len(broker.held) == 1
    assert broker.connected == broker.closed == 2


def test_broker_that_does_not_let_connect() -> None:
    """A broker that cannot even be connected to is answered as one that is away."""

    class Nobody(Broker):
        def connect(self) -> Broker:
            raise CannotPublish("nobody there")

    assert posted(record(1), Nobody())[0] == 503


def test_broker_that_does_not_answer_in_time() -> None:
    """A request waits for the broker for a limited time and is answered 503; what was on its way may get there, what was not is not sent any more."""
    broker = Broker()
    broker.acknowledges.clear()

    async def talk(client: TestClient[Any, Any]) -> None:
        requests = [asyncio.create_task(client.post(PATH, json=record(0)))]
        await asyncio.to_thread(broker.waits.wait, 5)
        requests += [asyncio.create_task(client.post(PATH, json=record(number))) for number in (1, 2)]
        assert {(await task).status for task in requests} == {503}
        assert (await client.get("/readyz")).status == 503
        broker.acknowledges.set()

    served(talk, broker, patience=0.2)
    assert len(broker.held) == 1


def test_ready_asks_the_broker() -> None:
    """Readiness is the broker's own answer now, not that it was there before."""
    broker = Broker()

    async def talk(client: TestClient[Any, Any]) -> None:
        assert (await client.get("/readyz")).status == 200
        broker.away = True
        async with client.get("/readyz") as response:
            assert (response.status, response.headers["Retry-After"]) == (503, "5")
        assert (await client.get("/healthz")).status == 200

    served(talk, broker)


def test_unforeseen_error_names_nobody(caplog: pytest.LogCaptureFixture) -> None:
    """An error that nobody foresaw is answered 500 and logged by its kind and place, without a value of the record; the next request is served."""
    caplog.set_level(logging.DEBUG)

    def fails(_: Source, fields: Mapping[str, Any]) -> Sequence[Reason]:
        raise RuntimeError(f"cannot stand {fields['name']}")

    status, answer, _ = posted(record(1, name=SECRET), meaning=fails)
    assert (status, set(answer)) == (500, {"problem"})
    assert SECRET not in json.dumps(answer, ensure_ascii=False)
    assert "RuntimeError at" in caplog.text
    assert "test_http_broker.py" in caplog.text
    assert SECRET not in caplog.text


@pytest.mark.parametrize("fails", ["publish", "connect"])
def test_unforeseen_error_of_the_publisher(fails: str, caplog: pytest.LogCaptureFixture) -> None:
    """It does not leave the request, or those that wait with it, without an answer."""
    broker = Broker()

    def failing(*_: object) -> None:
        raise ValueError(f"cannot send {SECRET}")

    setattr(broker, fails, failing)
    status, answer, _ = posted(record(1, name=SECRET), broker)
    assert status == 500
    assert SECRET not in json.dumps(answer, ensure_ascii=False) + caplog.text


def test_access_log_names_nobody(caplog: pytest.LogCaptureFixture) -> None:
    """The access log holds method, route, status and time, whatever the client writes into address and headers."""
    caplog.set_level(logging.INFO, "aiohttp.access")

    async def talk(client: TestClient[Any, Any]) -> None:
        await client.post(f"{PATH}?name={SECRET}", json=record(1, name=SECRET), headers={"User-Agent": "zhang-san", "Referer": "http://zhang-san"})
        await client.get(f"/people/{SECRET}")
        await client.post(f"/v1/sources/{SECRET}/records", json=record(1))

    served(talk)
    said = [entry.getMessage() for entry in caplog.records if entry.name == "aiohttp.access"]
    assert [line.rsplit(" ", 1)[0] for line in said] == ["POST /v1/sources/{source}/records 202", "GET - 404", "POST /v1/sources/{source}/records 404"]
    assert "zhang-san" not in caplog.text
