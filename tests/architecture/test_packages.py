"""The packages are those of this project."""

from __future__ import annotations

from pathlib import Path

import pytest

import connectors
import deploy
import schemas
import streams
from deploy.docs.shipped import ROOT


@pytest.mark.parametrize("package", [schemas, streams, connectors, deploy], ids=lambda package: package.__name__)
def test_packages_lie_here(package: object) -> None:
    """No stray package of the same name shadows ours."""
    assert Path(str(getattr(package, "__file__", None))).parent == ROOT / str(getattr(package, "__name__", None))


def test_tests_are_packages() -> None:
    """Every folder of tests is a package with a word about it, so that no test module shadows another or one of ours."""
    folders = {path.parent for path in (ROOT / "tests").rglob("*.py")}
    assert [str(folder) for folder in folders if not (folder / "__init__.py").read_text("utf-8").startswith('"""')] == []
