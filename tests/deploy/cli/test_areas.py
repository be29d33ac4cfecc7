"""`lianfang areas`: as people and programs run it."""

from __future__ import annotations

import json

import pytest

from deploy.bus import Bus
from schemas.models.control import RiskArea
from streams.runtime.keyed import key_of
from tests.deploy.cli.conftest import Filled, Run
from tests.deploy.cli.written import Written, value

TOPICS = ("area.proposal", "area.approval", "area.end")
BASIS = "突发公共卫生事件应急条例, art. 27"
DECLARE = ("areas", "declare", "4301", "--basis", BASIS, "--since", "2020-01-10", "--until", "2020-02-10", "--reason", "outbreak", "--by", "OP-1", "--json")


@pytest.fixture(autouse=True)
def bus(filled: Filled, monkeypatch: pytest.MonkeyPatch) -> Written:
    """The bus."""
    written = Written(filled)
    monkeypatch.setattr(Bus, "publisher", lambda _: written)
    return written


def test_from_declaration_to_end(run: Run, bus: Written) -> None:
    """One declares, another approves, the stage tells it; an end replaces what was told, also one that says it never was; the list says how each stands."""
    declared = value(run, *DECLARE)["id"]
    *shipped, waits = json.loads(run("areas", "list", "--json").out)
    assert {one["by"] for one in shipped} == {"policy"}
    assert (waits["state"], waits["approved_by"]) == ("waits", None)
    assert bus.stands("control.area", RiskArea) == []
    told = value(run, "areas", "approve", declared[:8], "--by", "OP-2", "--json")
    assert (told["area"]["region"], told["area"]["approved_by"]) == ("4301", "OP-2")
    assert [fact.id for fact in bus.stands("control.area", RiskArea)] == [told["area"]["id"]]
    assert [json.loads(run("areas", "list", "--at", when, "--json").out)[-1]["state"] for when in ("2020-01-09", "2020-01-21", "2020-02-10")] == [
        "is to come", "holds", "over"]  # fmt: skip
    value(run, "areas", "end", declared, "--until", "2020-01-22", "--reason", "over", "--by", "OP-3", "--json")
    assert [fact.until < waits["until"] for fact in bus.stands("control.area", RiskArea)] == [True]
    value(run, "areas", "end", declared, "--never", "--reason", "mistake", "--by", "OP-3", "--json")
    assert [fact.until == fact.at for fact in bus.stands("control.area", RiskArea)] == [True]
    assert {one.topic for one in bus.entries} == set(TOPICS)
    assert all(key(one.value) == one.key for one in bus.entries if (key := key_of(one.topic)))


@pytest.mark.parametrize(("words", "says"), [
    ((*DECLARE[:4], "An order", *DECLARE[5:]), "no known law"),
    ((*DECLARE[:2], "43xx", *DECLARE[3:]), "area 43xx"),
    (("areas", "approve", "00000000", "--by", "OP-2"), "no proposals that wait"),
    (("areas", "end", "00000000", "--reason", "over", "--by", "OP-2"), "no proposals that were approved"),
    (("areas", "end", "00000000", "--never", "--until", "2020-01-20", "--reason", "over", "--by", "OP-2"), "leave out --until"),
], ids=["law", "area", "approve", "end", "never"])  # fmt: skip
def test_what_cannot_be_is_said(words: tuple[str, ...], says: str, run: Run, bus: Written) -> None:
    """With what to do, and nothing is written."""
    ran = run(*words)
    assert (ran.code, says in ran.err) == (1, True), ran.err
    assert bus.entries == []


def test_nobody_approves_alone(run: Run, bus: Written) -> None:
    """The second person is another one; nothing is told until then."""
    declared = value(run, *DECLARE)["id"]
    ran = run("areas", "approve", declared, "--by", "OP-1")
    assert (ran.code, "another person" in ran.err) == (1, True)
    assert {one.topic for one in bus.entries} == {"area.proposal"}
