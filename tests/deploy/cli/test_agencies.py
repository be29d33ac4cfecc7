"""`lianfang agencies`: as people and programs run it."""

from __future__ import annotations

import json
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import pytest
from pydantic import BaseModel

from connectors.reader import Entry
from deploy.bus import Bus
from deploy.cli.approved import OPEN, require
from deploy.cli.output import Problem
from schemas.models.log import CaseLook
from schemas.settings import Settings
from schemas.vault.derived import Derived
from streams.routing.match import grounds
from streams.routing.project import release
from tests.deploy.agencies.pieces import KEYS, NAME, PURPOSE, agency, case, saved, want
from tests.deploy.cli.conftest import Filled, Run
from tests.deploy.cli.people import Sent, publisher
from tests.deploy.fakes import entry

pytestmark = pytest.mark.usefixtures("derived")
ONE, CASES = agency(), [case(1), case(2)]
FORMS = [{"agency": "some-agency", "purpose": "care", "kind": "names people", "privacy": "sensitive", "finest": []}]
LIVE = "agencies"
"""Folder of the files that count now."""


@pytest.fixture(autouse=True)
def sent(monkeypatch: pytest.MonkeyPatch) -> Sent:
    """What the commands write to the bus."""
    return publisher(monkeypatch)


@pytest.fixture(autouse=True)
def live(home: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The invented agency is the only one that counts."""
    monkeypatch.setenv("LIANFANG_AGENCIES", str(home / LIVE))
    return saved(home / LIVE)


@pytest.fixture
def bus(filled: Filled) -> None:
    """Two linked cases, one of which was released to the agency."""
    (ground,) = grounds(ONE, CASES[0])
    stands = release(ONE, CASES[0], ground, KEYS)
    filled(*(entry("case.linked", one, key=one.person) for one in CASES), entry("deliver.some-agency", stands, key=f"{stands.person} care"))


def told(sent: Sent) -> list[Entry]:
    """What was written, as messages that can be read."""
    return [entry(topic, value, key=key, offset=number) for number, (topic, key, value) in enumerate(sent.sent)]


def test_check(run: Run, home: Path) -> None:
    """The files that count, a file, a folder: clean ones exit with 0, a refused one with 1 and the rule with its source; a file in no form does not hide others."""
    clean = run("agencies", "check", "--json")
    assert (clean.code, json.loads(clean.out)) == (0, {"checked": ["some-agency"], "refused": 0, "warnings": 0, "findings": [], "joint": {}, "forms": FORMS})
    bad = saved(home / "new", kind="partner", deliver={"kind": "webhook", "url": "https://agency.example"})
    (home / "new" / "broken.yaml").write_text("name: broken", "utf-8")
    found = json.loads(run("agencies", "check", str(home / "new"), "--json").out)
    assert (found["checked"], found["refused"], found["warnings"]) == (["broken", "some-agency"], 3, 1)
    assert {one["rule"] for one in found["findings"]} == {"form", "partner", "delivery", "finer"}
    ran = run("agencies", "check", str(bad))
    assert ran.code == 1
    assert "names name the person" in ran.out
    assert "PIPL" in ran.out


def test_check_tells_who_shares(run: Run, home: Path) -> None:
    """A folder whose files name one joint purpose: who calls people by the same codes, in the table and in JSON."""
    joint = [PURPOSE | {"joint": {"name": "chain", "legal_basis": "An invented law, art. 20"}}]
    for name in ("one-agency", "two-agency"):
        saved(home / "new", name=name, purposes=joint)
    told = json.loads(run("agencies", "check", str(home / "new"), "--json").out)
    assert (told["findings"], told["joint"]) == ([], {"chain": [["one-agency", "care"], ["two-agency", "care"]]})
    assert "two-agency" in run("agencies", "check", str(home / "new")).out


def test_check_of_doubts(run: Run, home: Path) -> None:
    """Warnings exit with 0, and with --strict with 1."""
    doubtful = saved(home / "new", purposes=[PURPOSE | {"expires_days": 365}])
    assert run("agencies", "check", str(doubtful)).code == 0
    assert run("agencies", "check", str(doubtful), "--strict").code == 1
    (home / "none").mkdir()
    assert "holds no file" in run("agencies", "check", str(home / "none")).err


def test_explain(run: Run, live: Path) -> None:
    """By name and by file the same sentences, in both languages; another name is a problem that says which there are."""
    ran = run("agencies", "explain", "some-agency")
    assert "对在该区划居住的病例" in ran.out
    assert "Of cases, where somebody lives in it, it gets identifying: names" in ran.out
    assert run("agencies", "explain", str(live)).out == ran.out
    assert "agencies are some-agency" in run("agencies", "explain", "nobody").err


@pytest.mark.usefixtures("bus")
def test_explain_for_a_person(run: Run, sent: Sent) -> None:
    """Who asks about a person is recorded before anything is told; without a name and a reason nothing is told."""
    person = CASES[0].person
    for words in ([], ["--by", "OP-1"], ["--by", "OP-1", "--reason", "curiosity"]):
        ran = run("agencies", "explain", "some-agency", person, *words)
        assert ran.code == 1
        assert "applies" not in ran.out
    assert sent.sent == []
    ran = run("agencies", "explain", "some-agency", person, "--by", "OP-1", "--reason", "correction", "--json")
    assert json.loads(ran.out)["wants"] == [{"purpose": "care", "role": "case", "applies": True, "because": ["a case whom 530624100001 concerns by residence"]}]
    ((topic, _, look),) = sent.sent
    assert isinstance(look, CaseLook)
    assert (topic, look.case, look.by, look.reason) == ("case.look", CASES[0].id, "OP-1", "correction")
    assert "yes 适用" in run("agencies", "explain", "some-agency", person, "--by", "OP-1", "--reason", "correction").out


def test_diff(run: Run, home: Path) -> None:
    """The file that counts against a new one: what leaves more and less, with its privacy class."""
    new = saved(home / "new", wants=[want(fields=["status", "phones"])])
    found = json.loads(run("agencies", "diff", "some-agency", str(new), "--json").out)
    assert [(one["direction"], one["field"], one["privacy"]) for one in found["changes"]] == [("more", "phones", "identifying"), ("less", "names", "identifying")]
    assert (found["old"], found["more"], found["less"], found["other"]) == (ONE.digest, 1, 1, 0)
    assert "1 more, 1 less, 0 otherwise" in run("agencies", "diff", "some-agency", str(new)).out


@pytest.mark.usefixtures("bus")
def test_dry_run(run: Run, home: Path, live: Path, sent: Sent) -> None:
    """Counted against what stands, with masked samples; nothing is written."""
    found = json.loads(run("agencies", "dry-run", str(live), "--json").out)
    assert {key: found["purposes"]["care"][key] for key in ("releases", "new", "changed", "same", "ended")} == {"releases": 2, "new": 1, "changed": 0, "same": 1, "ended": 0}
    other = saved(home / "new", name="another-agency")
    ran = run("agencies", "dry-run", str(other))
    assert "2 people of 2 linked cases, 0 before" in ran.out
    assert "王**" in ran.out
    assert NAME not in ran.out + ran.err
    assert sent.sent == []


@pytest.mark.usefixtures("bus")
def test_dry_run_with_another_vault(run: Run, live: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Cases that were sealed under another vault are told, with what to do."""
    monkeypatch.setattr("schemas.settings.Local", lambda *_: Derived(b"x" * 32))
    assert "LIANFANG_VAULT_FILE" in run("agencies", "dry-run", str(live)).err


def test_two_people(run: Run, home: Path, live: Path, sent: Sent, filled: Filled) -> None:
    """One proposes, the list shows it; not the same person but another approves, is told what changes, and the list shows who did."""
    filled()
    new = saved(home / "new", wants=[want(fields=["status", "names", "phones"])])
    assert "no reason because" in run("agencies", "propose", str(new), "--by", "OP-1", "--reason", "because").err
    digest = json.loads(run("agencies", "propose", str(new), "--by", "OP-1", "--reason", "new-task", "--json").out)["digest"]
    filled(*told(sent))
    (row,) = json.loads(run("agencies", "list", "--json").out)
    assert (row["file"], row["approved"], row["waits"], row["waits_by"], row["waits_reason"]) == (ONE.digest, None, digest, "OP-1", "new-task")
    assert "another person" in run("agencies", "approve", digest, "--by", "OP-1").err
    ran = run("agencies", "approve", digest[:12], "--by", "OP-2")
    assert "telephone numbers 电话 is released by residence" in ran.out
    filled(*told(sent))
    (row,) = json.loads(run("agencies", "list", "--json").out)
    assert (row["approved"], row["proposed_by"], row["approved_by"], row["waits"]) == (digest, "OP-1", "OP-2", None)
    assert digest[:12] in run("agencies", "list").out
    assert [topic for topic, _, _ in sent.sent] == ["agency.proposal", "agency.approval"]
    assert "no proposals that wait" in run("agencies", "approve", digest, "--by", "OP-3").err


def test_a_refused_file_is_not_proposed(run: Run, home: Path, sent: Sent) -> None:
    """What a rule refuses is not written to the bus."""
    ran = run("agencies", "propose", str(saved(home / "new", kind="partner")), "--by", "OP-1", "--reason", "new-agency")
    assert (ran.code, sent.sent) == (1, [])
    assert "a rule refuses it" in ran.err


@pytest.mark.parametrize("words", [("worker",), ("worker", "--stages", "routing"), ("deliver",)], ids=" ".join)
def test_nothing_starts_unapproved(words: tuple[str, ...], run: Run, home: Path, filled: Filled, monkeypatch: pytest.MonkeyPatch) -> None:
    """With the setting on, what releases and what delivers do not begin with a file that nobody approved."""
    filled()
    saved(home / LIVE, deliver={"kind": "webhook", "url": "https://agency.example", "token_file": "token"})
    monkeypatch.setenv("LIANFANG_APPROVED_AGENCIES", "true")
    monkeypatch.setattr("deploy.cli.worker._prepare", lambda *_: None)
    monkeypatch.setattr("deploy.cli.worker.run", _never)
    monkeypatch.setattr("deploy.cli.deliver.ThreadPoolExecutor", _never)
    ran = run(*words)
    assert ran.code == 1
    assert "some-agency: nobody approved any file of it" in ran.err


def test_required(home: Path, run: Run, live: Path, sent: Sent, filled: Filled, monkeypatch: pytest.MonkeyPatch) -> None:
    """With the setting off it is told that nobody had to approve; on, the approved file may be used, and no other after it was changed."""
    filled()
    lines: list[str] = []
    require(Bus(), Bus().agencies.values(), lines.append)
    assert lines == [OPEN]
    monkeypatch.setenv("LIANFANG_APPROVED_AGENCIES", "true")
    run("agencies", "propose", str(live), "--by", "OP-1", "--reason", "new-agency")
    filled(*told(sent))
    run("agencies", "approve", ONE.digest, "--by", "OP-2")
    filled(*told(sent))
    require(Bus(), Bus().agencies.values(), lines.append)
    saved(home / LIVE, purposes=[PURPOSE | {"expires_days": 60}])
    with pytest.raises(Problem, match="was approved by OP-2"):
        require(Bus(Settings()), Bus().agencies.values(), lines.append)
    assert lines == [OPEN]


def _never(*_: Any, **__: Any) -> AbstractContextManager[BaseModel]:
    raise AssertionError("it began")
