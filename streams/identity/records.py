"""Records of a CSV file as profiles, by the columns that a spec names."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from streams.identity.spec import Spec


class BadFile(Exception):
    """The file is not one for the spec; the message names the column."""


class Record(NamedTuple):
    """One row: its id, what it says, and the person that it is of ('' where the spec names no truth)."""

    id: str
    profile: dict[str, list[str]]
    person: str = ""


def records(spec: Spec, lines: Iterable[str]) -> Iterator[Record]:
    """The rows of a CSV file with a header. Blanks around a value and empty values say nothing; a column of the spec may be missing, but for the id.

    Raises BadFile when the column of the id is missing, or when a row does not tell the person as the spec has it.
    """
    rows = csv.reader(lines, skipinitialspace=True)
    names = [name.strip() for name in next(rows, [])]
    truth = spec.truth if spec.truth and spec.truth.column in names else None
    if spec.id not in names:
        raise BadFile(f"there is no column {spec.id}")
    for number, row in enumerate(rows, 1):
        cells = {name: cell.strip() for name, cell in zip(names, row, strict=False)}
        try:
            person = truth.of(cells.get(truth.column, "")) if truth else ""
        except ValueError as why:
            raise BadFile(f"row {number}: {why}") from why
        said = {field: [cells[column]] for column, field in spec.columns.items() if cells.get(column)}
        yield Record(cells.get(spec.id, ""), said, person)
