"""`lianfang log`, `verify` and `witness`, as a person runs them, without a broker."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from deploy.log.entry import read
from deploy.log.keys import Kind, Private
from deploy.log.store import Store
from deploy.log.tiles import Tiles, write
from tests.deploy.cli.conftest import Run
from tests.deploy.log.pieces import LOG, WITNESSES, entries, signed, stored


@pytest.fixture
def log(home: Path) -> Store:
    """A log of 300 entries, a policy that trusts it, and an older checkpoint."""
    store = stored(home / "log", entries(300))
    tiles = Tiles(store.folder, 300)
    store.keep(signed(tiles, "county", "port").whole)
    (home / "kept").write_text(signed(tiles, size=100).whole)
    witnesses = "".join(f"witness {name} {key.public}\n" for name, key in WITNESSES.items())
    (home / "policy").write_text(f"log {LOG.public}\n{witnesses}group two 2 county port township\nquorum two\n")
    return store


def test_from_export_to_proof(log: Store, home: Path, run: Run) -> None:
    """What is exported is proved, for people and for programs; what was changed is not, and says what is wrong."""
    about = read(Tiles(log.folder, 300).entry(7))["about"]
    told = run("log", "export", "--release", about, "--since", str(home / "kept"), "--out", str(home / "bundle"))
    assert (told.code, told.err) == (0, "")
    assert "3 entries of 300" in told.out
    words = ("verify", str(home / "bundle"), "--policy", str(home / "policy"), "--since", str(home / "kept"))
    proved = json.loads(run(*words, "--json").out)
    assert (proved["proved"], proved["size"], proved["grown_since"], list(proved["witnesses"])) == (True, 300, [100], ["county", "port"])
    assert [one["entry"] for one in proved["entries"]] == [6, 7, 8]
    shown = run(*words).out
    assert all(word in shown for word in ("witness county", "signed 2027-01-15", "only grew since", "100 entries", about))
    (home / "bundle").write_text((home / "bundle").read_text().replace("audit", "bidet"))
    told = run(*words)
    assert (told.code, told.out) == (1, "")
    assert "NOT PROVED: entry 6 is not in the log of 300 entries" in told.err


def test_a_whole_folder_is_proved(log: Store, home: Path, run: Run) -> None:
    """The folder itself can be given away and proved."""
    proved = json.loads(run("verify", str(log.folder), "--policy", str(home / "policy"), "--json").out)
    assert len(proved["entries"]) == 300


def test_show_and_checkpoint(log: Store, run: Run) -> None:
    """The newest entries and the newest checkpoint are shown."""
    assert [one["entry"] for one in json.loads(run("log", "show", "--last", "2", "--json").out)] == [298, 299]
    assert "300 entries" in run("log", "show").out
    assert run("log", "checkpoint").out == log.checkpoint()
    assert json.loads(run("log", "checkpoint", "--json").out)["signers"] == [LOG.name, "example.org/county", "example.org/port"]


def test_what_cannot_be_exported(log: Store, home: Path, run: Run) -> None:
    """Nothing to prove, something unknown, or no log at all is a problem that says what to do."""
    out = ("--out", str(home / "bundle"))
    assert "say what to prove" in run("log", "export", *out).err
    assert "say what to prove" in run("log", "export", "--release", "a", "--about", "b", *out).err
    assert "nothing in the log of 300 entries is about 00ff" in run("log", "export", "--about", "00ff", *out).err
    log.forget()
    assert "`lianfang log run` makes one" in run("log", "export", "--about", "a", *out).err
    assert not (home / "bundle").exists()


def test_keys(home: Path, run: Run) -> None:
    """Keys are made once, readable to their owner only, and only the public half is printed."""
    told = run("log", "key", "--name", "example.org/new")
    key = Private.load(home / "log.key", Kind.LOG)
    assert told.out == f"log {key.public}\n"
    assert (home / "log.key").stat().st_mode & 0o777 == 0o600
    assert "never overwritten" in run("log", "key", "--name", "example.org/new").err
    made = json.loads(run("witness", "key", "--name", "example.org/w", "--key", str(home / "w.key"), "--json").out)
    assert made["public"] == str(Private.load(home / "w.key", Kind.WITNESS).public)
    assert "has no spaces" in run("witness", "key", "--name", "two words", "--key", str(home / "x.key")).err


def test_what_a_log_needs(home: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without a key, with a key that others may read, or with a policy that does not name it, the log does not start."""
    monkeypatch.setenv("LIANFANG_BROKERS", "broker.test:9092")
    monkeypatch.setenv("LIANFANG_REGISTRY", "http://registry.test")
    assert "`lianfang log key` makes one" in run("log", "run").err
    run("log", "key", "--name", "example.org/new")
    (home / "policy").write_text(f"log {LOG.public}\nquorum none\n")
    monkeypatch.setenv("LIANFANG_LOG_POLICY", str(home / "policy"))
    assert "names other logs than ours: it needs the line `log example.org/new+" in run("log", "run").err
    (home / "log.key").chmod(0o644)
    assert "chmod 600" in run("log", "run").err


def test_forks(home: Path, run: Run) -> None:
    """The evidence of a witness is shown, and makes the exit code 1."""
    words = ("witness", "forks", "--folder", str(home / "w"))
    assert (run(*words).code, run(*words).out) == (0, "no log has contradicted itself\n")
    write(home / "w" / "00" / "forks", {"1.json": json.dumps({"problem": "two roots for one size", "at": 1, "seen": "A\n", "shown": "B\n"}).encode()})
    told = run(*words)
    assert told.code == 1
    assert told.out == "two roots for one size\n\nseen before:\nA\n\nshown then:\nB\n\n"
    assert json.loads(run(*words, "--json").out)[0]["shown"] == "B\n"


def test_a_wrong_policy(log: Store, home: Path, run: Run) -> None:
    """A policy with a mistake is named by file and line; a witness without a log to sign for does not start."""
    (home / "wrong").write_text("logs x\n")
    assert f"{home / 'wrong'}: line 1: a line begins with" in run("verify", str(log.folder), "--policy", str(home / "wrong")).err
    (home / "empty").write_text("quorum none\n")
    assert "names no log" in run("witness", "run", "--policy", str(home / "empty")).err
