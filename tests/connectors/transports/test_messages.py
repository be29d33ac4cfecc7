"""The door for gateways of text messages."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
from aiohttp.test_utils import TestClient, TestServer

from connectors.transports.http import Intake
from connectors.transports.messages import PATH, Messages
from streams.normalise.interpret import check
from tests.connectors.messages.sample import CLINIC, KEYS, REGISTER, SOURCES, VISIT, report, taker
from tests.connectors.transports.serving import Broker

_AT = "2020-02-04T09:00:00"


def delivered(folder: Path, data: bytes, kind: str = "application/json", broker: Broker | None = None, token: str | None = None,
              headers: Mapping[str, str] | None = None) -> tuple[int, Any, Broker, list[tuple[str, int]]]:  # fmt: skip
    """Status and answer of one delivery, what the broker has, and who said to have how many answers."""
    broker = broker or Broker()
    has: list[tuple[str, int]] = []

    async def deliver() -> tuple[int, Any]:
        intake = Intake(SOURCES, KEYS, broker.connect, lambda source, fields: check(source, fields, KEYS), token=None, max_waiting=8, patience=5.0)
        app = intake.app(10_000)
        app.add_routes(Messages(intake, REGISTER, taker(folder), token, lambda clinic, upto: has.append((clinic.code, upto))).routes())
        async with TestClient(TestServer(app)) as client, client.post(PATH, data=data, headers={"Content-Type": kind, **(headers or {})}) as response:
            return response.status, await response.json()

    status, answer = asyncio.run(deliver())
    return status, answer, broker, has


def message(text: str, sender: str = "+8613800000099", **more: str) -> bytes:
    """A delivery in our own names."""
    return json.dumps({"from": sender, "text": text, "at": _AT} | more, ensure_ascii=False).encode()


@pytest.mark.parametrize(("data", "kind"), [
    (message(f"711 {report(15, VISIT)}"), "application/json"),
    (json.dumps({"msisdn": 8613800000099, "text": f"711 {report(15, VISIT)}", "timestamp": 1580778000}).encode(), "application/json"),
    (urlencode({"from": "+8613800000099", "message": f"711 {report(15, VISIT)}", "created": "2020-02-04T01:00:00.741000Z"}).encode(), "application/x-www-form-urlencoded"),
], ids=["ours", "json", "form"])  # fmt: skip
def test_a_message_is_on_the_bus_before_it_is_answered(tmp_path: Path, data: bytes, kind: str) -> None:
    """However gateways call sender, text and moment: 202, the record on the raw topic of its source, and a short message for the clinic."""
    status, answer, broker, _ = delivered(tmp_path, data, kind)
    assert (status, answer["texts"]) == (202, ["15已收"])
    assert [(raw.source, raw.record, raw.fault) for raw in broker.held] == [("outpost-visit", KEYS.token("record", "outpost-visit", CLINIC.code, "15"), None)]
    assert json.loads(broker.held[0].body)["就诊时间"] == "2020-02-01 09:30"


def test_a_mistyped_message_is_answered_and_not_delivered_again(tmp_path: Path) -> None:
    """202, since the same again mends nothing: the text says what to correct, and the refused report is on the bus."""
    status, answer, broker, _ = delivered(tmp_path, message(f"711 {report(15, VISIT.replace('判疑', '判好'))}"))
    assert status == 202
    assert answer["texts"] == ["15未收：判应为留疑临确排隔院愈亡之一。改后以原号重发"]
    assert answer["reports"][0]["problems"] == [{"key": "判", "problem": "D: expected one of O S P C R I A W D", "problem_zh": "判应为留疑临确排隔院愈亡之一"}]
    assert [raw.fault for raw in broker.held] == ["D: expected one of O S P C R I A W D"]


def test_strangers_are_not_answered(tmp_path: Path) -> None:
    """Of a phone that is in no register nothing is on the bus, and nothing is sent back."""
    status, answer, broker, _ = delivered(tmp_path, message(f"711 {report(15, VISIT)}", "+8613800000001"))
    assert (status, answer) == (202, {"reports": [], "texts": [], "refused": "unknown_sender"})
    assert broker.held == []


def test_a_clinic_writes_for_itself_alone(tmp_path: Path) -> None:
    """A message from one clinic's phone with another's number is refused."""
    _, answer, broker, _ = delivered(tmp_path, message(f"711 {report(15, VISIT)}", "+8613800000098"))
    assert answer["reports"][0]["fate"] == "refused"
    assert all(raw.fault for raw in broker.held)


def test_who_has_its_answers_says_so(tmp_path: Path) -> None:
    """A clinic acknowledges its answers by the number of the last one."""
    assert delivered(tmp_path, message("711 收27"))[3] == [(CLINIC.code, 27)]


def test_the_broker_is_away(tmp_path: Path) -> None:
    """503 with when to come again; a part that was kept meanwhile is not doubled when the message comes again."""
    broker = Broker()
    broker.away = True
    data = message(f"711 {report(15, VISIT)}")
    assert delivered(tmp_path, data, broker=broker)[0] == 503
    broker.away = False
    assert delivered(tmp_path, data, broker=broker)[0] == 202
    assert len(broker.held) == 1


@pytest.mark.parametrize(("data", "kind", "status"), [
    (b"{}", "application/json", 400), (b"[1]", "application/json", 400), (b"\xff", "application/json", 400), (b"[" * 5000, "application/json", 400), (b"x", "text/plain", 415),
    (message("711", at="gestern"), "application/json", 400), (message("711", at="9" * 30), "application/json", 400), (b"a=%ff&b", "application/x-www-form-urlencoded", 400),
    (b"x" * 20_000, "application/json", 413),
], ids=range(9))  # fmt: skip
def test_what_is_no_message(tmp_path: Path, data: bytes, kind: str, status: int) -> None:
    """What a gateway delivers in another form is refused, for whoever set the gateway up."""
    assert delivered(tmp_path, data, kind)[0] == status


@pytest.mark.parametrize(("headers", "status"), [({}, 401), ({"Authorization": "Bearer other"}, 401), ({"Authorization": "Bearer secret"}, 202)], ids=range(3))
def test_a_gateway_shows_its_token(tmp_path: Path, headers: dict[str, str], status: int) -> None:
    """Without the gateway's token nothing is taken."""
    assert delivered(tmp_path, message(f"711 {report(15, VISIT)}"), token="secret", headers=headers)[0] == status
