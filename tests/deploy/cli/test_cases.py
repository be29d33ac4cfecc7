"""`lianfang cases`: the linked cases that stand, for people and for programs."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from deploy.cli.cases import words
from deploy.docs.golden import examples
from deploy.staff.proof import make
from schemas.models.case import Fever, LinkedCase, Role
from schemas.models.log import CaseLook
from tests.deploy.cli.conftest import Filled, Run
from tests.deploy.cli.people import Sent, publisher
from tests.deploy.fakes import entry

CASES = [one for one in examples("LinkedCase") if isinstance(one, LinkedCase)]
CASE = next(one for one in CASES if one.status)
CONTACT = next(one for one in CASES if not one.status and not one.retracted)
MOVED = CONTACT.model_copy(update={"person": "f" * 32, "retracted": True, "superseded_by": CASE.person})


WHO = ("--by", "CDC-1", "--reason", "tracing")


@pytest.fixture(autouse=True)
def sent(monkeypatch: pytest.MonkeyPatch) -> Sent:
    """What the commands write to the bus."""
    return publisher(monkeypatch)


@pytest.fixture(autouse=True)
def _bus(filled: Filled) -> None:
    """A bus with a case, a contact, one that came and went, and a key that moved."""
    gone = CONTACT.model_copy(update={"person": "0" * 32})
    values = [CONTACT, gone, CASE, gone.taken_back(), MOVED.model_copy(update={"retracted": False}), MOVED]
    filled(*(entry("case.linked", value, key=value.person, offset=number) for number, value in enumerate(values)), entry("case.linked", None, key="x", offset=99))


def test_list(run: Run) -> None:
    """What stands is listed, cases first; identifiers stay sealed and are not shown."""
    told = run("cases", "list", "--json")
    assert [one["person"] for one in json.loads(told.out)] == [CASE.person, CONTACT.person]
    assert {name for one in json.loads(told.out) for name in one} == {
        "id", "person", "roles", "status", "since", "community", "grid_worker", "contacts", "contact_of", "aliases",
    }  # fmt: skip
    assert not [where for where in (entry.place for entry in CASE.timeline) if where and where in told.out]
    table = run("cases", "list").out
    assert "2 linked cases" in table
    assert "confirmed 确诊" in table
    assert "contact 密切接触者" in table


def test_list_of_a_role(run: Run, filled: Filled) -> None:
    """Only of who is in it; the signal of a fever is shown with the case."""
    signal = Fever(since=CASE.at, last=CASE.at, signs=["cough", "antitussive"], weight=2, evidence=[])
    ill = CONTACT.model_copy(update={"person": "f" * 32, "roles": [Role.FEVER], "fever": signal})
    filled(*(entry("case.linked", value, key=value.person, offset=number) for number, value in enumerate((CASE, CONTACT, ill))))
    assert [one["person"] for one in json.loads(run("cases", "list", "--role", "fever", "--json").out)] == [ill.person]
    assert "antitussive 止咳药" in run("cases", "show", "ffff", *WHO).out


def test_whole_cases_are_for_who_says_why(run: Run, sent: Sent) -> None:
    """Whole cases come after a look at each is on the bus; half of what is asked for shows nothing."""
    found = json.loads(run("cases", "list", "--whole", "--json", *WHO).out)
    assert [one["timeline"] for one in found] == [one.model_dump(mode="json")["timeline"] for one in (CASE, CONTACT)]
    assert all("sealed" not in one for one in found)
    assert [(topic, look.case, look.by) for topic, _, look in sent.sent if isinstance(look, CaseLook)] == [("case.look", one.id, "CDC-1") for one in (CASE, CONTACT)]
    for said in (("--whole", "--json"), ("--whole", *WHO), ("--json", *WHO), ("--whole", "--json", "--by", "CDC-1"), ("--whole", "--json", "--by", "CDC-1", "--reason", "curiosity")):
        told = run("cases", "list", *said)
        assert (told.code, told.out) == (1, "")
    assert len(sent.sent) == 2


def test_show(run: Run) -> None:
    """One case is found by the beginning of its key, with its timeline, contacts and Shanghai times."""
    assert json.loads(run("cases", "show", CASE.person[:8], *WHO, "--json").out)["person"] == CASE.person
    table = run("cases", "show", CASE.person[:8], *WHO).out
    assert all(word in table for word in ("GW-0031", "MKT-530624-07", "residence 居住", "cough 咳嗽", "2020-01-25", CONTACT.person[:8], "Asia/Shanghai"))


@pytest.mark.parametrize(("area", "code"), [("same", 0), ("999999", 1)])
def test_another_county_is_not_shown(run: Run, sent: Sent, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, area: str, code: int) -> None:
    """With a register of staff only an officer of a division that the case concerns sees it; nobody else's look is recorded, for there is none."""
    public = make(tmp_path / "key", "")
    mine = CASE.concerns[0].region if area == "same" else area
    (tmp_path / "staff.yaml").write_text(json.dumps({"staff": {"CDC-1": {"roles": ["officer"], "area": mine, "key": public}}}))
    monkeypatch.setenv("LIANFANG_STAFF", str(tmp_path / "staff.yaml"))
    monkeypatch.setenv("LIANFANG_STAFF_KEY", str(tmp_path / "key"))
    told = run("cases", "show", CASE.person[:8], *WHO)
    assert told.code == code
    assert ("GW-0031" in told.out) == (code == 0)
    assert code == 0 or "the area of CDC-1 is 999999" in told.err
    assert len(sent.sent) == (code == 0)
    whole = run("cases", "list", "--whole", "--json", *WHO)
    assert (CASE.person in [one["person"] for one in json.loads(whole.out)]) == (code == 0)


def test_without_a_register_it_is_said_loudly(run: Run) -> None:
    """Anybody may then look, under any code."""
    assert "OPEN: nobody checks who CDC-1 is" in run("cases", "show", CASE.person[:8], *WHO).err


def test_a_look_is_recorded(run: Run, sent: Sent) -> None:
    """Whoever sees a case is known before it is shown; without a name and a reason of the vocabulary nothing is shown."""
    run("cases", "show", CASE.person[:8], *WHO)
    ((topic, key, look),) = sent.sent
    assert isinstance(look, CaseLook)
    assert (topic, key, look.case, look.by, look.reason) == ("case.look", CASE.id, CASE.id, "CDC-1", "tracing")
    for said in (["--by", "CDC-1"], ["--reason", "tracing"], ["--by", "CDC-1", "--reason", "curiosity"]):
        told = run("cases", "show", CASE.person[:8], *said)
        assert told.code != 0
        assert CASE.person not in told.out
    assert len(sent.sent) == 1


def test_show_what_is_not_there(run: Run) -> None:
    """A key that nothing begins with, or several do, is a problem; a key that moved says where to."""
    assert "no linked cases begin with eeee" in run("cases", "show", "eeee", *WHO).err
    assert "2 linked cases begin with" in run("cases", "show", "", *WHO).err
    told = run("cases", "show", "ffff", *WHO)
    assert (told.code, told.out) == (1, "")
    assert f"the person's key is now {CASE.person}" in told.err


def test_words() -> None:
    """Our words are shown with their Chinese, those of symptoms too; a word without Chinese, and nothing, as they are."""
    assert words("confirmed", None, "fever", "RT-PCR", "") == "confirmed 确诊, fever 发热, RT-PCR"
