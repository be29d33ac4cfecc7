"""Rows of a CSV file as profiles."""

from __future__ import annotations

import pytest

from streams.identity.records import BadFile, Record, records
from streams.identity.spec import shipped

_LINES = ["rec_id, given_name, surname, unknown", "rec-1-org, anna , , x", 'rec-1-dup-0, "lee, jo", walker, x']


def test_rows_are_profiles() -> None:
    """Blanks are stripped, empty cells and unknown columns say nothing, and a column of the spec may be missing."""
    assert list(records(shipped("febrl"), _LINES)) == [
        Record("rec-1-org", {"given": ["anna"]}, "1"),
        Record("rec-1-dup-0", {"given": ["lee, jo"], "surname": ["walker"]}, "1"),
    ]


def test_a_file_without_truth_has_no_people() -> None:
    """Where the column of the truth is missing, nobody is told."""
    assert [record.person for record in records(shipped("fake"), ["unique_id,surname", "1,walker"])] == [""]


@pytest.mark.parametrize(("lines", "says"), [(["surname", "walker"], "no column rec_id"), ([], "no column rec_id"), (["rec_id", "seven"], "row 1")])
def test_other_files_are_refused(lines: list[str], says: str) -> None:
    """A file without the id, or with a truth that does not fit, is refused with its place."""
    with pytest.raises(BadFile, match=says):
        list(records(shipped("febrl"), lines))
