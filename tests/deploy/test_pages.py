"""Pages for people that name tests name ones that there are."""

from __future__ import annotations

import ast
import re

import pytest

from deploy.docs.shipped import ROOT
from tests.architecture.tree import parsed

PAGES = {"deploy/guarantees.md": "", "deploy/engine.md": "tests/streams/runtime/pitfalls/", "deploy/threats.md": ""}
"""Each page, and the folder of tests that it names without one."""
_TEST = re.compile(r"`([\w/]+\.py)::(\w+)`")


def named(page: str) -> list[tuple[str, str]]:
    """File and function of each test that a page names."""
    found = _TEST.findall((ROOT / page).read_text("utf-8"))
    return [(file if "/" in file else PAGES[page] + file, name) for file, name in found]


@pytest.mark.parametrize("page", PAGES)
def test_every_test_that_a_page_names_exists(page: str) -> None:
    """Each is a function of that file; there are some."""
    tests = named(page)
    assert len(tests) > 10
    missing = [f"{file}::{name}" for file, name in tests if name not in _functions(file)]
    assert missing == []


@pytest.mark.parametrize("page", PAGES)
def test_every_line_of_a_table_has_a_test(page: str) -> None:
    """Whatever a page says in a table it says with a test."""
    lines = [line for line in (ROOT / page).read_text("utf-8").splitlines() if line.startswith("|") and not line.startswith("|---")]
    silent = [line[:80] for line in lines if not _TEST.search(line) and "test |" not in line and "ours |" not in line and "shown by" not in line]
    assert silent == []


def test_every_pitfall_is_on_the_page() -> None:
    """The page of the engine names each test of pitfalls."""
    tests = {(str(path.relative_to(ROOT)), name) for path in (ROOT / PAGES["deploy/engine.md"]).glob("test_*.py") for name in _functions(str(path.relative_to(ROOT)))}
    assert tests - set(named("deploy/engine.md")) - {(f"{PAGES['deploy/engine.md']}test_unused.py", name) for name in ("test_the_check_can_fail", "test_one_module_knows_faust")} == set()


def _functions(file: str) -> set[str]:
    """Names of the tests in a file."""
    if not (ROOT / file).is_file():
        return set()
    return {node.name for node in ast.walk(parsed(ROOT / file)) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.name.startswith("test_")}
