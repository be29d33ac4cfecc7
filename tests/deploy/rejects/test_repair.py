"""Repair: what may be proposed, who may approve, and what is published."""

from __future__ import annotations

import json

import pytest

from deploy.rejects.repair import NotRepaired, approved, proposed, resubmitted, whole, with_changes
from schemas.models.raw import Raw, Repair
from tests.deploy.rejects.pieces import FIELDS, KEYS, POINTER, SCAN, raw, reject

GOOD = FIELDS | {"place_code": "MKT-530624-07"}


def proposal(of: Raw, fields: dict[str, object]) -> Repair:
    """What one person proposes for a refused message."""
    return proposed(reject(of), of, SCAN, fields, KEYS, "OP-1", "wrong-code", 5)


def test_from_refused_to_published() -> None:
    """A field is set, another person approves, and the record that is published is the same record with a pointer to its bytes as they arrived."""
    refused = raw()
    repair = proposal(refused, with_changes(refused, [("place_code", "MKT-530624-07")]))
    approval = approved(repair, [], "OP-2", 6)
    mended = resubmitted(repair, refused, SCAN, KEYS)
    assert (approval.repair, approval.by) == (repair.id, "OP-2")
    assert (mended.record, mended.version, mended.fault) == (refused.record, refused.version, None)
    assert (mended.original, mended.repair) == (POINTER, repair.id)
    assert json.loads(mended.body)["place_code"] == "MKT-530624-07"
    assert mended.digest != refused.digest
    assert resubmitted(repair, refused, SCAN, KEYS) == mended


def test_nothing_of_it_is_in_clear() -> None:
    """The proposal holds the record sealed under the token of the refused one, and no value of it otherwise."""
    repair = proposal(raw(), GOOD)
    assert "杨测试".encode() not in repair.sealed
    assert "杨测试" not in repair.model_dump_json()
    assert KEYS.decrypt(repair.record, repair.sealed) == GOOD


def test_the_same_person_cannot_approve() -> None:
    """Who proposed a repair does not approve it; a second approval by the same other person is the first again."""
    repair = proposal(raw(), GOOD)
    with pytest.raises(NotRepaired, match="another person"):
        approved(repair, [], "OP-1", 6)
    first = approved(repair, [], "OP-2", 6)
    assert approved(repair, [first], "OP-2", 99) == first
    assert approved(repair, [first], "OP-3", 99) != first


@pytest.mark.parametrize(("change", "problem"), [
    ({"place_code": "东门"}, "place_code: expected a code"), ({"scanned_at": ""}, "scanned_at: missing"), ({"scan_no": "S-2"}, "identifies the record"),
    ({"revision": "2"}, "scan_no, revision"), ({"scan_no": ""}, "scan_no: missing"),
])  # fmt: skip
def test_what_is_not_taken(change: dict[str, str], problem: str) -> None:
    """A repair that would be refused again, or that makes it another record, is not taken; the message holds no value of the record."""
    with pytest.raises(NotRepaired, match=problem) as caught:
        proposal(raw(), GOOD | change)
    assert "杨测试" not in str(caught.value)


def test_bytes_that_hold_no_fields() -> None:
    """Damaged bytes are repaired whole: the record that they were meant to be gets the identity that it has."""
    damaged = raw(json.dumps(GOOD, ensure_ascii=False).encode()[:-9])
    with pytest.raises(NotRepaired, match="--file"):
        with_changes(damaged, [("place_code", "X")])
    with pytest.raises(NotRepaired, match="not JSON"):
        whole(b"{")
    repair = proposal(damaged, whole(json.dumps(GOOD, ensure_ascii=False).encode()))
    mended = resubmitted(repair, damaged, SCAN, KEYS)
    assert mended.record == raw().record != damaged.record
    assert mended.original == POINTER


def test_a_csv_row() -> None:
    """A row of a CSV file is repaired by its columns, and published as JSON."""
    columns = {name: str(value) for name, value in FIELDS.items() if name != "companions"}
    row = raw().model_copy(update={"body": b"a row", "fields": columns})
    fields = with_changes(row, [("place_code", "MKT-530624-07")])
    repair = proposed(reject(raw()), row, SCAN, fields, KEYS, "OP-1", "wrong-code", 5)
    mended = resubmitted(repair, row, SCAN, KEYS)
    assert mended.fields is None
    assert json.loads(mended.body) == columns | {"place_code": "MKT-530624-07"}


def test_a_source_that_has_changed_since() -> None:
    """A repair that the source's file does not let through any more when it is approved is not published."""
    repair = proposal(raw(), GOOD)
    stricter = SCAN.model_copy(update={"id": ["scan_no", "lane"]})
    with pytest.raises(NotRepaired, match="lane: missing"):
        resubmitted(repair, raw(), stricter, KEYS)
