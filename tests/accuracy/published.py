"""The published sets, where the environment names their folder, and how well Splink links them."""

from __future__ import annotations

import os
from pathlib import Path
from typing import NamedTuple

from streams.identity.records import Record, records
from streams.identity.spec import Spec, shipped
from tests.realdata.data import VARIABLE, NoData

NUMBER = "soc_sec_id"
"""The column of the identifying number, with which FEBRL is easy."""


class Published(NamedTuple):
    """A set: its files, the spec that reads it, the columns left out, and the F1 of Splink 5.0's clusters at a fixed and at the best threshold."""

    files: tuple[str, ...]
    spec: str
    without: tuple[str, ...]
    splink: tuple[float, float] | None


_FEBRL = {1: ("dataset1.csv",), 2: ("dataset2.csv",), 3: ("dataset3.csv",), 4: ("dataset4a.csv", "dataset4b.csv")}
_SPLINK = {1: (0.998, 0.999), 2: (0.998, 0.999), 3: (0.998, 0.998), 4: (0.999, 0.999)}
_SPLINK_NUMBER = {2: (0.998, 0.999), 3: (1.0, 1.0), 4: (1.0, 1.0)}
PUBLISHED = {
    **{f"febrl{set_}": Published(tuple(f"febrl/{file}" for file in files), "febrl", (NUMBER,), _SPLINK[set_]) for set_, files in _FEBRL.items()},
    **{f"febrl{set_}-number": Published(tuple(f"febrl/{file}" for file in files), "febrl", (), _SPLINK_NUMBER.get(set_)) for set_, files in _FEBRL.items()},
    "fake-1000": Published(("fake-1000/fake_1000.csv",), "fake", (), (0.867, 0.923)),
}
"""By name. Splink's figures were measured on the same files (unsupervised, DuckDB); where there is none, none was measured."""


def folder(named: str | None = None) -> Path:
    """Where the files are; raises NoData when neither the argument nor the environment names a folder with them."""
    place = named or os.environ.get(VARIABLE)
    if not place:
        raise NoData(f"{VARIABLE} is not set: it names the folder above febrl and fake-1000")
    if not (Path(place) / "febrl").is_dir():
        raise NoData(f"{VARIABLE} names a folder without febrl")
    return Path(place)


def read(root: Path, name: str) -> tuple[Spec, list[Record]]:
    """The spec and the records of a set."""
    published = PUBLISHED[name]
    spec = without(shipped(published.spec), published.without)
    found: list[Record] = []
    for file in published.files:
        with (root / file).open(encoding="utf-8-sig", newline="") as lines:
            found += records(spec, lines)
    return spec, found


def without(spec: Spec, columns: tuple[str, ...]) -> Spec:
    """A spec that does not see some columns."""
    return spec.model_copy(update={"columns": {column: field for column, field in spec.columns.items() if column not in columns}})
