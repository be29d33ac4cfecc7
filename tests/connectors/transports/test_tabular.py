"""CSV in its usual dialects, whole and broken."""

from __future__ import annotations

import csv
import gzip
import io
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.envelope import Item
from connectors.transports.tabular import rows

NAMES = ["编号", "姓名", "备注"]
cell = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=12)


def read(folder: Path, data: bytes, header: int = 1) -> list[Item]:
    """The items of a CSV file."""
    path = folder / "file.csv"
    path.write_bytes(data)
    return list(rows(path, header))


def cells(items: list[Item]) -> list[list[str]]:
    """The cells of rows that must all be good."""
    assert [item.fault for item in items] == [None] * len(items)
    return [list((item.fields or {}).values()) for item in items]


def written(table: list[list[str]], delimiter: str = ",", end: str = "\r\n", quoting: int = csv.QUOTE_MINIMAL) -> str:
    """A CSV text."""
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=delimiter, lineterminator=end, quoting=quoting).writerows(table)  # type: ignore[arg-type]
    return text.getvalue()


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("charset", ["utf-8", "utf-8-sig", "utf-16", "utf-16-be with mark", "gb18030"])
@pytest.mark.parametrize("quoting", [csv.QUOTE_MINIMAL, csv.QUOTE_ALL])
def test_dialects(tmp_path: Path, delimiter: str, end: str, charset: str, quoting: int) -> None:
    """Any delimiter, line end, encoding and way of quoting gives the same cells, with delimiters, quotes and line ends inside them."""
    table = [["1", "杨测试", 'says "no", then; goes|on\tout'], ["2", "李样本", f"two{end}lines"], ["3", "𠀀一", " ''"]]
    text = written([NAMES, *table], delimiter, end, quoting)
    data = text.encode(charset) if " " not in charset else b"\xfe\xff" + text.encode("utf-16-be")
    items = read(tmp_path, data)
    assert cells(items) == table
    assert [list(item.fields or {}) for item in items] == [NAMES] * 3


@given(table=st.lists(st.lists(cell, min_size=3, max_size=3).filter(any), max_size=5), delimiter=st.sampled_from(",;\t|"), end=st.sampled_from(["\n", "\r\n"]))
def test_comes_back(tmp_path_factory: pytest.TempPathFactory, table: list[list[str]], delimiter: str, end: str) -> None:
    """Any text comes back cell by cell, and the body of a row is its bytes in the file, without the line end."""
    folder = tmp_path_factory.getbasetemp()
    items = read(folder, written([NAMES, *table], delimiter, end, csv.QUOTE_ALL).encode())
    assert cells(items) == table
    assert [item.body.decode() for item in items] == [written([row], delimiter, "", csv.QUOTE_ALL) for row in table]


@pytest.mark.parametrize("charset", ["utf-8-sig", "utf-16-le", "utf-16-be", "gb18030"])
def test_bodies_are_in_the_encoding_of_the_file(tmp_path: Path, charset: str) -> None:
    """The body of a row is its own bytes, without the mark of the file."""
    mark = "\ufeff" if charset.startswith("utf-16") else ""
    (item,) = read(tmp_path, f"{mark}编号,姓名\n1,杨测试\n".encode(charset))
    assert item.body == "1,杨测试".encode(charset.removesuffix("-sig"))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('"a;b";"c,d";"e,f,g,h"\n1;2;3\n', ["a;b", "c,d", "e,f,g,h"]),
        ('"a;b;c;d;e",f\n"1;2;3;4",2\n', ["a;b;c;d;e", "f"]),
        ('"a\nb|c|d|e",f\n1,2\n', ["a\nb|c|d|e", "f"]),
        ("编号,姓名;备注\n1,x\n2,y\n", ["编号", "姓名;备注"]),
        ("编号;姓名, 字;备注\n1;x, y;2\n", ["编号", "姓名, 字", "备注"]),
        ("编号\n1\n", ["编号"]),
        ("编号,备注\n1,a|b|c|d\n2,e|f|g|h\n", ["编号", "备注"]),
    ],
)
def test_delimiter(tmp_path: Path, text: str, expected: list[str]) -> None:
    """The delimiter is found by how the rows fall into cells, so neither quoted nor other text misleads it."""
    items = read(tmp_path, text.encode())
    assert list(items[0].fields or {}) == expected
    assert not [item.fault for item in items if item.fault]


def test_named_delimiter(tmp_path: Path) -> None:
    """A first line that names the delimiter, as Excel reads it, is obeyed and is no header."""
    assert cells(read(tmp_path, b"sep=|\r\na,b|c\r\n1,2|3\r\n")) == [["1,2", "3"]]


@pytest.mark.parametrize("header", [1, 2, 4])
def test_header_in_line(tmp_path: Path, header: int) -> None:
    """The header stands in the line that the source names; titles above it, of any form, do not count."""
    above = "".join(f"第{number}页;;;\n" for number in range(1, header))
    items = read(tmp_path, f"{above}编号,姓名\n1,杨测试\n".encode(), header)
    assert [item.fields for item in items] == [{"编号": "1", "姓名": "杨测试"}]


def test_blank_line_above_the_header(tmp_path: Path) -> None:
    """Blank lines above the header are no header."""
    assert [item.fields for item in read(tmp_path, b"\n,\na,b\n1,2\n")] == [{"a": "1", "b": "2"}]


def test_names_of_columns(tmp_path: Path) -> None:
    """A column without a name is called by its number; one whose name stands again gets a number too."""
    (item,) = read(tmp_path, b"a, ,a,b ,a#3\n1,2,3,4,5\n")
    assert item.fields == {"a": "1", "column 2": "2", "a#3": "3", "b": "4", "a#3#5": "5"}


def test_short_long_and_empty_rows(tmp_path: Path) -> None:
    """Cells that are missing at the end are left out; one too many is a fault; a row of empty cells is no row."""
    items = read(tmp_path, b"a,b,c\n1\n1,2,3,4\n\n,,\n1,2,3\n")
    assert [(item.fields, item.fault) for item in items] == [
        ({"a": "1"}, None), (None, "4 cells under a header of 3"), ({"a": "1", "b": "2", "c": "3"}, None),
    ]  # fmt: skip


@pytest.mark.parametrize("data", [b"", b"\xef\xbb\xbf", b"\n\n", b"a,b,c", b"a,b,c\r\n", b"\xff\xfe"])
def test_no_rows(tmp_path: Path, data: bytes) -> None:
    """An empty file and a header alone hold no rows."""
    assert read(tmp_path, data) == []


@pytest.mark.parametrize(("charset", "broken"), [("utf-8", b"\xff"), ("utf-8", b"\xe6\x9d"), ("gb18030", b"\xff"), ("gb18030", b"\xc4")])
def test_broken_byte_spoils_one_row(tmp_path: Path, charset: str, broken: bytes) -> None:
    """Bytes that do not fit spoil the row that they are in, which keeps them; what the file is in is not mistaken for their sake."""
    lines = [line.encode(charset) for line in ("编号,姓名,地址", "1,杨测试,翠华镇", "2,李?,翠华镇", "3,赵例子,翠华镇")]
    lines[2] = lines[2].replace(b"?", broken)
    first, second, third = read(tmp_path, b"\n".join(lines))
    assert [item.fields and item.fields["姓名"] for item in (first, second, third)] == ["杨测试", None, "赵例子"]
    assert second == Item(lines[2], fault=f"bytes that are no {charset}")


def test_half_a_pair_in_utf16(tmp_path: Path) -> None:
    """Half a surrogate pair in UTF-16 spoils its row, and half a character at the end the last one."""
    good = "\ufeffa,b\n1,2\n".encode("utf-16-le")
    items = read(tmp_path, good + "x,".encode("utf-16-le") + b"\x00\xd8" + "\n3,4\n5,6".encode("utf-16-le") + b"7")
    assert [item.fields for item in items] == [{"a": "1", "b": "2"}, None, {"a": "3", "b": "4"}, None]
    assert items[1].body == "x,".encode("utf-16-le") + b"\x00\xd8"


@pytest.mark.parametrize("row", [b"2,\x00", b"\x00\x00\x00\x00"])
def test_nul_spoils_one_row(tmp_path: Path, row: bytes) -> None:
    """A NUL, as a crash of the writer leaves it, spoils its row."""
    items = read(tmp_path, b"a,b\n1,2\n" + row + b"\n3,4\n")
    assert [item.fault for item in items] == [None, "a NUL in it", None]


@pytest.mark.parametrize("row", ['2,"open', '"2,open', '2,"a"b', '2,"a" "b"', '"2"x,b', '2,"a\\"b"'])
def test_broken_quotes_spoil_one_row(tmp_path: Path, row: str) -> None:
    """A quote that is not closed, or not doubled, spoils its row and not the rows that it would swallow."""
    text = f'a,b\n1,"x"\n{row}\n3,"y,\nz"\n4,w\n'
    items = read(tmp_path, text.encode())
    assert [item.fields for item in items if item.fields] == [{"a": "1", "b": "x"}, {"a": "3", "b": "y,\nz"}, {"a": "4", "b": "w"}]
    assert [item.body.decode() for item in items if item.fault] == [row]


def test_half_rows_are_not_taken(tmp_path: Path) -> None:
    """Of a row of several lines that is broken, the lines behind the first are not taken for rows of their own."""
    items = read(tmp_path, b'a,b,c\n1,"two\nlines"x,3\n4,5,6\n')
    assert [item.fields for item in items if item.fields] == [{"a": "4", "b": "5", "c": "6"}]
    assert [item.body for item in items if item.fault] == [b'1,"two', b'lines"x,3']


def test_many_open_quotes(tmp_path: Path) -> None:
    """Thousands of open quotes are told one by one, in reasonable time."""
    items = read(tmp_path, b"a,b\n" + b'1,"x\n2,y\n' * 300)
    assert [item.fault is None for item in items] == [False, True] * 300


@pytest.mark.parametrize(("data", "said"), [(b"a,\xff\n1,2\n", "the header has bytes that are no"), (b'a,"b"c\n1,2\n', "the header is not a CSV row"), (b"a,\0\n1,2\n", "the header has a NUL")])
def test_broken_header(tmp_path: Path, data: bytes, said: str) -> None:
    """Under a header that cannot be read every row is a fault, and none is lost."""
    (item,) = read(tmp_path, data)
    assert item.body == b"1,2"
    assert said in (item.fault or "")


def test_long_field(tmp_path: Path) -> None:
    """A field without end is a fault and not a crash."""
    items = read(tmp_path, b"a,b\n1," + b"x" * 200_000 + b"\n3,4\n")
    assert [item.fields for item in items] == [None, {"a": "3", "b": "4"}]


def test_row_that_is_cut_off(tmp_path: Path) -> None:
    """The last row of a gzip file that ends early may be half a row, so it is refused however whole it looks."""
    packed = gzip.compress(b"a,b\n" + b"".join(b"%d,%d\n" % (number, number * 7919 % 10_007) for number in range(5000)))
    items = read(tmp_path, packed[: len(packed) // 2])
    assert items[-1].fault == "the compressed file ends early"
    assert len(items) > 1000
    assert not [item for item in items[:-1] if item.fault]
