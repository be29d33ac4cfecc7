"""Labelled or unlabelled records in CSV files, as a spec names their columns."""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from connectors.transports.text import decoded, encoding
from streams.identity.records import BadFile, Record, records
from streams.identity.spec import Spec

ERRORS = "errors"
"""The column in which a generator tells the kinds of error in a row, a word each, with blanks or marks between; a file need not have it."""
_BETWEEN = re.compile(r"[\s;,|]+")


class Read(NamedTuple):
    """What some files hold: records, each under an id of its own; by id its file and row, and the kinds of error in it; columns that a file lacks."""

    records: list[Record]
    places: dict[str, str]
    errors: dict[str, tuple[str, ...]]
    missing: list[str]

    @property
    def person(self) -> dict[str, str]:
        """By id the person, where the files tell it."""
        return {record.id: record.person for record in self.records if record.person}


def read(spec: Spec, paths: Sequence[Path]) -> Read:
    """The records of some files (UTF-8, UTF-16 by its mark, GB18030; gzip or not). Ids that stand in two files get the file's name before them.

    Raises BadFile, with file and row and no value, when an id or a person cannot be told, an id stands twice in a file, or nothing is there to read.
    """
    files = [_read(spec, path) for path in paths]
    common = {one for one, count in Counter(record.id for file in files for record in file.records).items() if count > 1}
    if common and len(files) > 1:
        files = [_named(path.name, file) for path, file in zip(paths, files, strict=True)]
    found: list[Record] = [record for file in files for record in file.records]
    if len({record.id for record in found}) < len(found):
        raise BadFile("two files of one name hold records of the same ids: rename one of them")
    places = {one: place for file in files for one, place in file.places.items()}
    errors = {one: kinds for file in files for one, kinds in file.errors.items()}
    return Read(found, places, errors, sorted({column for file in files for column in file.missing}))


def _read(spec: Spec, path: Path) -> Read:
    how = encoding(path)
    with decoded(path, how) as text:
        lines = [line for line in text if line.strip()]
    names, *rows = csv.reader(lines, skipinitialspace=True) if lines else [[]]
    names = [name.strip() for name in names]
    missing = [column for column in spec.columns if column not in names]
    if not spec.columns or len(missing) == len(spec.columns):
        raise BadFile(f"{path.name} has none of the columns that the spec {spec.name} reads: {', '.join(spec.columns) or 'it names none'}")
    try:
        found = list(records(spec, lines))
    except BadFile as why:
        raise BadFile(f"{path.name}: {why}") from why
    _check(path, found)
    told = names.index(ERRORS) if ERRORS in names else None
    errors = {} if told is None else {record.id: _kinds(row[told : told + 1]) for record, row in zip(found, rows, strict=True)}
    return Read(found, {record.id: f"{path.name} row {number}" for number, record in enumerate(found, 1)}, errors, missing)


def _check(path: Path, found: Sequence[Record]) -> None:
    seen: set[str] = set()
    for number, record in enumerate(found, 1):
        if not record.id or record.id in seen:
            raise BadFile(f"{path.name}, row {number}: {'the id of an earlier row' if record.id else 'no id'}; each row has an id of its own")
        seen.add(record.id)


def _kinds(cell: Sequence[str]) -> tuple[str, ...]:
    return tuple(sorted({kind for text in cell for kind in _BETWEEN.split(text.strip()) if kind}))


def _named(name: str, file: Read) -> Read:
    """The same with the file's name before each id."""
    return Read(
        [record._replace(id=f"{name}/{record.id}") for record in file.records],
        {f"{name}/{one}": place for one, place in file.places.items()},
        {f"{name}/{one}": kinds for one, kinds in file.errors.items()},
        file.missing,
    )
