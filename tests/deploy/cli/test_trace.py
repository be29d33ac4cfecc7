"""`lianfang trace`: the hops of a record, by its token or by what identifies it at its source."""

from __future__ import annotations

import json

import pytest

from schemas.models.fact import fact_id
from schemas.models.movement import Presence
from schemas.models.raw import Raw
from schemas.tokens import Keys
from tests.deploy.cli.conftest import Filled, Run
from tests.deploy.fakes import entry

TOKEN = Keys(bytes(32)).token("record", "scan-code", "S-1")
RAW = Raw(source="scan-code", record=TOKEN, version=1, digest="d", body=b"{}", received_at=1579656600000)
PRESENCE = Presence.of(causes=[fact_id("raw", "scan-code", TOKEN, 1)], at=1579656600000, alias="a", place="p", until=1579656600000)


@pytest.mark.parametrize("words", [[TOKEN], ["scan-code", "S-1"]])
def test_trace(words: list[str], run: Run, filled: Filled) -> None:
    """A record is found by its token, and by the source's own identity of it, with the same hops."""
    filled(entry("raw.scan-code", RAW, written=100), entry("presence", PRESENCE, written=150))
    said = json.loads(run("trace", *words, "--json").out)
    assert [(step["topic"], step["after"]) for step in said] == [("raw.scan-code", 0), ("presence", 50)]
    table = run("trace", *words).out
    assert f"2 hops of record {TOKEN}" in table
    assert "+50 ms" in table
    assert "2020-01-22 09:30" in table


def test_unknown_record(run: Run, filled: Filled) -> None:
    """A record that is nowhere is a problem, by the words that were given."""
    filled()
    told = run("trace", "scan-code", "S-2")
    assert (told.code, told.out) == (1, "")
    assert "no record scan-code S-2" in told.err
