"""What the intake measures, and when it says that it is not ready."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import pytest
from aiohttp.test_utils import TestClient, TestServer

from connectors.transports import measured
from connectors.transports.http import Intake
from schemas.measures import Measures
from streams.normalise.interpret import check
from tests.connectors.sample import KEYS, record, source
from tests.connectors.transports.serving import PATH, Broker
from tests.connectors.transports.test_gate import Door


async def _until(holds: Callable[[], bool]) -> None:
    async with asyncio.timeout(10):
        while not holds():  # noqa: ASYNC110 - what it waits for is another task's state
            await asyncio.sleep(0.01)


def served(broker: Broker, talk: Callable[[TestClient[Any, Any], Intake], Any], measures: Measures, gate: Door | None = None) -> None:
    """Talk to an intake of the register that is measured."""
    async def serve() -> None:
        intake = Intake({"register": source()}, KEYS, broker.connect, lambda one, fields: check(one, fields, KEYS), token=None,
                        max_waiting=8, patience=2, measures=measures, gate=gate)  # fmt: skip
        async with TestClient(TestServer(intake.app(100_000))) as client:
            await talk(client, intake)

    asyncio.run(serve())


def test_answers_are_counted() -> None:
    """By source and status, with the items that the broker has; a source that there is none of has no name, and what only reads is not counted."""
    measures = Measures()

    async def talk(client: TestClient[Any, Any], _: Intake) -> None:
        assert (await client.post(PATH, json=[record(1), record(2, phone="12")])).status == 422
        assert (await client.post(PATH, json=record(3))).status == 202
        assert (await client.post("/v1/sources/杨测试/records", json=record(3))).status == 404
        assert (await client.get("/v1/sources")).status == 200

    served(Broker(), talk, measures)
    text = measures.text().decode()
    assert 'lianfang_intake_answers_total{code="422",source="register"} 1.0' in text
    assert 'lianfang_intake_answers_total{code="202",source="register"} 1.0' in text
    assert 'lianfang_intake_answers_total{code="404",source=""} 1.0' in text
    assert 'lianfang_intake_items_total{accepted="yes",source="register"} 2.0' in text
    assert 'lianfang_intake_items_total{accepted="no",source="register"} 1.0' in text
    assert 'lianfang_intake_seconds_count{source="register"} 2.0' in text
    assert 'code="200"' not in text
    assert "杨测试" not in text


def test_what_may_not_be_collected_is_counted_apart() -> None:
    """By source and reason, and not among the items that the broker has."""
    measures = Measures()

    async def talk(client: TestClient[Any, Any], _: Intake) -> None:
        assert (await client.post(PATH, json=[record(1), record(2, gate="G2"), record(3, gate="G2")])).status == 422

    served(Broker(), talk, measures, Door())
    text = measures.text().decode()
    assert 'lianfang_intake_refused_total{reason="not_collected",source="register"} 2.0' in text
    assert 'lianfang_intake_items_total{accepted="yes",source="register"} 1.0' in text
    assert 'accepted="no"' not in text


def test_ready_is_what_the_broker_says(monkeypatch: pytest.MonkeyPatch) -> None:
    """Not before the broker has answered; not while it has not acknowledged the last records; and again when it has."""
    monkeypatch.setattr(measured, "ASK", 0.01)
    measures, broker = Measures(), Broker()
    broker.away = True

    async def talk(client: TestClient[Any, Any], intake: Intake) -> None:
        ready = intake.condition.unready
        assert ready() == ["the broker has not answered yet"]
        assert (await client.post(PATH, json=record(1))).status == 503
        assert "the broker did not acknowledge the last records" in ready()
        broker.away = False
        await _until(lambda: ready() == ["the broker did not acknowledge the last records"])
        assert (await client.post(PATH, json=record(1))).status == 202
        assert ready() == []
        assert intake.condition.pulse.dead() == []

    served(broker, talk, measures)
