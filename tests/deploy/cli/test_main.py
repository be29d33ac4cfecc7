"""The command as a whole: it teaches itself, and ends as it should."""

from __future__ import annotations

import subprocess
import sys

import click
import pytest

from deploy.cli import main as module
from deploy.cli.main import GROUPS, lianfang
from deploy.cli.output import Problem
from deploy.docs.shipped import ROOT
from tests.deploy.cli.conftest import Run

COMMANDS = {name: says for commands in GROUPS.values() for name, (_, says) in commands.items()}
INNER = {"topics": ("plan", "apply"), "outpost": ("card", "write", "key", "pack", "take", "answers", "confirm", "open"), "areas": ("list", "declare", "approve", "end"), "levels": ("list", "show", "propose", "approve", "end"), "acls": ("plan", "apply", "rotate"), "staff": ("key", "list"), "cases": ("list", "show", "sources"), "clusters": ("list", "show"), "tasks": ("list", "show", "late", "record", "accept", "done", "skip", "refuse", "hand-over"), "measures": ("list", "refused", "alerts"), "border": ("list", "people", "phones", "ports", "register"), "supervision": ("complaints", "complaint", "closures"), "notices": ("list", "show", "preview"), "needs": ("list", "show"), "supplies": ("list", "dispatches", "propose", "accept", "refuse", "sent", "received"), "isolation": ("list", "show", "beyond"), "statistics": ("show", "ages", "check"), "signals": ("list", "scan"), "rejects": ("list", "show", "repair", "approve"),
         "agencies": ("check", "explain", "diff", "dry-run", "propose", "approve", "list"),
         "releases": ("list", "outstanding"), "resident": ("report",), "handover": ("offer", "accept", "refuse", "list"), "identity": ("train", "evaluate", "explain", "review", "try", "switch", "report"),
         "tokens": ("rotate",), "vault": ("status", "rotate"), "erase": ("propose", "approve", "list"), "log": ("key", "run", "checkpoint", "export", "show"), "witness": ("key", "run", "forks"), "scenario": ("list", "show", "run"), "drill": ("start", "list", "report", "end")}  # fmt: skip
WORDS = [[name] for name in COMMANDS] + [[name, inner] for name, commands in INNER.items() for inner in commands]
TELLING = {"outpost card", "outpost write", "outpost key", "outpost pack", "outpost take", "outpost answers", "outpost confirm", "outpost open", "areas list", "areas declare", "areas approve", "areas end", "levels list", "levels show", "levels propose", "levels approve", "levels end", "up", "down", "status", "settings", "topics plan", "topics apply", "acls plan", "acls apply", "staff key", "staff list", "publish", "cases list", "cases show", "cases sources", "clusters list", "clusters show", "resident report", "handover offer", "handover accept", "handover refuse", "handover list", "tasks list", "tasks show", "tasks late", "tasks record", "tasks accept", "tasks done", "tasks skip", "tasks refuse", "tasks hand-over", "measures list", "measures refused", "measures alerts", "border list", "border people", "border phones", "border ports", "border register", "supervision complaints", "supervision complaint", "supervision closures", "notices list", "notices show", "notices preview", "needs list", "needs show", "supplies list", "supplies dispatches", "supplies propose", "supplies accept", "supplies refuse", "supplies sent", "supplies received", "isolation list", "isolation show", "isolation beyond", "statistics show", "statistics ages", "statistics check", "signals list", "signals scan", "rejects list", "rejects show", "rejects repair", "rejects approve", "replay", "trace",
           "identity train", "identity evaluate", "identity explain", "identity try", "identity switch", "identity report",
           "vault status", "vault rotate", "tokens rotate propose", "tokens rotate approve", "tokens rotate carry", "tokens rotate show", "erase propose", "erase approve", "erase list", "log key", "log checkpoint", "log export", "log show", "verify", "witness key", "witness forks",
           "agencies check", "agencies explain", "agencies diff", "agencies dry-run", "agencies propose", "agencies approve", "agencies list",
           "releases list", "releases outstanding", "reconcile", "try", "drill list", "drill report", "drill end", "scenario list", "scenario show", "scenario run", "simulate", "demo"}  # fmt: skip
"""Commands that show something, and so have --json."""


@pytest.mark.parametrize("words", WORDS, ids=" ".join)
def test_every_command_helps(words: list[str], run: Run) -> None:
    """Each command answers --help with its usage, a sentence and each option's meaning, and with -h the same."""
    told = run(*words, "--help")
    assert (told.code, told.err) == (0, "")
    assert told.out.startswith(f"Usage: lianfang {' '.join(words)}")
    assert len(told.out.split("\n\n")[1]) > 20
    assert run(*words, "-h").out == told.out


@pytest.mark.parametrize("words", WORDS, ids=" ".join)
def test_every_option_is_described(words: list[str]) -> None:
    """Each option says what it does."""
    with click.Context(lianfang) as context:
        command = lianfang.get_command(context, words[0])
        if isinstance(command, click.Group) and len(words) > 1:
            command = command.get_command(context, words[1])
        assert command is not None
        assert [option.name for option in command.params if isinstance(option, click.Option) and not option.help] == []


@pytest.mark.parametrize("words", sorted(TELLING))
def test_what_shows_something_has_json(words: str, run: Run) -> None:
    """Each command that shows something can say it as JSON."""
    assert "--json" in run(*words.split(), "--help").out


def test_overview_lists_every_command(run: Run) -> None:
    """`lianfang --help` lists every command with what it does, by group, and says where to begin."""
    told = run("--help")
    assert told.code == 0
    assert all(f"{group}:" in told.out for group in GROUPS)
    assert all(name in told.out and says in told.out for name, says in COMMANDS.items())
    assert "lianfang demo" in told.out


def test_unknown_command(run: Run) -> None:
    """An unknown command or option exits with 2 and says so on stderr."""
    told = run("nonsense")
    assert (told.code, told.out) == (2, "")
    assert "No such command 'nonsense'" in told.err
    assert run("settings", "--colour").code == 2


@pytest.mark.parametrize(("raised", "code", "said"), [
    (Problem("do this"), 1, "lianfang: do this\n"), (Problem("do that", 3), 3, "lianfang: do that\n"), (FileNotFoundError("no such file"), 1, "lianfang: no such file\n"),
    (click.Abort(), 130, ""), (click.exceptions.Exit(2), 2, ""),
])  # fmt: skip
def test_problems_are_told_without_a_traceback(raised: BaseException, code: int, said: str, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """What a person can mend is one line on stderr and a code that is not 0."""

    @click.command()
    def failing() -> None:
        raise raised

    monkeypatch.setattr(module.Lianfang, "get_command", lambda *_: failing)
    told = run("failing")
    assert (told.code, told.out, told.err) == (code, "", said)


def test_faults_of_ours_are_not_hidden(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """An error that nobody expects keeps its traceback."""

    @click.command()
    def failing() -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(module.Lianfang, "get_command", lambda *_: failing)
    with pytest.raises(ZeroDivisionError):
        module.lianfang.main(["failing"], standalone_mode=False)


def test_wrong_setting_is_named(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """A setting that cannot be is named by its variable, without a traceback."""
    monkeypatch.setenv("LIANFANG_PARTITIONS", "many")
    told = run("settings")
    assert (told.code, told.out) == (1, "")
    assert told.err.startswith("lianfang: LIANFANG_PARTITIONS: ")


def test_runs_as_a_program() -> None:
    """The module runs as a program of its own, and its exit code reaches the shell."""
    done = subprocess.run([sys.executable, "-m", "deploy.cli.main", "nonsense"], capture_output=True, text=True, cwd=ROOT, timeout=60, check=False)
    assert done.returncode == 2
    assert "No such command" in done.stderr
    assert "Traceback" not in done.stderr
