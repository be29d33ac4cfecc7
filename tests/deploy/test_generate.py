"""Generated files: fresh, complete, and nothing beside them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from deploy import generate
from deploy.docs.shipped import ROOT
from deploy.generate import GENERATED, documents, release, stray, write
from deploy.releases import text
from schemas.avro import schema_of
from schemas.topics import MODELS

AGAIN = "run `make generate`"


@pytest.mark.parametrize("path", documents(), ids=lambda path: path.name)
def test_files_are_fresh(path: Path) -> None:
    """Each generated file is what the contract gives today. If this fails, run `make generate`."""
    assert path.exists(), AGAIN
    assert path.read_text("utf-8") == documents()[path], AGAIN


def test_nothing_else_is_generated() -> None:
    """No schema lies in schemas/generated that no model gives."""
    assert stray() == []
    assert {path.stem for path in GENERATED.iterdir()} == set(MODELS)


def test_schemas_are_as_registered() -> None:
    """The committed schema is the one that is registered, in a stable form that ends with a line's end."""
    content = documents()[GENERATED / "LinkedCase.avsc"]
    assert json.loads(content) == schema_of(MODELS["LinkedCase"])
    assert content == text(json.loads(content))
    assert content.endswith("}\n")


def test_everything_is_released() -> None:
    """No schema differs from its newest released version. If this fails, run `python -m deploy.generate --release`: it adds a version."""
    assert [str(path.relative_to(ROOT)) for path in release()] == []


def test_write_writes_what_differs(tmp_path: Path) -> None:
    """Only what is not yet there is written, in folders that are made."""
    files = {tmp_path / "a" / "b.txt": "一\n", tmp_path / "c.txt": "two\n"}
    assert write(files) == list(files)
    assert write(files | {tmp_path / "c.txt": "three\n"}) == [tmp_path / "c.txt"]
    assert (tmp_path / "a" / "b.txt").read_text("utf-8") == "一\n"


def test_command_writes_and_removes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The command writes what is missing, removes what is left over, and the second time has nothing to do."""
    monkeypatch.setattr(generate, "ROOT", tmp_path)
    monkeypatch.setattr(generate, "GENERATED", tmp_path / "schemas" / "generated")
    left = tmp_path / "schemas" / "generated" / "Gone.avsc"
    left.parent.mkdir(parents=True)
    left.write_text("{}")
    first = CliRunner().invoke(generate.main, [])
    assert first.exit_code == 0
    assert "removed schemas/generated/Gone.avsc" in first.output
    assert {path.relative_to(tmp_path) for path in documents()} == {path.relative_to(tmp_path) for path in tmp_path.rglob("*.*") if path.is_file()}
    assert CliRunner().invoke(generate.main, []).output == ""
