"""The HTTP intake on the real broker, also when the broker goes away."""

from __future__ import annotations

import re
from pathlib import Path

import httpx

from deploy.local import stack as local
from schemas.models.raw import Raw
from tests.broker.live import Live
from tests.broker.people import scan
from tests.broker.processes import Command
from tests.broker.waiting import until


def address(server: Command) -> str:
    """Where a server listens that has just been started on a free port."""
    server.says("http://127.0.0.1:", 120)
    found = re.search(r"http://127\.0\.0\.1:\d+", server.said)
    assert found
    return found[0]


def client(server: Command) -> httpx.Client:
    """A client of such a server."""
    return httpx.Client(base_url=address(server), trust_env=False, timeout=90)


def test_takes_the_good_and_names_the_bad(live: Live) -> None:
    """202 for good records; 422 with every bad field of every bad item while the good ones go in; the same again gives the same tokens; bad ones are rejected."""
    good = [scan(number, number) for number in range(3)]
    with client(live.commands.start("serve", "--port", "0")) as http:
        first = http.post("/v1/sources/scan-code/records", json=good)
        again = http.post("/v1/sources/scan-code/records", json=good)
        mixed = http.post("/v1/sources/scan-code/records", json=[scan(3, 3), scan(4, 4, place_code="", scanned_at="tomorrow"), scan(5, 5, phone="12")])
    assert (first.status_code, [item["accepted"] for item in first.json()["items"]]) == (202, [True] * 3)
    assert again.json() == first.json()
    assert mixed.status_code == 422
    assert [sorted(problem["field"] for problem in item["problems"]) for item in mixed.json()["items"]] == [[], ["place_code", "scanned_at"], ["phone"]]
    live.commands.worker()
    live.commands.wait(lambda: len(live.standing("reject")) == 2, 60)
    rows = live.settle()
    (intake,) = [row for row in rows if row.topic == "raw.scan-code"]
    assert (intake.received, intake.applied, intake.duplicates, intake.rejected) == (9, 4, 3, 2)
    assert len(live.standing("record.scan")) == 4


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
