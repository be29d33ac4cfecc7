"""`lianfang supervision`: complaints by what is due, one by its number, and closures without a decision."""

from __future__ import annotations

import json

import pytest

from schemas.models.rights import ClosureAlert, Complaint, ComplaintState, Grievance
from streams.policy import load
from streams.rights.closures import alert
from tests.deploy.cli.conftest import Filled, Run
from tests.deploy.fakes import entry
from tests.streams.rights.test_closures import SHUT
from tests.streams.rights.test_complaints import DUE, now, said

LATE = now(DUE + 1)
DONE = now(DUE, said("upheld", LATE.since + 1)).model_copy(update={"number": "C-2", "alias": "3" * 32})
BARE = alert(SHUT, [], [], 0, load())


@pytest.fixture(autouse=True)
def _bus(filled: Filled) -> None:
    """A complaint that is overdue, one that was upheld, one that was withdrawn, and a closure."""
    gone = LATE.model_copy(update={"number": "C-3", "alias": "4" * 32})
    assert BARE
    facts = [("complaint", LATE.alias, LATE), ("complaint", DONE.alias, DONE), ("complaint", gone.alias, gone), ("complaint", gone.alias, gone.taken_back()),
             ("closure.alert", BARE.area, BARE)]  # fmt: skip
    filled(*(entry(topic, fact, key=key, offset=number) for number, (topic, key, fact) in enumerate(facts)))


def test_what_waits_for_an_answer(run: Run) -> None:
    """Only what is not concluded, with who has to see to it, in both languages."""
    (one,) = json.loads(run("supervision", "complaints", "--json").out)
    assert Complaint.model_validate(one) == LATE
    text = run("supervision", "complaints").out
    assert all(word in text for word in ("1 complaints 投诉", "C-1", "overdue 逾期", f"{Grievance.CLOSURE.value} 封闭管理", "2020-02-18 10:00"))
    assert json.loads(run("supervision", "complaints", "--region", "5306", "--all", "--json").out)[1]["state"] == ComplaintState.UPHELD
    assert json.loads(run("supervision", "complaints", "--region", "5333", "--json").out) == []


def test_one_by_its_number(run: Run) -> None:
    """In any case of letters; one that was withdrawn is not there, and it is said what to do."""
    assert json.loads(run("supervision", "complaint", "c-2", "--json").out)[0]["by"] == "OP-1"
    failed = run("supervision", "complaint", "C-3")
    assert (failed.code, "no complaint C-3 stands" in failed.err) == (1, True)


def test_closures(run: Run) -> None:
    """What is closed without a decision, and from when."""
    (one,) = json.loads(run("supervision", "closures", "--json").out)
    assert ClosureAlert.model_validate(one) == BARE
    assert "never_decided 无决定" in run("supervision", "closures").out
