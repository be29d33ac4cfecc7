"""`lianfang releases`: as people and programs run it."""

from __future__ import annotations

import json
import time
from pathlib import Path

import pytest

from connectors.registry import agencies
from schemas.models.release import Answer, Audit, Decision, Receipt
from streams.routing.codes import Codes
from tests.deploy.cli.conftest import Filled, Run
from tests.deploy.cli.people import KEYS
from tests.deploy.fakes import entry

NAME = "cuihua-community"
NOW = time.time_ns() // 1_000_000
DAY = 86_400_000


def audit(release: str, person: str, agency: str = NAME, purpose: str = "community-care") -> Audit:
    """A line of the audit."""
    return Audit(release=release, agency=agency, person=person, purpose=purpose, decision=Decision.RELEASED, reason="", fields=[], at=0)


@pytest.fixture(autouse=True)
def bus(filled: Filled, home: Path) -> None:
    """Two releases to the community, of which the older is confirmed, and one to the county that nobody confirmed for two days."""
    receipt = Receipt(release="a" * 32, retracted=False, agency=NAME, answer=Answer.DELIVERED, status=0, attempts=0, answered_at=NOW)
    filled(
        entry("audit", audit("a" * 32, "1" * 32), written=NOW - 5), entry("audit", audit("b" * 32, "2" * 32), written=NOW - 4),
        entry("audit", audit("c" * 32, "1" * 32, "ruili-county-cdc", "investigation"), written=NOW - 2 * DAY), entry("receipt", receipt, written=NOW),
    )  # fmt: skip


def test_list(run: Run) -> None:
    """Everything, the oldest first, with who confirmed; of an agency; of a person by the key, and by what any agency calls the person."""
    told = json.loads(run("releases", "list", "--json").out)
    assert [(one["release"][0], one["answer"], one["outstanding"], one["overdue"]) for one in told] == [
        ("c", "", True, True), ("a", "delivered", False, False), ("b", "", True, False),
    ]  # fmt: skip
    assert [one["release"][0] for one in json.loads(run("releases", "list", "--agency", NAME, "--json").out)] == ["a", "b"]
    assert [one["release"][0] for one in json.loads(run("releases", "list", "--person", "1" * 10, "--json").out)] == ["c", "a"]
    code = Codes(agencies()[NAME], agencies()[NAME].purposes[0], KEYS).person("2" * 32)
    assert [one["release"][0] for one in json.loads(run("releases", "list", "--person", code, "--json").out)] == ["b"]
    assert "delivered" in run("releases", "list").out


def test_outstanding(run: Run) -> None:
    """What nobody confirmed; 1 when something of it is overdue, and 0 when it is not yet."""
    late = run("releases", "outstanding", "--json")
    assert (late.code, [one["release"][0] for one in json.loads(late.out)]) == (1, ["c", "b"])
    early = run("releases", "outstanding", "--agency", NAME)
    assert (early.code, "outstanding 未确认" in early.out) == (0, True)
    assert "overdue 逾期" in run("releases", "outstanding").out


def test_an_agency_that_there_is_not(run: Run) -> None:
    """It is a problem that says which there are."""
    ran = run("releases", "list", "--agency", "nobody")
    assert (ran.code, "agencies are cuihua-community" in ran.err) == (1, True)
