"""The HTTP intake on the real broker, also when the broker goes away."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import httpx
from click.testing import CliRunner

from deploy.cli.main import lianfang
from deploy.local import stack as local
from schemas.models.raw import Raw
from tests.broker.live import Live
from tests.broker.people import scan
from tests.broker.processes import Command, environment
from tests.broker.waiting import until
from tests.connectors.messages.sample import VISIT, report


def address(server: Command) -> str:
    """Where a server listens that has just been started on a free port."""
    server.says("http://127.0.0.1:", 120)
    found = re.search(r"http://127\.0\.0\.1:\d+", server.said)
    assert found
    return found[0]


def client(server: Command) -> httpx.Client:
    """A client of such a server."""
    return httpx.Client(base_url=address(server), trust_env=False, timeout=90)


def test_takes_the_good_and_names_the_bad(live: Live, tmp_path: Path) -> None:
    """202 for good records; 422 with every bad field of every bad item while the good ones go in; the same again gives the same tokens; bad ones are rejected.

    A village clinic's text messages come in by the same door, and it gets its answers until it says that it has them.
    """
    good = [scan(number, number) for number in range(3)]
    outposts = _outposts(tmp_path)
    with client(live.commands.start("serve", "--port", "0", LIANFANG_OUTPOSTS=outposts)) as http:
        first = http.post("/v1/sources/scan-code/records", json=good)
        again = http.post("/v1/sources/scan-code/records", json=good)
        mixed = http.post("/v1/sources/scan-code/records", json=[scan(3, 3), scan(4, 4, place_code="", scanned_at="tomorrow"), scan(5, 5, phone="12")])
        texts = [_message(http, report(number, words)) for number, words in ((1, VISIT), (2, VISIT.replace("判疑", "判好")), (1, VISIT))]
    assert texts == [["1已收"], ["2未收：判应为留疑临确排隔院愈亡之一。改后以原号重发"], ["1已收"]]
    assert (first.status_code, [item["accepted"] for item in first.json()["items"]]) == (202, [True] * 3)
    assert again.json() == first.json()
    assert mixed.status_code == 422
    assert [sorted(problem["field"] for problem in item["problems"]) for item in mixed.json()["items"]] == [[], ["place_code", "scanned_at"], ["phone"]]
    live.commands.worker()
    live.commands.wait(lambda: len(live.standing("reject")) == 3, 60)
    rows = live.settle()
    (intake,) = [row for row in rows if row.topic == "raw.scan-code"]
    assert (intake.received, intake.applied, intake.duplicates, intake.rejected) == (9, 4, 3, 2)
    assert len(live.standing("record.scan")) == 4
    answers = _answers(live, outposts, "answers", "711")["answers"]
    assert [(one["number"], one["about"], one["word"], one["more"]) for one in answers] == [
        (1, "report", "taken", "2"), (1, "received", "open", ""), (2, "report", "refused", "判"),
    ]  # fmt: skip
    assert _answers(live, outposts, "confirm", "711", "3")["has"] == 3
    assert _answers(live, outposts, "answers", "711")["answers"] == []


def _outposts(folder: Path) -> str:
    """A register of one clinic."""
    path = folder / "outposts.yaml"
    path.write_text("clinics: [{code: CLIN-530624-11, number: 711, region: 530624107, staff: VD-11, phones: [13800000099], places: {1: HOSP-530624-01}}]\n", "utf-8")
    return str(path)


def _message(http: httpx.Client, text: str) -> list[str]:
    """What the gateway is to send back for a message of the clinic."""
    answer = http.post("/v1/messages", json={"from": "13800000099", "text": f"711 {text}", "at": "2020-02-04T09:00:00"})
    assert answer.status_code == 202
    found: list[str] = answer.json()["texts"]
    return found


def _answers(live: Live, outposts: str, *words: str) -> dict[str, Any]:
    """What `lianfang outpost` says."""
    done = CliRunner().invoke(lianfang, ["outpost", *words, "--json"], env=environment(live.bus.settings) | {"LIANFANG_OUTPOSTS": outposts})
    assert done.exit_code == 0, done.output
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def test_broker_away(live: Live, home: Path) -> None:
    """While the broker is killed 503 with Retry-After, and 202 for the same request when it is back; nothing is in doubt then."""
    with client(live.commands.start("serve", "--port", "0", LIANFANG_HTTP_PATIENCE="3")) as http:
        assert http.post("/v1/sources/scan-code/records", json=scan(1, 1)).status_code == 202
        local.kill_broker(home)
        try:
            refused = http.post("/v1/sources/scan-code/records", json=scan(2, 2))
        finally:
            local.up(home, print)
        assert (refused.status_code, refused.headers["Retry-After"].isdigit()) == (503, True)
        until(lambda: http.post("/v1/sources/scan-code/records", json=scan(2, 2)).status_code == 202, 60)
    tokens = {entry.value.record for entry in live.entries("raw.scan-code") if isinstance(entry.value, Raw)}
    assert len(tokens) == 2
