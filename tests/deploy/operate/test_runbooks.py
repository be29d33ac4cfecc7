"""Runbooks: each says the same five things, and names only commands, settings, metrics and tests that there are."""

from __future__ import annotations

import ast
import re
import shlex
from pathlib import Path

import click
import pytest

from deploy.cli.main import lianfang
from deploy.docs.shipped import ROOT
from deploy.operate.alerts import ALERTS
from schemas.metrics import METRICS
from schemas.settings import Settings
from tests.deploy.operate.test_files import SERIES

BOOKS = sorted((ROOT / "deploy/runbooks").glob("*.md"))
PARTS = ["What you see", "What to do", "It is over when", "Rehearsed"]


def commands(text: str) -> list[list[str]]:
    """The command lines of a runbook, as words: those that stand alone, and those inside a sentence."""
    lines = [*re.findall(r"^ {4,}(lianfang .+)$", text, re.MULTILINE), *re.findall(r"`(lianfang [^`]+)`", text)]
    return [shlex.split(line) for line in lines]


def wrong(words: list[str]) -> str:
    """What of a command line there is not; empty when all of it exists and click can parse it."""
    command: click.Command | None = lianfang
    context = click.Context(lianfang, **lianfang.context_settings)
    rest = words[1:]
    while isinstance(command, click.Group):
        command = command.get_command(context, rest[0]) if rest else None
        rest = rest[1:]
    if command is None:
        return f"no command {' '.join(words)}"
    files = [str(ROOT / "README.md") if word == "FILE" else word for word in rest]
    try:
        command.make_context(words[-1], files, parent=context)  # click keeps what --help is called from the first context that it sees
    except click.ClickException as problem:
        return f"{' '.join(words)}: {problem.format_message()}"
    return ""


def exists(test: str) -> bool:
    """Whether there is a test of this name."""
    path, _, name = test.partition("::")
    file = ROOT / path
    return file.is_file() and name in {node.name for node in ast.walk(ast.parse(file.read_text("utf-8"))) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)}


@pytest.mark.parametrize("book", BOOKS, ids=lambda book: book.stem)
def test_each_says_what_is_needed(book: Path) -> None:
    """What one sees, why, what to do, when it is over, and how it was rehearsed: by tests that exist; and the alerts that lead to it are its own."""
    text = book.read_text("utf-8")
    headings = [heading for heading in re.findall(r"^## (.+)$", text, re.MULTILINE) if not heading.startswith("Why")]
    assert headings == [part for part in PARTS if part in headings]
    assert {"What you see", "It is over when", "Rehearsed"} <= set(headings)
    assert re.search(r"^## Why", text, re.MULTILINE)
    tests = re.findall(r"`(tests/[\w/]+\.py::\w+)`", text)
    assert tests
    assert [test for test in tests if not exists(test)] == []
    assert sorted(re.findall(r"`Lianfang(\w+)`", text)) == sorted(alert.name for alert in ALERTS if alert.runbook == book.stem)


@pytest.mark.parametrize("book", BOOKS, ids=lambda book: book.stem)
def test_each_names_only_what_there_is(book: Path) -> None:
    """Commands with their options, settings by their variables, metrics, and other runbooks."""
    text = book.read_text("utf-8")
    assert [problem for words in commands(text) if (problem := wrong(words))] == []
    assert commands(text)
    variables = {f"LIANFANG_{name.upper()}" for name in Settings.model_fields}
    assert set(re.findall(r"LIANFANG_[A-Z_]+", text)) <= variables
    assert set(re.findall(r"\blianfang_[a-z_]+", text)) <= SERIES.keys() | {one.name for one in METRICS}
    assert [link for link in re.findall(r"\]\(([\w-]+\.md)\)", text) if not (book.parent / link).exists()] == []


def test_there_are_enough() -> None:
    """The ten likeliest incidents at least; each is led to by some alert, but for those that only people notice."""
    assert len(BOOKS) >= 10
    assert {alert.runbook for alert in ALERTS} == {book.stem for book in BOOKS} - {"token-secret-known"}


@pytest.mark.parametrize("line", ["lianfang wrk", "lianfang worker --stage contacts", "lianfang rejects repair X --set a=b", "lianfang rejects"])
def test_the_check_of_commands_can_fail(line: str) -> None:
    """No such command, no such option, an option that is missing, a group without a command."""
    assert wrong(shlex.split(line))


def test_the_check_of_tests_can_fail() -> None:
    """A test that is not there is seen, in a file that is and in one that is not."""
    assert not exists("tests/deploy/operate/test_runbooks.py::test_nothing")
    assert not exists("tests/nowhere.py::test_nothing")
