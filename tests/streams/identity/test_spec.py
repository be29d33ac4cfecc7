"""Specs as data: what hangs together, and what does not."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path

import pytest
from pydantic import ValidationError

from streams.identity.spec import Truth, load, read, shipped

_WHOLE = """
name: tried
says: For trying.
fields:
  - {name: swapped-name, kind: swapped, of: [given, surname]}
  - {name: given, kind: latin-name, implied_by: {swapped-name: [both]}}
  - {name: surname, kind: latin-name}
rules:
  - {name: names, parts: [given.initial, surname.sound], says: Why not.}
contradictions:
  - {when: {given: [different], surname: [different]}, says: They differ.}
link: 6
review: 0
crowd: 10
"""


def test_a_whole_spec_is_read() -> None:
    """A field is read of its own name or of several, has its kind, and its place."""
    spec = read(_WHOLE)
    assert [field.sources for field in spec.fields] == [("given", "surname"), ("given",), ("surname",)]
    assert [kind.name for kind in spec.kinds] == ["swapped", "latin-name", "latin-name"]
    assert spec.place("surname") == 2


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("kind: swapped", "kind: guessed", "there is no kind guessed"),
        ("name: surname", "name: given", "field given stands twice"),
        ("[both]", "[all]", "given.implied_by: there is no all of swapped-name"),
        ("{swapped-name: [both]}", "{surname: [equal]}", "given.implied_by: there is no equal of surname at this place"),
        ("surname.sound", "surname.smell", "rule names: there is no surname.smell"),
        ("surname.sound", "born.whole", "rule names: there is no born.whole"),
        ("when: {given: [different]", "when: {given: [other]", "contradiction 0: there is no other of given"),
        ("review: 0", "review: 7", "review is above link"),
        ("crowd: 10", "crowd: 1", "greater than 1"),
        ("crowd: 10", "crowd: 10\nmood: good", "Extra inputs"),
    ],
)
def test_what_does_not_hang_together_is_refused(old: str, new: str, says: str) -> None:
    """A name that is not there, or one that stands twice, is told with its place."""
    assert old in _WHOLE
    with pytest.raises(ValidationError, match=says):
        read(_WHOLE.replace(old, new))


@pytest.mark.parametrize("name", [file.name.removesuffix(".yaml") for file in files("streams.identity.specs").iterdir() if file.name.endswith(".yaml")])
def test_shipped_specs_are_whole(name: str) -> None:
    """Every shipped spec can be read by its name, which is that of its file, and tells a reason for each rule."""
    spec = shipped(name)
    assert spec.name == name
    assert all(rule.says.endswith(".") for rule in spec.rules)


def test_a_spec_is_found_by_path(tmp_path: Path) -> None:
    """A name with the ending of YAML is a path; another is that of a shipped spec, or of none."""
    (tmp_path / "tried.yaml").write_text(_WHOLE)
    assert load(str(tmp_path / "tried.yaml")).name == "tried"
    assert load("febrl").name == "febrl"
    with pytest.raises(FileNotFoundError):
        load("nothing")


def test_truth_is_part_of_a_column() -> None:
    """The person is the group of the pattern; a value that does not fit is refused."""
    truth = Truth(column="rec_id", pattern=r"rec-(\d+)-.*")
    assert truth.of("rec-12-dup-0") == "12"
    with pytest.raises(ValueError, match="rec_id does not fit"):
        truth.of("12")
