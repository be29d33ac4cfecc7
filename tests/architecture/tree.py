"""The files of the project, and Python's view of them."""

from __future__ import annotations

import ast
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from deploy.docs.shipped import ROOT

_LEFT_OUT = {".git", ".venv", ".venv-peers", ".lianfang", "build", "dist", "__pycache__", ".hypothesis"}


@cache
def tracked() -> tuple[Path, ...]:
    """Every file that is committed, by its path from the root; outside of a checkout every file there is."""
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=False)
    names = [name for name in listed.stdout.split("\0") if name]
    if listed.returncode == 0 and names:
        return tuple(Path(name) for name in names if (ROOT / name).is_file())
    found = (path.relative_to(ROOT) for path in ROOT.rglob("*") if path.is_file())
    return tuple(sorted(path for path in found if not _LEFT_OUT & set(path.parts) and not any(part.endswith(("_cache", ".egg-info")) for part in path.parts)))


@cache
def parsed(path: Path) -> ast.Module:
    """The syntax tree of a Python file, by its path from the root."""
    return ast.parse((ROOT / path).read_text("utf-8"))


def modules(*folders: str) -> list[Path]:
    """Python files under these folders, committed or not."""
    return sorted(path.relative_to(ROOT) for folder in folders for path in (ROOT / folder).rglob("*.py"))


def imported(tree: ast.AST) -> Iterator[str]:
    """Names of all modules that a file imports, wherever in it."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module


def named(tree: ast.AST) -> set[str]:
    """All names and attributes that a file mentions in code."""
    names = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
    names |= {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
    return names | {alias.name for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) for alias in node.names}
