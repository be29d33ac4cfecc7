"""The residents' counter over HTTP: who may ask, who is meant, and that a look is on the bus before anything is answered."""

from __future__ import annotations

import asyncio
import base64
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from connectors.transports.answers import problems
from deploy.bus import Bus
from deploy.residents.door import FRESH, PATH, SIGNATURE, Door
from deploy.staff.proof import make, signature
from schemas.models.log import CaseLook
from schemas.settings import Settings
from tests.deploy.cli.people import Sent, publisher
from tests.deploy.residents.town import document, marks, reader, town
from tests.properties.people import KEYS

NOW = 1_600_000_000_000
TOKEN = {"Authorization": "Bearer counter"}
ASKED = {"by": "OP-1", "reason": "request", "at": NOW, "identifiers": {"document": document(0)}}


@pytest.fixture
def sent(monkeypatch: pytest.MonkeyPatch) -> Sent:
    """The town, and what is written to it."""
    found = reader(town())
    monkeypatch.setattr(Bus, "reader", lambda _: found)
    monkeypatch.setattr(Settings, "keys", KEYS)
    return publisher(monkeypatch)


def asked(settings: Settings, said: object, headers: dict[str, str] | None = None, sign: Callable[[bytes], str] | None = None) -> tuple[int, str]:
    """The status and body of one request."""
    data = said if isinstance(said, bytes) else json.dumps(said).encode()

    async def ask() -> tuple[int, str]:
        app = web.Application(middlewares=[problems])
        app.add_routes(Door(Bus(settings), "counter", clock=lambda: NOW).routes())
        async with TestClient(TestServer(app)) as client:
            more = {SIGNATURE: sign(data)} if sign else {}
            answer = await client.post(PATH, data=data, headers=(TOKEN if headers is None else headers) | more)
            return answer.status, await answer.text()

    return asyncio.run(ask())


def staffed(home: Path, role: str = "officer", area: str = "everywhere") -> Settings:
    """Settings with a register of one member."""
    public = make(home / "key", "")
    (home / "staff.yaml").write_text(json.dumps({"staff": {"OP-1": {"roles": [role], "area": area, "key": public}}}))
    return Settings(home=home, staff=home / "staff.yaml")


def test_answers_after_the_look(sent: Sent, tmp_path: Path) -> None:
    """The report as JSON, or as a page; each after a look that says who, why and of whom; no cache keeps either."""
    status, text = asked(Settings(home=tmp_path), ASKED)
    assert (status, json.loads(text)["sections"]["looks"][0]["by"]) == (200, "CDC-7")
    ((topic, _, look),) = sent.sent
    assert isinstance(look, CaseLook)
    assert (topic, look.by, look.reason, look.person, look.at) == ("case.look", "OP-1", "request", json.loads(text)["person"], NOW)
    status, text = asked(Settings(home=tmp_path), ASKED, TOKEN | {"Accept": "text/html"})
    assert (status, text[:15], marks(0)[0] in text, marks(1)[0] in text) == (200, "<!doctype html>", True, False)


@pytest.mark.parametrize(("said", "headers", "status"), [
    (ASKED, {}, 401), (ASKED, {"Authorization": "Bearer other"}, 401), (b"{", None, 422), (b"[]", None, 422), (ASKED | {"reason": "curiosity"}, None, 422),
    (ASKED | {"by": ""}, None, 422), (ASKED | {"at": NOW - FRESH - 1}, None, 422), (ASKED | {"at": "now"}, None, 422),
    (ASKED | {"identifiers": {"phone": "13900000000"}}, None, 422), (ASKED | {"identifiers": {"document": 5}}, None, 422),
], ids=range(10))  # fmt: skip
def test_refused(said: Any, headers: dict[str, str] | None, status: int, sent: Sent, tmp_path: Path) -> None:
    """Without the token, without a word of the vocabulary, of another moment, or of nobody: nothing is shown, nothing is written, and no identifier comes back."""
    found, text = asked(Settings(home=tmp_path), said, headers)
    assert (found, sent.sent) == (status, [])
    assert not [mark for mark in ("13900000000", document(0)) if mark in text]


def test_signed_by_the_member(sent: Sent, tmp_path: Path) -> None:
    """With a register of staff the body carries the member's signature: that of another body, of another key, or none is refused."""
    settings = staffed(tmp_path)
    key = tmp_path / "key"
    assert asked(settings, ASKED, sign=lambda data: signature(key, str, data))[0] == 200
    make(tmp_path / "other", "")
    for sign in (lambda _: "", lambda data: signature(key, str, data + b" "), lambda data: signature(tmp_path / "other", str, data), lambda _: "x"):
        assert asked(settings, ASKED, sign=sign)[0] == 401
    assert len(sent.sent) == 1
    assert len(base64.b64decode(signature(key, str, b""))) == 64
    assert load_pem_private_key(key.read_bytes(), None)


@pytest.mark.parametrize(("role", "area"), [("steward", "everywhere"), ("officer", "530628")])
def test_role_and_area(role: str, area: str, sent: Sent, tmp_path: Path) -> None:
    """Who has another role, or another county, is refused."""
    settings = staffed(tmp_path, role, area)
    assert asked(settings, ASKED, sign=lambda data: signature(tmp_path / "key", str, data))[0] == 403
    assert sent.sent == []
