"""CSV in its usual dialects."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from pathlib import Path

from connectors.envelope import Item
from connectors.transports.text import encoding, opened

_LONGEST = 1 << 20
csv.field_size_limit(_LONGEST)


def rows(path: Path, header: int = 1) -> Iterator[Item]:
    """One item for each row under the header, which stands in line `header`; the body is the row's own bytes.

    A row with more cells than the header has names, or with bytes that do not fit the file's encoding, is a fault. Cells that are missing at the end are left out.
    """
    charset = encoding(path)
    with opened(path) as file, io.TextIOWrapper(file, encoding=charset, errors="surrogateescape", newline="") as text:
        for _ in range(header - 1):
            text.readline()
        start = text.tell() if text.seekable() else None
        sample = text.read(64 * 1024)
        if start is not None:
            text.seek(start)
        consumed: list[str] = []

        def lines() -> Iterator[str]:
            for line in text:
                consumed.append(line)
                yield line

        found = csv.reader(lines(), _dialect(sample), strict=False)
        plain = charset.removesuffix("-sig")
        names = _names(next(found, []))
        consumed.clear()
        while True:
            try:
                cells = next(found)
                item = _item(names, cells, "".join(consumed), plain)
            except StopIteration:
                return
            except csv.Error as error:
                item = Item("".join(consumed).encode(plain, "surrogateescape"), fault=f"not a CSV row: {error}")
            consumed.clear()
            if item:
                yield item


def _item(names: list[str], cells: list[str], text: str, charset: str) -> Item | None:
    if not any(cells):
        return None
    try:
        body = text.encode(charset)
    except UnicodeEncodeError:
        return Item(text.encode(charset, "surrogateescape"), fault=f"bytes that are no {charset}")
    if len(cells) > len(names):
        return Item(body, fault=f"{len(cells)} cells under a header of {len(names)}")
    return Item(body, dict(zip(names, cells, strict=False)))


def _dialect(sample: str) -> type[csv.Dialect]:
    """The delimiter that cuts the first line into most cells, quotes doubled or escaped."""
    first = next((line for line in sample.splitlines() if line.strip()), "")
    counts = {delimiter: first.count(delimiter) for delimiter in ",;\t|"}
    best = max(counts, key=lambda delimiter: counts[delimiter])

    class Found(csv.excel):
        delimiter = best if counts[best] else ","

    return Found


def _names(cells: list[str]) -> list[str]:
    """Names of the columns; an empty one is called by its number, and one that stands again gets a number too."""
    names: list[str] = []
    for number, cell in enumerate(cells, 1):
        name = cell.strip() or f"column {number}"
        names.append(name if name not in names else f"{name}#{number}")
    return names
