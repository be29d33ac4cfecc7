"""Rows of before are read as they were written, or not at all: every change of their form is a new version, and what stays as it is has the same form."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from deploy import rows
from deploy.docs.shipped import shipped
from schemas.models.case import LinkedCase
from schemas.models.movement import Presence
from streams.rows import Table
from streams.stage import Message, Outcome, Stage, State, Verdict, as_it_is


def _step(message: Message, state: State) -> Outcome:
    return Outcome(Verdict.APPLIED)


ONE = Stage("one", ("ledger",), (), _step, tables=(Table(1, "A presence.", Presence),), version=2)


def _released(stage: Stage, folder: Path) -> None:
    for path, text in rows.unreleased([stage], folder).items():
        path.write_text(text, "utf-8")


def test_shipped_stages_misread_nothing() -> None:
    """No stage reads rows of before as they are that have another form."""
    assert rows.broken(shipped().stages) == []


def test_another_form_is_another_version(tmp_path: Path) -> None:
    """Rows that changed within a version are seen, and a new version without a way from there is none the worse."""
    _released(ONE, tmp_path)
    changed = replace(ONE, tables=(Table(1, "A case.", LinkedCase),))
    assert rows.broken([ONE], tmp_path) == []
    assert rows.broken([changed], tmp_path) == ["stage one: rows of version 2 have another form than was released: give the stage a new version"]
    assert rows.broken([replace(changed, version=3)], tmp_path) == []


def test_rows_that_changed_cannot_stay(tmp_path: Path) -> None:
    """A migration that leaves them as they are is refused, also from a version of which nobody knows the form."""
    _released(ONE, tmp_path)
    changed = replace(ONE, tables=(Table(1, "A case.", LinkedCase),), version=3, migrations={2: as_it_is})
    assert rows.broken([changed], tmp_path) == ["stage one: rows of table 1 cannot stay as they are from version 2 to 3: what lies in them has another form"]
    assert rows.broken([replace(ONE, version=3, migrations={2: as_it_is})], tmp_path) == []
    (problem,) = rows.broken([replace(ONE, version=3, migrations={1: as_it_is, 2: as_it_is})], tmp_path)
    assert "the form of version 1 is not known" in problem


def _enum(*words: str) -> dict[str, Any]:
    return {"type": "enum", "name": "Word", "symbols": ["unknown", *words], "default": "unknown"}


def _record(*kinds: Any) -> dict[str, Any]:
    return {"type": "record", "name": "R", "fields": [{"name": f"f{number}", "type": kind} for number, kind in enumerate(kinds)]}


@pytest.mark.parametrize(
    ("old", "new", "stays"),
    [
        (_enum("a"), _enum("a", "b"), True),
        (_enum("a", "b"), _enum("b", "a"), False),
        (_enum("a", "b"), _enum("a"), False),
        (_record("long"), _record("long"), True),
        (_record("long"), _record("long", "long"), False),
        (_record("long"), _record("string"), False),
        (_record(["null", "long"]), _record(["null", "long", "string"]), False),
        (_record({"type": "array", "items": _enum("a")}), _record({"type": "array", "items": _enum("a", "b")}), True),
        ({**_record("long"), "default": 1}, _record("long"), True),
    ],
    ids=["word behind", "words moved", "word gone", "same", "field behind", "other type", "kind in a union", "word within", "default"],
)
def test_what_stays(old: Any, new: Any, stays: bool) -> None:
    """Words may come behind others; a field, also with a default, may not, for the bytes of before do not have it."""
    assert rows.stays(old, new) is stays
