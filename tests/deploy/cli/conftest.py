"""A home of its own for each test, and the command as a person runs it."""

from __future__ import annotations

import logging
import sys
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from connectors.reader import Entry
from deploy.bus import Bus
from deploy.cli.main import main
from deploy.operate import logs
from schemas.settings import Settings
from schemas.vault.derived import Derived
from tests.deploy.fakes import FakeReader


@dataclass(frozen=True)
class Ran:
    """What a command said and how it ended."""

    code: int
    out: str
    err: str


Run = Callable[..., Ran]
Filled = Callable[..., FakeReader]


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty home with a secret; no other setting counts."""
    for name in Settings.model_fields:
        monkeypatch.delenv(f"LIANFANG_{name.upper()}", raising=False)
    monkeypatch.setenv("LIANFANG_HOME", str(tmp_path))
    (tmp_path / "secret").write_bytes(bytes(32))
    return tmp_path


@pytest.fixture
def derived(monkeypatch: pytest.MonkeyPatch) -> None:
    """The keys of persons follow from the secret, so that what a test sealed itself the command opens."""
    monkeypatch.setattr("schemas.settings.Local", lambda *_: Derived(bytes(32)))


@pytest.fixture(autouse=True)
def _logging(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Commands that keep running set up logging for the whole process: here it ends with the test, or what later tests see would depend on their order."""
    monkeypatch.setattr(sys, "excepthook", sys.excepthook)
    monkeypatch.setattr(threading, "excepthook", threading.excepthook)
    root, levels = logging.getLogger(), {name: logging.getLogger(name).level for name in logs.LOGGERS}
    level, handlers = root.level, list(root.handlers)
    yield
    root.setLevel(level)
    for handler in [one for one in root.handlers if one not in handlers]:
        root.removeHandler(handler)
    for name, before in levels.items():
        logging.getLogger(name).setLevel(before)


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Run `lianfang` with these words, to its exit."""

    def run(*words: str) -> Ran:
        monkeypatch.setattr(sys, "argv", ["lianfang", *words])
        with pytest.raises(SystemExit) as ended:
            main()
        said = capsys.readouterr()
        assert isinstance(ended.value.code, int)
        return Ran(ended.value.code, said.out, said.err)

    return run


@pytest.fixture
def filled(monkeypatch: pytest.MonkeyPatch) -> Filled:
    """Let the bus hold these entries."""

    def filled(*entries: Entry) -> FakeReader:
        reader = FakeReader(entries)
        monkeypatch.setattr(Bus, "reader", lambda _: reader)
        return reader

    return filled
