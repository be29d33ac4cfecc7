"""`lianfang resident report`: identifiers are typed or read, never arguments; the look comes first; the page is its owner's alone."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from deploy.bus import Bus
from schemas.models.log import CaseLook
from schemas.settings import Settings
from tests.deploy.cli.conftest import Run
from tests.deploy.cli.people import Sent, publisher
from tests.deploy.residents.town import document, marks, reader, town
from tests.properties.people import KEYS

WHO = ("--by", "OP-1", "--reason", "request")


@pytest.fixture
def sent(monkeypatch: pytest.MonkeyPatch) -> Sent:
    """The town, and what is written to it."""
    found = reader(town())
    monkeypatch.setattr(Bus, "reader", lambda _: found)
    monkeypatch.setattr(Settings, "keys", KEYS)
    return publisher(monkeypatch)


def asked(home: Path, **said: str) -> str:
    """A file with identifiers."""
    (home / "asked.json").write_text(json.dumps(said))
    return str(home / "asked.json")


def test_report(run: Run, sent: Sent, home: Path) -> None:
    """The report of whom a document means, as JSON, as tables, and as a page that only its owner reads; each time a look is recorded first."""
    told = run("resident", "report", "--file", asked(home, document=document(0)), "--page", str(home / "page.html"), *WHO, "--json")
    found = json.loads(told.out)
    assert marks(0)[0] in json.dumps(found["sections"]["who"], ensure_ascii=False)
    ((topic, _, look),) = sent.sent
    assert isinstance(look, CaseLook)
    assert (topic, look.by, look.reason, look.person) == ("case.look", "OP-1", "request", found["person"])
    page = (home / "page.html").read_text("utf-8")
    assert "confirmed 确诊" in page
    assert (home / "page.html").stat().st_mode & 0o077 == 0
    assert "谁查看过" in run("resident", "report", "--file", asked(home, document=document(0)), *WHO).out
    assert len(sent.sent) == 2


def test_of_nobody_the_look_is_recorded_too(run: Run, sent: Sent, home: Path) -> None:
    """Of a person who is not known here nothing is held, and that is the answer; that somebody asked is known, without a name."""
    found = json.loads(run("resident", "report", "--file", asked(home, document=document(7)), *WHO, "--json").out)
    assert (found["person"], [name for name, section in found["sections"].items() if section]) == ("", [])
    ((_, key, look),) = sent.sent
    assert isinstance(look, CaseLook)
    assert (key, look.case, look.person) == ("", "", "")


@pytest.mark.parametrize("said", [{"phone": "13900000000"}, {"document": "12"}, {"nonsense": "13900000000"}], ids=range(3))
def test_nobody_is_meant(said: dict[str, str], run: Run, sent: Sent, home: Path) -> None:
    """Nothing is shown or written, and nothing of what was said comes back."""
    told = run("resident", "report", "--file", asked(home, **said), *WHO)
    assert (told.code, told.out, sent.sent) == (1, "", [])
    assert "13900000000" not in told.err


def test_identifiers_are_no_arguments(run: Run, sent: Sent) -> None:
    """The command has no option or argument for one, so that no shell keeps it."""
    assert run("resident", "report", document(0), *WHO).code == 2
    assert run("resident", "report", "--document", document(0), *WHO).code == 2
    assert sent.sent == []
