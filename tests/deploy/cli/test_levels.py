"""`lianfang levels`: as people and programs run it."""

from __future__ import annotations

import json

import pytest

from deploy.bus import Bus
from schemas.models.control import LevelInForce
from streams.runtime.keyed import key_of
from tests.deploy.cli.conftest import Filled, Run
from tests.deploy.cli.written import Written, value

TOPICS = ("level.proposal", "level.approval", "level.end")
BASIS = "突发公共卫生事件应急条例, art. 27"
PROPOSE = ("levels", "propose", "5306", "emergency", "--basis", BASIS, "--since", "2020-01-20", "--until", "2020-02-10", "--reason", "outbreak", "--by", "OP-1", "--json")


@pytest.fixture(autouse=True)
def bus(filled: Filled, monkeypatch: pytest.MonkeyPatch) -> Written:
    """The bus."""
    written = Written(filled)
    monkeypatch.setattr(Bus, "publisher", lambda _: written)
    return written


def test_from_proposal_to_early_end(run: Run, bus: Written) -> None:
    """One proposes, another approves, the stage tells it; an end before the time replaces what was told; the list says how each stands."""
    proposal = value(run, *PROPOSE, "--past")["id"]
    (waits,) = json.loads(run("levels", "list", "--json").out)
    assert (waits["state"], waits["approved_by"]) == ("waits", None)
    assert bus.stands("control.level", LevelInForce) == []
    told = value(run, "levels", "approve", proposal[:8], "--by", "OP-2", "--json")
    assert (told["level"]["region"], told["level"]["approved_by"]) == ("5306", "OP-2")
    assert [fact.id for fact in bus.stands("control.level", LevelInForce)] == [told["level"]["id"]]
    assert [one["state"] for when in ("2020-01-19", "2020-01-21", "2020-02-10") for one in json.loads(run("levels", "list", "--at", when, "--json").out)] == [
        "is to come", "in force", "over"]  # fmt: skip
    value(run, "levels", "end", proposal, "--until", "2020-01-22", "--reason", "over", "--by", "OP-3", "--json")
    assert [one["state"] for one in json.loads(run("levels", "list", "--at", "2020-01-23", "--json").out)] == ["over"]
    assert [fact.until < waits["until"] for fact in bus.stands("control.level", LevelInForce)] == [True]
    assert {one.topic for one in bus.entries} == set(TOPICS)
    assert all(key(one.value) == one.key for one in bus.entries if (key := key_of(one.topic)))


@pytest.mark.parametrize(("words", "says"), [
    ((*PROPOSE,), "add --past"),
    ((*PROPOSE[:5], "An order", *PROPOSE[6:], "--past"), "no known law"),
    ((*PROPOSE[:2], "53xx", *PROPOSE[3:], "--past"), "region 53xx"),
    (("levels", "approve", "00000000", "--by", "OP-2"), "no proposals that wait"),
    (("levels", "end", "00000000", "--reason", "over", "--by", "OP-2"), "no proposals that were approved"),
], ids=["past", "law", "region", "approve", "end"])  # fmt: skip
def test_what_cannot_be_is_said(words: tuple[str, ...], says: str, run: Run, bus: Written) -> None:
    """With what to do, and nothing is written."""
    ran = run(*words)
    assert (ran.code, says in ran.err) == (1, True), ran.err
    assert bus.entries == []


def test_nobody_approves_alone(run: Run, bus: Written) -> None:
    """The second person is another one; nothing is told until then."""
    proposal = value(run, *PROPOSE, "--past")["id"]
    ran = run("levels", "approve", proposal, "--by", "OP-1")
    assert (ran.code, "another person" in ran.err) == (1, True)
    assert {one.topic for one in bus.entries} == {"level.proposal"}


def test_what_a_level_allows(run: Run, bus: Written) -> None:
    """In peace nobody is traced and what is taken of everybody is not used; under an emergency it is kept for its days; in Chinese and English."""
    value(run, "levels", "approve", value(run, *PROPOSE, "--past")["id"], "--by", "OP-2", "--json")
    peace, emergency = (value(run, "levels", "show", region, "--at", "2020-01-21", "--json") for region in ("5301", "530624"))
    assert (peace["level"], peace["rounds_traced"], peace["records"]["scan"]["collected"], peace["records"]["lab"]["collected"]) == ("peace", 0, False, True)
    assert (emergency["level"], emergency["rounds_traced"], emergency["legal_basis"]) == ("emergency", 1, [BASIS])
    assert emergency["records"]["scan"] == {"collected": True, "kept_ms": 28 * 86_400_000}
    assert any(one["needs_tracing"] for one in peace["released"])
    assert not any(one["needs_tracing"] for one in emergency["released"])
    shown = run("levels", "show", "530624", "--at", "2020-01-21").out
    assert all(words in shown for words in ("应急", "场所码扫码", "28 days 天", "追踪密接 1 层"))
    assert "not used 不使用" in run("levels", "show", "5301", "--at", "2020-01-21").out


def test_a_place_that_there_is_not(run: Run) -> None:
    """A code that is none is refused with what is expected."""
    ran = run("levels", "show", "53xx")
    assert (ran.code, "division code" in ran.err) == (1, True), ran.err
