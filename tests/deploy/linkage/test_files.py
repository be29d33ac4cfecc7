"""Records of files, and what is wrong with files."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest

from deploy.linkage.files import read
from streams.identity.records import BadFile
from tests.deploy.linkage.people import FILE, ROWS, write


def test_rows_are_records(tmp_path: Path) -> None:
    """Each row is a record with the fields that the spec names, its person, its place and its errors; empty cells and blank lines say nothing."""
    found = read(FILE, [write(tmp_path, text=ROWS.replace("b1,", "\n\nb1,"))])
    assert len(found.records) == 14
    assert found.records[1].profile == {"name": ["Wang Ceshi"], "born": ["1980-01-01"]}
    assert found.person["b2"] == "2"
    assert found.places["b1"] == "people.csv row 3"
    assert (found.errors["a1"], found.errors["b2"]) == ((), ("one-digit", "phone-missing"))
    assert found.missing == []


def test_other_encodings_and_packed(tmp_path: Path) -> None:
    """A file in GB18030, with a mark, or packed is read as the same."""
    text = ROWS.replace("Wang Ceshi", "王测试")
    plain = read(FILE, [write(tmp_path, text=text)])
    for name, data in (("a.csv", text.encode("gb18030")), ("b.csv", text.encode("utf-8-sig")), ("c.csv.gz", gzip.compress(text.encode()))):
        (tmp_path / name).write_bytes(data)
        assert read(FILE, [tmp_path / name]).records == plain.records


def test_two_files(tmp_path: Path) -> None:
    """Files whose ids differ keep them; where two share some, the file's name stands before each."""
    other = write(tmp_path, "other.csv", "row,name,person\nz1,Wang Ceshi,P1\n")
    both = read(FILE, [write(tmp_path), other])
    assert (both.records[-1].id, both.person["z1"], both.missing) == ("z1", "1", ["dob", "tel"])
    again = read(FILE, [write(tmp_path), write(tmp_path, "again.csv", ROWS)])
    assert len(again.person) == 28
    assert again.person["people.csv/a1"] == again.person["again.csv/a1"]
    assert (again.places["again.csv/a1"], again.errors["again.csv/a2"]) == ("again.csv row 1", ("phone-missing",))


@pytest.mark.parametrize(("text", "said"), [
    (ROWS.replace("a2,", "a1,"), "row 2: the id of an earlier row"), (ROWS.replace("a2,", ","), "row 2: no id"), (ROWS.replace("P3", "Q3"), "people.csv: row 5"),
    (ROWS.replace("row,", "line,", 1), "no column row"), ("row,given\na1,Wang\n", "none of the columns that the spec small reads: name, dob, tel"), ("", "none of the columns"),
])  # fmt: skip
def test_bad_files(text: str, said: str, tmp_path: Path) -> None:
    """What is wrong is told with its row, and without a value of it."""
    with pytest.raises(BadFile, match=said) as told:
        read(FILE, [write(tmp_path, text=text)])
    assert "Ceshi" not in str(told.value)


def test_two_files_of_one_name(tmp_path: Path) -> None:
    """Files whose name cannot tell equal ids apart are refused."""
    (tmp_path / "more").mkdir()
    with pytest.raises(BadFile, match="two files of one name"):
        read(FILE, [write(tmp_path), write(tmp_path / "more")])
