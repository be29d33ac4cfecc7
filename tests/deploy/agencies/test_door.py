"""Agencies confirm over HTTP what they read from their topic."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from connectors.transports.answers import problems
from deploy.agencies.door import Door
from deploy.bus import Bus
from deploy.cli.output import Problem
from deploy.operate import door
from schemas.models.release import Answer, Receipt, Release, View
from schemas.settings import Settings
from tests.deploy.cli.people import Sent, publisher
from tests.deploy.fakes import FakeReader, entry

ONE, TWO = "cuihua-community", "ruili-county-cdc"
NOW = 77


def release(agency: str, at: int) -> Release:
    """A release to an agency."""
    return Release.of(causes=["c"], at=at, agency=agency, person="p", roles=[], purpose="care", legal_basis="law", why=[], expires=9, view=View())


MINE, OTHER, THEIRS = release(ONE, 1), release(ONE, 2), release(TWO, 1)
TOKEN = {"Authorization": "Bearer one"}


@pytest.fixture
def sent(monkeypatch: pytest.MonkeyPatch) -> Sent:
    """The two agencies' topics, and what is written."""
    entries = [entry(f"deliver.{one.agency}", one) for one in (MINE, OTHER, OTHER.taken_back(), THEIRS)]
    monkeypatch.setattr(Bus, "reader", lambda _: FakeReader(entries))
    return publisher(monkeypatch)


def ask(home: Path, said: object, headers: dict[str, str], agency: str = ONE) -> tuple[int, object]:
    """Status and answer of one request."""

    async def asked() -> tuple[int, object]:
        app = web.Application(middlewares=[problems])
        app.add_routes(Door(Bus(Settings(home=home)), {ONE: "one", TWO: "two"}, lambda: NOW).routes())
        async with TestClient(TestServer(app)) as client:
            answer = await client.post(f"/v1/agencies/{agency}/receipts", data=json.dumps(said), headers=headers)
            return answer.status, await answer.json()

    return asyncio.run(asked())


def test_a_release_and_a_retraction_are_confirmed(sent: Sent, tmp_path: Path) -> None:
    """Each has its receipt on the bus, as the deliverer would write it, under the id of the release."""
    status, _ = ask(tmp_path, [{"release": MINE.id}, {"release": OTHER.id, "retracted": True}], TOKEN)
    assert status == 202
    assert sent.sent == [
        ("receipt", one.id, Receipt(release=one.id, retracted=back, agency=ONE, answer=Answer.DELIVERED, status=0, attempts=0, answered_at=NOW))
        for one, back in ((MINE, False), (OTHER, True))
    ]


def test_what_is_of_another_agency_is_refused(sent: Sent, tmp_path: Path) -> None:
    """An id of another agency, one that nobody has, and a retraction that there is not: each is named, and what is right beside them is taken."""
    said = [{"release": THEIRS.id}, {"release": "0" * 32}, {"release": MINE.id, "retracted": True}, {"release": OTHER.id}]
    status, told = ask(tmp_path, said, TOKEN)
    assert isinstance(told, dict)
    assert (status, [one["accepted"] for one in told["items"]]) == (422, [False, False, False, True])
    assert [key for _, key, _ in sent.sent] == [OTHER.id]


@pytest.mark.parametrize(("agency", "headers"), [(ONE, {}), (ONE, {"Authorization": "Bearer two"}), (TWO, TOKEN), ("nobody", TOKEN), (ONE, {"Authorization": "Basic one"})],
                         ids=["none", "another's", "of another", "no agency", "no bearer"])  # fmt: skip
def test_a_token_opens_its_own_agency_alone(agency: str, headers: dict[str, str], sent: Sent, tmp_path: Path) -> None:
    """Without it, or with that of another, nothing is taken, and who has no token here looks the same as who has a wrong one."""
    assert ask(tmp_path, [{"release": MINE.id}], headers, agency)[0] == 401
    assert sent.sent == []


@pytest.mark.parametrize("said", [[], {}, "text", [{"release": 1}], [{}], [{"release": "a", "more": 1}], [{"release": "a"}] * 1001], ids=["empty", "object", "text", "number", "nothing", "more", "too many"])
def test_what_is_no_list_of_releases(said: object, sent: Sent, tmp_path: Path) -> None:
    """It is refused with what is expected."""
    status, told = ask(tmp_path, said, TOKEN)
    assert (status, "1 to 1,000 objects" in str(told)) == (422, True)
    assert sent.sent == []


def test_tokens_are_files(tmp_path: Path) -> None:
    """Of the folder of the settings; a file of no agency is a mistake that is told."""
    assert door.agencies(Settings(home=tmp_path), [ONE]) == {}
    (tmp_path / "tokens").mkdir()
    (tmp_path / "tokens" / f"{ONE}.token").write_text("one\n")
    settings = Settings(home=tmp_path, http_agencies=tmp_path / "tokens")
    assert door.agencies(settings, [ONE]) == {ONE: "one"}
    with pytest.raises(Problem, match=f"tokens of no agency: {ONE}"):
        door.agencies(settings, [TWO])
