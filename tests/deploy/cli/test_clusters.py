"""`lianfang cases sources` and `lianfang clusters`: who may have infected whom, for who says why."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from deploy.staff.proof import make
from schemas.models.log import CaseLook
from tests.deploy.cli.conftest import Filled, Run
from tests.deploy.cli.people import Sent, publisher
from tests.deploy.fakes import entry
from tests.streams.routing.cases import concern
from tests.streams.transmission.cases import contact, ill, met

A, B, C, D = (letter * 32 for letter in "abcd")
WHO = ("--by", "CDC-1", "--reason", "tracing")
CASES = [ill(A, 0), ill(B, 5, met(A, 0)), ill(C, 6, met(A, 0), met(B, 3), concerns=[concern("533102")]), contact(D, met(A, 0))]


@pytest.fixture(autouse=True)
def sent(monkeypatch: pytest.MonkeyPatch) -> Sent:
    """What the commands write to the bus."""
    return publisher(monkeypatch)


@pytest.fixture(autouse=True)
def _bus(filled: Filled) -> None:
    """A first case, one whom it infected, one whom either of them may have infected, and a contact."""
    filled(*(entry("case.linked", value, key=value.person, offset=number) for number, value in enumerate(CASES)))


def _looks(sent: Sent) -> list[str]:
    return [look.case for topic, _, look in sent.sent if isinstance(look, CaseLook) and topic == "case.look"]


def test_sources(run: Run, sent: Sent) -> None:
    """Candidates come with what speaks for them, the likeliest first; a look at each case that is named is recorded."""
    found = json.loads(run("cases", "sources", "cccc", *WHO, "--json").out)
    assert [(one["infector"], one["serial"], one["places"]) for one in found] == [(A, 6, ["MKT-1"]), (B, 1, ["MKT-1"])]
    assert sorted(_looks(sent)) == sorted(one.id for one in CASES[:3])
    told = run("cases", "sources", "cccc", *WHO).out
    assert all(word in told for word in ("2 possible sources", "aaaaaaaa", "MKT-1", "+6 d", "Asia/Shanghai"))


def test_who_is_no_case_has_no_source(run: Run, sent: Sent) -> None:
    """A contact is refused with the reason, and nothing is recorded or shown."""
    told = run("cases", "sources", "dddd", *WHO)
    assert (told.code, told.out) == (1, "")
    assert "only a case has a source" in told.err
    assert not sent.sent


def test_list_says_nothing_of_who_infected_whom(run: Run) -> None:
    """Sizes and generations for everybody, without members."""
    (found,) = json.loads(run("clusters", "list", "--json").out)
    assert (found["first"], found["cases"], found["generations"]) == (A, 3, [1, 2])
    assert B not in json.dumps(found)
    assert "1 + 2" in run("clusters", "list").out


def test_show(run: Run, sent: Sent) -> None:
    """The tree of one person's cluster, by the beginning of any key in it; each member's case is looked at."""
    found = json.loads(run("clusters", "show", "bbbb", *WHO, "--json").out)
    assert [(one["person"], one["infector"], one["generation"]) for one in found["members"]] == [(A, None, 0), (B, A, 1), (C, A, 1)]
    assert (found["elsewhere"], len(_looks(sent))) == (0, 3)
    assert "likeliest source" in run("clusters", "show", "bbbb", *WHO).out
    assert "no cases begin with dddd" in run("clusters", "show", "dddd", *WHO).err


def test_cases_of_another_area_are_counted_and_not_shown(run: Run, sent: Sent, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """With a register of staff an officer sees the members of the own area; a person of another area is refused."""
    public = make(tmp_path / "key", "")
    (tmp_path / "staff.yaml").write_text(json.dumps({"staff": {"CDC-1": {"roles": ["officer"], "area": "530624", "key": public}}}))
    monkeypatch.setenv("LIANFANG_STAFF", str(tmp_path / "staff.yaml"))
    monkeypatch.setenv("LIANFANG_STAFF_KEY", str(tmp_path / "key"))
    found = json.loads(run("clusters", "show", "bbbb", *WHO, "--json").out)
    assert ([one["person"] for one in found["members"]], found["elsewhere"]) == ([A, B], 1)
    for words in (("clusters", "show"), ("cases", "sources")):
        told = run(*words, "cccc", *WHO)
        assert (told.code, told.out) == (1, "")
    assert sorted(_looks(sent)) == sorted(one.id for one in CASES[:2])
