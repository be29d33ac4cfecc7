"""Writing an outbreak to files, one for each source in the form in which it really comes, and the truth."""

from __future__ import annotations

import csv
import io
import json
import struct
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from deploy.simulation.outbreak import START, Outbreak, simulate
from deploy.simulation.records import Fields
from deploy.simulation.truth import Truth

_BLOCK = 65_535


@dataclass(frozen=True, slots=True)
class Form:
    """What a source's file is called and looks like."""

    file: str
    says: str
    pack: Callable[[list[Fields]], bytes]


def lines(records: list[Fields]) -> bytes:
    """One JSON object a line."""
    return "".join(json.dumps(one, ensure_ascii=False) + "\n" for one in records).encode()


def array(records: list[Fields]) -> bytes:
    """A JSON array over many lines."""
    return (json.dumps(records, ensure_ascii=False, indent=1) + "\n").encode()


def rows(encoding: str, delimiter: str = ",") -> Callable[[list[Fields]], bytes]:
    """CSV; without records there is no header either."""

    def pack(records: list[Fields]) -> bytes:
        text = io.StringIO()
        writer = csv.DictWriter(text, list(records[0]) if records else [], delimiter=delimiter, lineterminator="\r\n")
        if records:
            writer.writeheader()
        writer.writerows(records)
        return text.getvalue().encode(encoding)

    return pack


def stored(data: bytes) -> bytes:
    """A gzip file (RFC 1952) of stored blocks: what zlib makes when it compresses differs from version to version, and files must be equal on every machine."""
    head = b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\xff"
    return head + b"".join(_blocks(data)) + struct.pack("<II", zlib.crc32(data), len(data) & 0xFFFFFFFF)


def _blocks(data: bytes) -> Iterator[bytes]:
    starts = range(0, max(1, len(data)), _BLOCK)
    for start in starts:
        piece = data[start : start + _BLOCK]
        yield struct.pack("<BHH", start == starts[-1], len(piece), len(piece) ^ 0xFFFF) + piece


FORMS: dict[str, Form] = {
    "scan-code": Form("scan-code.jsonl", "JSON Lines", lines),
    "clinic-visit": Form("clinic-visit.csv", "CSV, GB18030", rows("gb18030")),
    "lab-result": Form("lab-result.json", "JSON array", array),
    "household": Form("household.csv", "CSV, UTF-8 with mark", rows("utf-8-sig")),
    "entry-exit": Form("entry-exit.csv", "CSV with semicolons", rows("utf-8", ";")),
    "clockin": Form("clockin.jsonl.gz", "JSON Lines, gzip", lambda records: stored(lines(records))),
    "travel": Form("travel.csv", "CSV with tabs, UTF-16", lambda records: b"\xff\xfe" + rows("utf-16-le", "\t")(records) if records else b""),
    "border-crossing": Form("border-crossing.csv", "CSV with bars", rows("utf-8", "|")),
}
"""By source."""


def write(folder: Path, *, seed: int = 1, people: int = 400, days: int = 21, start: date = START) -> dict[str, Path]:
    """Simulate and save; raises ValueError as `simulate` does. Returns where each source's file is."""
    return save(simulate(seed, people, days, start), folder)


def save(outbreak: Outbreak, folder: Path) -> dict[str, Path]:
    """Write all files, and `truth.json`; files of the same names are replaced, each at once. Returns where each source's file is."""
    folder.mkdir(parents=True, exist_ok=True)
    for source, form in FORMS.items():
        _replace(folder / form.file, form.pack(outbreak.records[source]))
    _replace(folder / "truth.json", _truth(outbreak.truth))
    return {source: folder / form.file for source, form in FORMS.items()}


def _truth(truth: Truth) -> bytes:
    """JSON with one line for each item of its lists."""
    parts = [f"{json.dumps(name)}: {_lines(value)}" for name, value in truth.model_dump(mode="json").items()]
    return ("{\n" + ",\n".join(parts) + "\n}\n").encode()


def _lines(value: Any) -> str:
    items = [json.dumps(item, ensure_ascii=False) for item in value] if isinstance(value, list) else []
    return "[\n  " + ",\n  ".join(items) + "\n ]" if items else json.dumps(value)


def _replace(path: Path, data: bytes) -> None:
    """Under another name first, so that whoever watches the folder sees only what is complete."""
    part = path.with_name(path.name + ".part")
    part.write_bytes(data)
    part.replace(path)
