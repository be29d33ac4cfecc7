"""CSV in its usual dialects: comma, semicolon, tab or bar; quotes doubled; any line end; UTF-8, UTF-16 or GB18030."""

from __future__ import annotations

import csv
import io
import json
import re
from collections import deque
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import TextIO

from connectors.envelope import Item
from connectors.transports.text import Encoding, decoded, encoding, fits

_DELIMITERS = ",;\t|"
_NAMED = re.compile(rf"sep=([{_DELIMITERS}])\s*", re.IGNORECASE)
_SAMPLE = 64 * 1024
_ENDS = "\r\n"
_FAR = 1 << 20
"""Signs after which a row that has not ended is taken for one that never will; as a message it would be too long by far."""
_AGAIN, _FRESH = 100_000, 4
"""How many lines may come again after rows that are broken, and how many more for each line that is read: else many open quotes cost the square of a file."""
_TOGETHER = 10_000
"""Rows that are one item at most."""


def rows(path: Path, header: int = 1, how: Encoding | None = None) -> Iterator[Item]:
    """One item for each row under the header, which stands in line `header`; the body is the row's own bytes without its line end.

    A fault is a row with more cells than the header has names, with a NUL, with quotes that are not closed or not doubled, or with bytes that do not fit the
    encoding. Cells that are missing at the end are left out; rows whose cells are all empty are skipped. A first line `sep=;`, which is for Excel, does not
    count.

    A row that has no end within a million signs is a fault too, in pieces.
    """
    how = how or encoding(path)
    delimiter, above = _dialect(path, how, header)
    with decoded(path, how) as text:
        for _ in range(above):
            text.readline()
        lines = _Lines(text, how)
        found = csv.reader(lines, delimiter=delimiter, strict=True)
        names, fault = _header(found, lines)
        while True:
            try:
                item = lines.item(names, next(found), fault)
            except StopIteration:
                return
            except csv.Error as error:
                item = lines.broken(f"not a CSV row: {error}")
            if item:
                yield item


def together(found: Iterator[Item], path: str, word: str) -> Iterator[Item]:
    """Rows that together are one item, from one whose column `path` is `word` to before the next; a faulty row stays an item of its own."""
    waiting: list[dict[str, str]] = []
    for item in found:
        if item.fields is None:
            yield item
            continue
        if waiting and item.fields.get(path) == word:
            yield _several(waiting)
            waiting = []
        waiting.append(item.fields)
        if len(waiting) >= _TOGETHER:
            yield Item(_several(waiting).body, fault=f"more than {_TOGETHER} rows together")
            waiting = []
    if waiting:
        yield _several(waiting)


def _several(rows: list[dict[str, str]]) -> Item:
    return Item(json.dumps({"rows": rows}, ensure_ascii=False).encode())


class _Lines:
    """The lines of a text, one by one, for csv.reader; knows those of the row that it is reading."""

    def __init__(self, text: TextIO, how: Encoding) -> None:
        self._text, self._how = text, how
        self._again: deque[str] = deque()
        self._row: list[str] = []
        self._signs, self._left = 0, _AGAIN
        self._doubtful = self._cut = False

    def __iter__(self) -> _Lines:
        return self

    def __next__(self) -> str:
        if self._signs >= _FAR:
            raise csv.Error("its end was not found")
        self._doubtful |= bool(self._again)
        line = self._next()
        self._row.append(line)
        self._signs += len(line)
        return line

    def _next(self) -> str:
        """The next line, or a piece of one that is too long."""
        if self._again:
            self._left -= 1
            return self._again.popleft()
        self._left += _FRESH
        line = self._text.readline(_FAR)
        if not line:
            raise StopIteration
        return line

    def item(self, names: list[str], cells: list[str], fault: str | None) -> Item | None:
        """The item of the row that was read; None when it says nothing."""
        doubtful, behind, text = self._doubtful, self._cut, self._end()
        if self._cut or behind:
            fault = fault or "part of a line whose end was not found"
        fault = fault or self._fault(text, len(cells), len(names), doubtful=doubtful)
        if not fault and not any(cells):
            return None
        return Item(self._how.bytes_of(text.rstrip(_ENDS)), None if fault else dict(zip(names, cells, strict=False)), fault)

    def broken(self, fault: str) -> Item:
        """The item of the row that csv.reader refused: its first line. An open quote may have taken in good rows, so the other lines come again.

        When that has happened too often, all its lines are the item.
        """
        if self._left > 0:
            self._again.extendleft(reversed(self._row[1:]))
            del self._row[1:]
        return Item(self._how.bytes_of(self._end().rstrip(_ENDS)), fault=fault)

    def header(self) -> str | None:
        """What is wrong with the bytes of the header that was read."""
        return self._bytes(self._end())

    def _end(self) -> str:
        text, self._row, self._signs, self._doubtful = "".join(self._row), [], 0, False
        self._cut = len(text) >= _FAR and not text.endswith(tuple(_ENDS))
        return text

    def _fault(self, text: str, cells: int, names: int, *, doubtful: bool) -> str | None:
        """What is wrong with a row; one of lines that come again may be half a row, so it must have a cell for each name."""
        if cells > names or (doubtful and cells < names):
            return f"{cells} cells under a header of {names}"
        cut = self._how.damage and not text.endswith(("\r", "\n"))
        return self._how.damage if cut else self._bytes(text)

    def _bytes(self, text: str) -> str | None:
        if not fits(text):
            return f"bytes that are no {self._how.name}"
        return "a NUL in it" if "\0" in text else None


def _header(found: Iterator[list[str]], lines: _Lines) -> tuple[list[str], str | None]:
    """The names of the columns, and the fault of every row when they cannot be read."""
    try:
        cells = next((row for row in found if any(row)), [])
    except csv.Error as error:
        lines.broken("")
        return [], f"the header is not a CSV row: {error}"
    fault = lines.header()
    return _names(cells), f"the header has {fault}" if fault else None


def _names(cells: list[str]) -> list[str]:
    """Names of the columns; an empty one is called by its number, and one that stands again gets a number too."""
    names: dict[str, None] = {}
    for number, cell in enumerate(cells, 1):
        name = cell.strip() or f"column {number}"
        names[name if name not in names else f"{name}#{number}"] = None
    return list(names)


def _dialect(path: Path, how: Encoding, header: int) -> tuple[str, int]:
    """The delimiter, and how many lines stand above the header."""
    with decoded(path, how) as text:
        sample = io.StringIO(text.read(_SAMPLE), newline="")
    named = _NAMED.fullmatch(sample.readline())
    above = header - 1 + bool(named)
    sample.seek(0)
    for _ in range(above):
        sample.readline()
    rest = sample.read()
    return named[1] if named else max(_DELIMITERS, key=lambda delimiter: _fit(rest, delimiter)), above


def _fit(sample: str, delimiter: str) -> tuple[bool, float, int]:
    """How well a delimiter fits: whether it cuts the header at all, the share of rows with as many cells as the header, the number of these.

    Rows are read as CSV, so a delimiter inside quotes does not count.
    """
    try:
        found = [row for row in islice(csv.reader(io.StringIO(sample, newline=""), delimiter=delimiter), 50) if row]
    except csv.Error:
        return False, 0.0, 0
    width = len(found[0]) if found else 0
    return width > 1, sum(len(row) == width for row in found) / max(len(found), 1), width
