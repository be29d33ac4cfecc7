"""The same records linked by ours, one after another, and by Splink in one batch; both without labels, judged by the truth."""

from __future__ import annotations

import csv
import json
import subprocess
import time
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple

from deploy.cli.output import progress
from deploy.linkage.measure import inside
from deploy.simulation.linkage.people import people, shuffled
from deploy.simulation.linkage.written import FIELDS, Written
from schemas.models.identity import Link
from schemas.tokens import Keys
from streams.identity.opened import Opened
from streams.identity.spec import shipped as spec
from streams.normalise.names import reading
from tests.bench.linkage.ours import Path3
from tests.bench.linkage.told import mention
from tests.bench.peers import python

_SPLINK = Path(__file__).parent / "splink_peer.py"
_BATCH = 500


class Both(NamedTuple):
    """What was found, as a document and as a table."""

    found: dict[str, Any]
    title: str
    columns: tuple[str, ...]
    rows: list[tuple[str, ...]]


def beside(number: int, folder: Path | None) -> Both:
    """Link the records of so many people with both; raises InstallFailed of the peers when Splink cannot be installed."""
    records = list(shuffled(people(number, 13), 13))
    true = _pairs(_grouped({one.record: one.person for one in records}))
    with TemporaryDirectory(dir=folder) as made:
        found = {"ours": _ours(records, Path(made)), "Splink": _splink(records, Path(made))}
    rows: list[tuple[str, ...]] = []
    answer: dict[str, dict[str, float]] = {}
    for name, (seconds, of) in found.items():
        pairs = _pairs(_grouped(of))
        precision, recall = len(pairs & true) / max(1, len(pairs)), len(pairs & true) / len(true)
        answer[name] = {"seconds": seconds, "records": len(records), "precision": precision, "recall": recall, "f1": 2 * precision * recall / (precision + recall)}
        rows.append((name, f"{len(records):,}", f"{seconds:.1f}", f"{len(records) / seconds:,.0f}", f"{precision:.5f}", f"{recall:.4f}", f"{answer[name]['f1']:.4f}"))
    return Both(answer, f"The same records of {number:,} people", ("", "records", "seconds", "records/s", "precision", "recall", "F1"), rows)


def _ours(records: list[Written], folder: Path) -> tuple[float, dict[str, str]]:
    progress("ours, one record after another in small batches, on stores")
    opened = Opened(spec("people"), Keys(b"the secret of the bench, of no use elsewhere"))
    path = Path3(folder, opened)
    person: dict[str, str] = {}
    mentions = [mention(opened.keys, record, number) for number, record in enumerate(records)]
    began = time.perf_counter()
    for start in range(0, len(mentions), _BATCH):
        for emit in path.link(mentions[start : start + _BATCH]):
            if isinstance(emit.value, Link) and emit.value.retracted:
                person.pop(emit.key, None)
            elif isinstance(emit.value, Link):
                person[emit.key] = emit.value.person
    took = time.perf_counter() - began
    path.close()
    return took, {record.record: person.get(one.alias, one.alias) for record, one in zip(records, mentions, strict=True)}


def _splink(records: list[Written], folder: Path) -> tuple[float, dict[str, str]]:
    progress("Splink, in one batch, on all cores")
    source, out = folder / "records.csv", folder / "out.json"
    with source.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, ["unique_id", *FIELDS, "sound"])
        writer.writeheader()
        writer.writerows({"unique_id": one.record, "sound": reading(one.says["name"]) if "name" in one.says else "", **one.says} for one in records)
    subprocess.run([str(python("linkage")), str(_SPLINK), str(source), str(out)], check=True)
    answer = json.loads(out.read_text("utf-8"))
    return float(answer["seconds"]), dict(answer["cluster"])


def _grouped(of: dict[str, str]) -> list[list[str]]:
    groups: dict[str, list[str]] = {}
    for record, person in of.items():
        groups.setdefault(person, []).append(record)
    return list(groups.values())


def _pairs(groups: list[list[str]]) -> set[tuple[str, str]]:
    return inside(groups)
