"""`lianfang simulate`."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from deploy.cli.main import lianfang
from deploy.cli.output import Problem
from deploy.simulation import Truth
from deploy.simulation.write import FORMS

SMALL = ["--people", "60", "--days", "8", "--seed", "3"]


def test_json_is_one_document_that_agrees_with_the_truth(tmp_path: Path) -> None:
    """--json names every file and counts its messages as the truth does."""
    result = CliRunner().invoke(lianfang, ["simulate", "--out", str(tmp_path / "new"), *SMALL, "--json"], catch_exceptions=False)
    told = json.loads(result.output)
    truth = Truth.model_validate_json(Path(told["truth"]).read_bytes())
    assert [Path(one["file"]).name for one in told["files"]] == [form.file for form in FORMS.values()]
    assert all(Path(one["file"]).is_file() for one in told["files"])
    assert [one["messages"] for one in told["files"]] == [count.messages for count in truth.sources]
    assert told["infected"] == len(truth.infections)
    assert sum(told["cases"].values()) == len(truth.cases)


def test_the_table_names_every_file(tmp_path: Path) -> None:
    """People see which files were written, in which form."""
    result = CliRunner().invoke(lianfang, ["simulate", "--out", str(tmp_path), *SMALL], catch_exceptions=False)
    assert result.exit_code == 0
    assert all(form.file in result.output and form.says in result.output for form in FORMS.values())


def test_what_cannot_be_simulated_is_told_to_the_person(tmp_path: Path) -> None:
    """Too few people is a problem that says how many are needed, and nothing is written."""
    with pytest.raises(Problem, match="40 people"):
        CliRunner().invoke(lianfang, ["simulate", "--out", str(tmp_path / "none"), "--people", "3"], catch_exceptions=False)
    assert not (tmp_path / "none").exists()
