"""The files: each in its own form, and read by the real transports as what was simulated."""

from __future__ import annotations

import gzip
from pathlib import Path
from typing import Any

import pytest

from connectors import registry
from connectors.transports.files import items
from deploy.simulation import Outbreak, Truth, simulate
from deploy.simulation.outbreak import SOURCES
from deploy.simulation.write import FORMS, save, stored, write
from schemas.document import load

DECLARED = registry.sources()


@pytest.fixture(scope="module")
def outbreak() -> Outbreak:
    """A small outbreak."""
    return simulate(1, 60, 8)


def as_read(fields: dict[str, Any]) -> dict[str, Any]:
    """As a transport gives it: numbers in text."""
    return {name: [as_read(one) for one in value] if isinstance(value, list) else str(value) for name, value in fields.items()}


@pytest.mark.parametrize("source", SOURCES)
def test_what_is_read_is_what_was_simulated(outbreak: Outbreak, tmp_path: Path, source: str) -> None:
    """Each file gives the real transport the records of its source, in order, whatever its encoding and form."""
    path = save(outbreak, tmp_path)[source]
    found = [item.fields if item.fields is not None else load(item.body) for item in items(path, DECLARED[source])]
    assert found == [as_read(one) for one in outbreak.records[source]]


@pytest.mark.parametrize("source", SOURCES)
def test_a_source_that_sends_nothing_is_an_empty_file(tmp_path: Path, source: str) -> None:
    """A file without records is read as none."""
    path = tmp_path / FORMS[source].file
    path.write_bytes(FORMS[source].pack([]))
    assert list(items(path, DECLARED[source])) == []


@pytest.mark.parametrize("source", SOURCES)
def test_fields_are_those_that_the_source_names(outbreak: Outbreak, source: str) -> None:
    """For everything that a source's file maps there is a field among those sent, and every field sent is one that the file knows."""
    declared, subject = DECLARED[source], DECLARED[source].subject
    needed = [rule.paths for rule in declared.map.values()] + [[path] for path in declared.id]
    needed += [[declared.version.path]] if declared.version else []
    handles = {subject.name, subject.phone, subject.document, subject.document_kind, subject.nationality, subject.account, subject.patient, subject.patient_of}
    handles |= {subject.sex, subject.born, subject.age, subject.home, subject.address, subject.household}
    further = {declared.companions, declared.retracts.path if declared.retracts else None}
    sent = {name for one in outbreak.records[source] for name in one}
    assert all(sent & set(paths) for paths in needed)
    assert sent <= {path for paths in needed for path in paths} | handles | further


def test_the_truth_is_written_in_full(outbreak: Outbreak, tmp_path: Path) -> None:
    """truth.json is the truth again when it is read, and nothing else lies in the folder."""
    paths = save(outbreak, tmp_path)
    assert Truth.model_validate_json((tmp_path / "truth.json").read_bytes()) == outbreak.truth
    assert set(tmp_path.iterdir()) == {*paths.values(), tmp_path / "truth.json"}


def test_write_simulates_and_saves(outbreak: Outbreak, tmp_path: Path) -> None:
    """`write` gives the same files as `simulate` and `save`, and replaces what lay there."""
    one, other = tmp_path / "one", tmp_path / "other"
    other.mkdir()
    (other / "travel.csv").write_text("old")
    save(outbreak, one)
    write(other, seed=1, people=60, days=8)
    assert {path.name: path.read_bytes() for path in one.iterdir()} == {path.name: path.read_bytes() for path in other.iterdir()}


@pytest.mark.parametrize("size", [0, 1, 65_535, 65_536, 200_000])
def test_stored_blocks_are_gzip(size: int) -> None:
    """Any gzip reader unpacks them, at every border of a block."""
    data = bytes(number % 251 for number in range(size))
    assert gzip.decompress(stored(data)) == data
