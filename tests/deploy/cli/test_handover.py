"""`lianfang handover`: who may offer and answer, and that it goes in as a county's own system would send it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from connectors import registry
from deploy.staff.proof import make
from schemas.document import load
from schemas.models.case import Entry, LinkedCase, What
from schemas.models.raw import Raw
from schemas.models.record import Handling, Report, Work
from schemas.tokens import Keys
from streams.cases.handover import handover
from streams.normalise.interpret import interpret
from streams.stage import Emit
from tests.deploy.cli.conftest import Filled, Run
from tests.deploy.cli.people import Sent, publisher
from tests.deploy.fakes import entry
from tests.streams.tasks.cases import COMMUNITY, line, told
from tests.streams.trial import HOUR

OFFER = line(What.HANDED_OVER, 1, note="take_over", other="530602", region="530624")


@pytest.fixture
def sent(monkeypatch: pytest.MonkeyPatch) -> Sent:
    """What the commands write to the bus."""
    return publisher(monkeypatch)


def case(filled: Filled, *lines: Entry) -> LinkedCase:
    """A bus with one case."""
    found = told(*lines)
    filled(entry("case.linked", found, key=found.person))
    return found


def reported(sent: Sent) -> Report:
    """What normalise makes of the one record that was sent."""
    ((topic, _, raw),) = sent.sent
    assert topic == "raw.task-report"
    assert isinstance(raw, Raw)
    (fact,) = [one.value for one in interpret(registry.sources()[raw.source], load(raw.body), raw.record, raw.version, Keys(bytes(32))) if isinstance(one, Emit)]
    assert isinstance(fact, Report)
    return fact


def test_offer(run: Run, filled: Filled, sent: Sent) -> None:
    """It says whose case, from which county, to which; read back into a timeline it is an offer that counts."""
    one = case(filled)
    assert run("handover", "offer", one.person[:8], "--to", "530602001", "--by", "CDC-624", "--at", "2020-01-20T13:00").code == 0
    fact = reported(sent)
    assert (fact.alias, fact.work, fact.handling, fact.region, fact.to, fact.by) == (one.person, Work.TAKE_OVER, Handling.HANDED_OVER, "530624", "530602", "CDC-624")
    again = Entry(at=fact.at, until=fact.at, what=What.HANDED_OVER, source="", region=fact.region, note="take_over", evidence="e", other=fact.to)
    assert handover(COMMUNITY, [again]).to == "530602"


@pytest.mark.parametrize(("words", "handling", "remark"), [(("accept",), Handling.ACCEPTED, None), (("refuse", "--reason", "not_ours"), Handling.REFUSED, "not_ours")])
def test_answer(words: tuple[str, ...], handling: Handling, remark: str | None, run: Run, filled: Filled, sent: Sent) -> None:
    """It is said from the county to which it was offered."""
    one = case(filled, OFFER)
    assert run("handover", words[0], one.person, *words[1:], "--by", "CDC-602").code == 0
    fact = reported(sent)
    assert (fact.work, fact.handling, fact.remark, fact.region) == (Work.TAKE_OVER, handling, remark, "530602")


@pytest.mark.parametrize(("lines", "words", "said"), [
    ([], ("accept",), "no offer of this case waits"), ([OFFER], ("offer", "--to", "530624"), "another county"), ([OFFER], ("offer", "--to", "5306"), "six digits"),
    ([OFFER], ("offer", "--to", "x"), "x: "), ([OFFER], ("accept", "--at", "2020-01-20T12:59"), "before the offer"),
], ids=range(5))  # fmt: skip
def test_what_cannot_be(lines: list[Entry], words: tuple[str, ...], said: str, run: Run, filled: Filled, sent: Sent) -> None:
    """Nothing is sent, and what to do is said."""
    one = case(filled, *lines)
    found = run("handover", words[0], one.person, *words[1:], "--by", "CDC-1")
    assert (found.code, sent.sent) == (1, [])
    assert said in found.err


@pytest.mark.parametrize(("words", "area", "code"), [
    (("offer", "--to", "533102"), "530624", 0), (("offer", "--to", "533102"), "530602", 1), (("accept",), "530602", 0), (("accept",), "530624", 1),
], ids=range(4))  # fmt: skip
def test_who_has_the_say(words: tuple[str, ...], area: str, code: int, run: Run, filled: Filled, sent: Sent, home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """With a register of staff only an officer of the county that answers for the case offers it, and only one of the other answers."""
    one = case(filled, OFFER)
    (home / "staff.yaml").write_text(json.dumps({"staff": {"CDC-1": {"roles": ["officer"], "area": area, "key": make(home / "key", "")}}}))
    monkeypatch.setenv("LIANFANG_STAFF", str(home / "staff.yaml"))
    monkeypatch.setenv("LIANFANG_STAFF_KEY", str(home / "key"))
    found = run("handover", words[0], one.person, *words[1:], "--by", "CDC-1")
    assert (found.code, len(sent.sent)) == (code, 1 - code)
    assert ("the area of CDC-1 is" in found.err) == (code == 1)


def test_list(run: Run, filled: Filled) -> None:
    """Each case that was offered, with its answer."""
    one = case(filled, OFFER)
    (found,) = json.loads(run("handover", "list", "--json").out)
    assert (found["person"], found["from"], found["to"], found["answer"], found["offered"]) == (one.person, "530624", "530602", "waits", OFFER.at)
    assert "1 hand-overs" in run("handover", "list").out
    case(filled, OFFER, line(What.ACCEPTED, 2, note="take_over", other="CDC-602", region="530602"))
    (found,) = json.loads(run("handover", "list", "--json").out)
    assert (found["answer"], found["answered"]) == ("accepted", OFFER.at + HOUR)
