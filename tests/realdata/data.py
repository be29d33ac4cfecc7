"""Where the published files are."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from schemas.vocabulary import vocabulary
from tests.levels import emergency

VARIABLE = "LIANFANG_REALDATA"
FOLDER = "case-trajectories-china"
SHARED = "四川省"
"""The province whose cases are published in both forms."""
LEVELS = emergency(*vocabulary("provinces"), until="2021-01-01")
"""Every province declared its highest level in January 2020; here for the whole year, so that all who are found are traced."""


class NoData(Exception):
    """The data are not here; the message says how to name them."""


@dataclass(frozen=True)
class Files:
    """The files by the source that reads them."""

    cases: list[Path]
    rows: list[Path]

    def by_source(self) -> dict[str, list[Path]]:
        """Paths by the name of their source."""
        return {"trajectory": self.cases, "trajectory-csv": self.rows}

    def shared(self) -> list[Path]:
        """The JSON files whose cases are in the CSV too."""
        return [path for path in self.cases if path.name.startswith(SHARED)]


def find() -> Files:
    """The files of the folder that the environment names; raises NoData when it names none, or one without them."""
    named = os.environ.get(VARIABLE)
    if not named:
        raise NoData(f"{VARIABLE} is not set: it names the folder of the published case trajectories (with json/*.json and csv/*.csv), or the folder above")
    root = Path(named) / FOLDER if (Path(named) / FOLDER).is_dir() else Path(named)
    files = Files(sorted(root.glob("json/*.json")), sorted(root.glob("csv/*.csv")))
    if not files.cases or not files.rows:
        raise NoData(f"{VARIABLE} names a folder without json/*.json and csv/*.csv")
    return files
