"""`lianfang simulate --linkage`."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from deploy.cli.main import lianfang
from deploy.cli.output import Problem
from deploy.simulation.linkage import people
from deploy.simulation.linkage.save import COLUMNS
from streams.identity.records import records
from streams.identity.spec import shipped


def _run(*words: str) -> str:
    result = CliRunner().invoke(lianfang, ["simulate", "--linkage", "--people", "200", "--seed", "3", *words], catch_exceptions=False)
    assert result.exit_code == 0
    return result.output


def test_file_is_one_for_the_spec(tmp_path: Path) -> None:
    """The file has every record with its truth, and `lianfang identity` reads the same from it."""
    told = json.loads(_run("--out", str(tmp_path / "new"), "--json"))
    written = list(people(200, seed=3))
    with Path(told["file"]).open(encoding="utf-8", newline="") as file:
        found = list(records(shipped("people"), file))
    assert [(one.id, one.person, one.profile) for one in found] == [(one.record, one.person, {field: [value] for field, value in one.says.items()}) for one in written]
    assert (told["records"], told["people"]) == (len(written), 200)
    header = Path(told["file"]).read_text("utf-8").partition("\n")[0]
    assert next(csv.reader([header])) == list(COLUMNS)


def test_table_tells_which_errors_there_are(tmp_path: Path) -> None:
    """People see how many records there are and what is wrong in them."""
    output = _run("--out", str(tmp_path))
    assert "people.csv" in output
    assert "homophone" in output


def test_names_need_their_files(tmp_path: Path) -> None:
    """A folder without the lists is a problem that says so; so are names for an outbreak."""
    with pytest.raises(Problem, match="no people could be made"):
        _run("--out", str(tmp_path), "--names", str(tmp_path))
    with pytest.raises(Problem, match="--names goes with --linkage"):
        CliRunner().invoke(lianfang, ["simulate", "--out", str(tmp_path), "--names", str(tmp_path)], catch_exceptions=False)
