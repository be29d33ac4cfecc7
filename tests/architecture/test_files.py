"""Files: their size, and what no file may hold."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from deploy.docs.shipped import ROOT
from deploy.generate import documents
from tests.architecture.tree import modules, parsed, tracked

LONGEST = 400
MADE_BY_PROGRAMS = {"requirements.lock", "tests/bench/contact/peers.lock", "tests/bench/linkage/peers.lock", "streams/identity/specs/people.json",
                    *(str(path.relative_to(ROOT)) for path in documents())}
MACHINE = re.compile(r"(?<![\w.])/(?:root|home/\w+|Users/\w+|work)/|[A-Z]:\\Users")
REGISTRIES = re.compile(r"https?://[\w.-]*(?:pypi|pythonhosted|npmjs|maven|nexus|artifactory|mirror|proxy)[\w.-]*|index-url|trusted-host", re.IGNORECASE)
ALLOWED = {Path("tests/architecture/test_files.py"), Path("Makefile")}
"""This file has the patterns; the Makefile tells uv to leave index addresses out of the lock file."""


def text(path: Path) -> str:
    """What is in a committed file; bytes that are no text are passed over."""
    return (ROOT / path).read_text("utf-8", "ignore")


def test_no_file_is_too_long() -> None:
    """No file that people write passes 400 lines; a longer one has begun to do a second thing."""
    written = [path for path in {*tracked(), *modules("schemas", "streams", "connectors", "deploy", "tests")}
               if str(path) not in MADE_BY_PROGRAMS and path.parts[:2] not in (("schemas", "released"), ("schemas", "golden"))]  # fmt: skip
    assert {str(path): lines for path in written if (lines := text(path).count("\n")) > LONGEST} == {}


def test_no_file_names_a_machine() -> None:
    """No committed file holds a path of somebody's machine or the address of a package registry."""
    found = [f"{path}: {match[0]}" for path in tracked() if path not in ALLOWED for match in (*MACHINE.finditer(text(path)), *REGISTRIES.finditer(text(path)))]
    assert found == []


@pytest.mark.parametrize(("line", "caught"), [
    ("/root/x", True), ("open('/home/someone/x')", True), ("https://" + "pypi.org/simple", True), ("--index-url x", True), ("a/root/b", False), ("http://127.0.0.1:8081", False),
])  # fmt: skip
def test_the_check_can_fail(line: str, caught: bool) -> None:
    """The patterns find what they are for, and no more."""
    assert bool(MACHINE.search(line) or REGISTRIES.search(line)) == caught


def test_every_test_says_what_it_proves() -> None:
    """Each test has a docstring, which ends as a sentence does."""
    silent = []
    for path in modules("tests"):
        for node in ast.walk(parsed(path)):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.name.startswith("test_"):
                said = (ast.get_docstring(node) or "").strip()
                if not said.endswith((".", "!", "?", ")")):
                    silent.append(f"{path}:{node.lineno} {node.name}")
    assert silent == []
