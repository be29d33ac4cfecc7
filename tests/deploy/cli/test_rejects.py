"""`lianfang rejects`: refused records with their reasons, and the original only when it is asked for."""

from __future__ import annotations

import json

import pytest

from schemas.models.raw import Pointer, Raw, Reason, Reject
from tests.deploy.cli.conftest import Filled, Run
from tests.deploy.fakes import FakeReader, entry

BODY = '{"name": "杨测试", "phone": "139"}'


def reject(record: str, source: str = "scan-code") -> Reject:
    """A refused record."""
    return Reject.of(causes=[], at=1579921200000, source=source, record=record, version=1, digest="d", reasons=[Reason(field="phone", problem="expected a phone number")],
                     pointer=Pointer(topic="raw.scan-code", partition=1, offset=7))  # fmt: skip


@pytest.fixture(autouse=True)
def reader(filled: Filled) -> FakeReader:
    """A bus with two refused records, one of which has its original on the raw topic."""
    raw = Raw(source="scan-code", record="a1" * 16, version=1, digest="d", body=BODY.encode(), received_at=0)
    return filled(entry("reject", reject("a1" * 16)), entry("reject", reject("b2" * 16, "travel"), offset=1), entry("raw.scan-code", raw, partition=1, offset=7))


def test_list(run: Run, reader: FakeReader) -> None:
    """All are listed with their reasons, or those of one source; the connection is let go."""
    assert [one["source"] for one in json.loads(run("rejects", "list", "--json").out)] == ["scan-code", "travel"]
    assert [one["source"] for one in json.loads(run("rejects", "list", "--json", "--source", "travel").out)] == ["travel"]
    table = run("rejects", "list").out
    assert "2 refused records" in table
    assert "phone: expected a phone number" in table
    assert reader.closed


def test_show(run: Run) -> None:
    """One is shown by the beginning of its token, without the original."""
    told = run("rejects", "show", "a1a1")
    assert told.code == 0
    assert "expected a phone number" in told.out
    assert "杨测试" not in told.out
    assert "original" not in json.loads(run("rejects", "show", "a1a1", "--json").out)[0]


def test_show_original(run: Run) -> None:
    """The bytes as they arrived are shown when they are asked for, with a word of caution."""
    told = run("rejects", "show", "a1a1", "--original")
    assert BODY in told.out
    assert "personal data" in told.out
    assert json.loads(run("rejects", "show", "a1a1", "--original", "--json").out)[0]["original"] == BODY


def test_show_what_is_not_there(run: Run) -> None:
    """A token that no reject begins with is a problem that names the way to find one."""
    told = run("rejects", "show", "ffff")
    assert (told.code, told.out) == (1, "")
    assert "lianfang rejects list" in told.err
