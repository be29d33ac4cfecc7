"""The invented people as a CSV file that `lianfang identity --spec people` reads: what each record says, who it truly is of, and what is wrong in it."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

from deploy.simulation.linkage.written import FIELDS, Written

COLUMNS = ("record", "source", *FIELDS, "person", "errors")


def save(records: Iterable[Written], path: Path) -> Counter[str]:
    """Write records to a file, which is made or replaced, one after another; what was written, counted: records, people, and each kind of error."""
    counts: Counter[str] = Counter()
    last = ""
    with path.open("w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file, lineterminator="\n")
        rows.writerow(COLUMNS)
        for one in records:
            rows.writerow((one.record, one.source, *(one.says.get(field, "") for field in FIELDS), one.person, " ".join(one.errors)))
            counts.update(("records", *one.errors) if one.person == last else ("records", "people", *one.errors))
            last = one.person
    return counts
