"""What is installed is what was locked: each package at one version with its hashes, and from nowhere in particular."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

from deploy.docs.shipped import ROOT

LOCKS = sorted(path.relative_to(ROOT) for path in (ROOT / "requirements.lock", *(ROOT / "tests").rglob("*.lock")))
_PACKAGE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*==[^ ;]+( ; [^\\]+)?")
_HASH = re.compile(r"--hash=sha256:[0-9a-f]{64}")


def read(text: str) -> dict[str, list[str]]:
    """By package with its version, what else is said of it."""
    entries = [line.split(" \\\n") for line in re.split(r"\n(?! )", text.strip())]
    return {entry[0].strip(): [part.strip() for part in entry[1:]] for entry in entries}


def wrong(text: str) -> list[str]:
    """Entries that are no package at one version, have no hash, or say anything besides."""
    return [name for name, more in read(text).items() if not _PACKAGE.fullmatch(name) or not more or not all(_HASH.fullmatch(one) for one in more)]


@pytest.mark.parametrize("lock", LOCKS, ids=str)
def test_each_package_has_hashes_and_no_address(lock: Path) -> None:
    """Nothing but names, versions, markers and SHA-256: no index, no link, no package from a repository or a folder."""
    text = (ROOT / lock).read_text("utf-8")
    assert wrong(text) == []
    assert "://" not in text
    assert len(read(text)) > 2


@pytest.mark.parametrize("line", ["a==1", "a>=1 \\\n    --hash=sha256:" + "0" * 64, "a @ git+ssh://b/c", "-e .", "--no-binary b", "a==1 \\\n    --hash=md5:00"])
def test_another_line_is_found(line: str) -> None:
    """No hash, no one version, another place, an option, a weak hash: each is told."""
    assert wrong(f"b==2 \\\n    --hash=sha256:{'1' * 64}\n{line}\n")


def test_everything_that_is_asked_for_is_locked() -> None:
    """Each dependency that the project names is in its lock."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    asked = [*project["dependencies"], *(one for extra in project["optional-dependencies"].values() for one in extra)]
    locked = {_plain(name.partition("==")[0]) for name in read((ROOT / "requirements.lock").read_text("utf-8"))}
    assert {_plain(name[0]) for one in asked if (name := re.match(r"[A-Za-z0-9._-]+", one))} - locked == set()


def _plain(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()
