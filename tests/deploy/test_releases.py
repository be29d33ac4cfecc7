"""Releases: a version for each difference, none that breaks, and none that changes."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from deploy import generate, releases
from deploy.generate import write
from deploy.releases import Incompatible, broken, released, undocumented, unfit, unreleased
from schemas.avro import schema_of
from schemas.topics import MODELS, written


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder into which everything was released once."""
    write(unreleased(tmp_path))
    return tmp_path


@pytest.fixture
def change(monkeypatch: pytest.MonkeyPatch) -> Callable[[Callable[[dict[str, Any]], None]], None]:
    """Changes the schema of Lab, as an edit of its model would."""

    def change(edit: Callable[[dict[str, Any]], None]) -> None:
        def edited(model: Any) -> dict[str, Any]:
            schema = copy.deepcopy(schema_of(model))
            if schema["name"] == "Lab":
                edit(schema)
            return schema

        monkeypatch.setattr(releases, "schema_of", edited)

    return change


def lose_result(schema: dict[str, Any]) -> None:
    """A break: the result is gone."""
    schema["fields"] = [field for field in schema["fields"] if field["name"] != "result"]


def test_first_release_has_everything(folder: Path) -> None:
    """The first release is version 1 of every model, and the model of every topic."""
    assert {name: list(released(name, folder)) for name in MODELS} == {name: [1] for name in MODELS}
    assert json.loads((folder / "topics.json").read_text("utf-8")).keys() == written().keys()


def test_nothing_new_is_no_release(folder: Path) -> None:
    """Without a difference nothing is added; better docs are no difference."""
    path = folder / "Lab" / "1.avsc"
    schema = json.loads(path.read_text("utf-8"))
    schema["doc"] = schema["fields"][0]["doc"] = "Other words."
    path.write_text(json.dumps(schema))
    assert unreleased(folder) == {}
    assert undocumented(schema) == undocumented(schema_of(MODELS["Lab"]))


def test_compatible_change_is_the_next_version(folder: Path, change: Any) -> None:
    """An optional field gives a version more, of its model alone, and the versions before stay."""
    change(lambda schema: schema["fields"].append({"name": "ct", "type": ["null", "double"], "default": None, "doc": "Cycle threshold."}))
    before = (folder / "Lab" / "1.avsc").read_bytes()
    assert list(unreleased(folder)) == [folder / "Lab" / "2.avsc"]
    write(unreleased(folder))
    assert list(released("Lab", folder)) == [1, 2]
    assert (folder / "Lab" / "1.avsc").read_bytes() == before
    assert unreleased(folder) == {}


def test_break_is_refused(folder: Path, change: Any) -> None:
    """A change that breaks is not released, and the message names version, model and field."""
    change(lose_result)
    with pytest.raises(Incompatible, match=r"version 1: Lab\.result: .*old readers cannot read new values"):
        unreleased(folder)


def test_every_version_is_held_against(folder: Path) -> None:
    """A schema that follows the newest version and breaks with an older one is refused: agencies may still have that one."""
    schema = copy.deepcopy(schema_of(MODELS["Lab"]))
    schema["fields"].append({"name": "ct", "type": "double", "default": 0.0, "doc": "Cycle threshold."})
    (folder / "Lab" / "2.avsc").write_text(json.dumps(schema))
    schema["fields"][-1] = {"name": "ct", "type": "double", "doc": "Cycle threshold."}
    assert [problem.split(":")[0] for problem in unfit("Lab", schema, folder)] == ["version 1"]


def test_gone_models_and_moved_topics_are_breaks(folder: Path) -> None:
    """A model or topic that was released and is no more, or a topic that carries something else, is a break."""
    (folder / "Ghost").mkdir()
    topics = json.loads((folder / "topics.json").read_text("utf-8"))
    topics["contact"]["value"], topics["old"] = "Presence", {"value": "Lab", "cleanup": "delete"}
    (folder / "topics.json").write_text(json.dumps(topics))
    found = broken(folder)
    assert found[0] == "Ghost: the model was released and is gone"
    assert [problem.split(":")[0] for problem in found[1:]] == ["topic contact", "topic old was released and is gone"]


def test_command_refuses(folder: Path, change: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """`--release` with a break writes nothing, exits with 1, and says which field."""
    monkeypatch.setattr(generate, "unreleased", lambda: unreleased(folder))
    monkeypatch.setattr(generate, "write", lambda files: pytest.fail("it wrote"))
    change(lose_result)
    result = CliRunner().invoke(generate.main, ["--release"])
    assert result.exit_code == 1
    assert "Lab.result" in str(result.exception) + result.output
