"""Hard input that others have collected. LIANFANG_REALDATA names the folder that holds the collections; they are no part of the project."""

from __future__ import annotations

import csv
import io
import json
import os
from pathlib import Path
from typing import Any

import pytest

from connectors.envelope import Item, envelopes
from connectors.transports.documents import objects
from connectors.transports.tabular import rows
from schemas.document import load
from schemas.models.raw import Raw
from tests.connectors.sample import KEYS, record, source

EMPTY = {"n_structure_no_data.json", "n_structure_UTF8_BOM_no_data.json", "n_single_space.json"}
"""Files that hold nothing: to a parser that is an error, to a folder that is watched it is nothing to publish."""
WHOLE: dict[str, list[dict[str, Any]]] = {"n_array_unclosed_with_object_inside.json": [{}]}
"""Files that are cut off behind a whole object: it is taken, and the rest refused."""
_FOLDER = os.environ.get("LIANFANG_REALDATA")


def corpus(*names: str) -> Path:
    """A folder of a collection; skips the test where it is not there."""
    path = Path(_FOLDER or "nowhere", *names)
    if not _FOLDER or not path.is_dir():
        pytest.skip("LIANFANG_REALDATA names no folder with " + "/".join(names))
    return path


def found(path: Path) -> tuple[list[dict[str, Any]], list[Raw]]:
    """The objects that are taken from a file, and what is refused."""
    raws = [raw for item in objects(path) for raw in envelopes(source(id=["always"]), item, KEYS)]
    refused = [raw for raw in raws if raw.fault and "it identifies the record" not in raw.fault]
    return [load(raw.body) for raw in raws if raw not in refused], refused


def test_json_that_must_be_taken() -> None:
    """What every parser must take is taken, where the top level is an object or an array of objects, as the value that it is (numbers as written)."""
    tried = 0
    for path in sorted(corpus("json-suite", "test_parsing").glob("y_*.json")):
        value = json.loads(path.read_bytes(), parse_int=str, parse_float=str)
        listed = value if isinstance(value, list) else [value]
        if all(isinstance(one, dict) for one in listed) and "duplicated_key" not in path.name:
            assert found(path) == (listed, []), path.name
            tried += 1
    assert tried >= 12


def test_json_that_must_be_refused() -> None:
    """What no parser may take is refused with a reason, and nothing but a whole object is taken from it."""
    paths = sorted(corpus("json-suite", "test_parsing").glob("n_*.json"))
    for path in paths:
        taken, refused = found(path)
        assert bool(refused) == (path.name not in EMPTY), path.name
        assert taken == WHOLE.get(path.name, []), path.name
    assert len(paths) >= 180


def test_json_that_is_in_doubt() -> None:
    """What parsers may take or not does not crash, and what is taken can be read again."""
    paths = sorted(corpus("json-suite", "test_parsing").glob("i_*.json")) + sorted(corpus("json-suite", "test_transform").glob("*.json"))
    for path in paths:
        taken, refused = found(path)
        assert taken or refused, path.name
    assert len(paths) >= 50


def test_csv_spectrum() -> None:
    """Each CSV gives what its JSON says."""
    folder = corpus("csv-spectrum", "csvs")
    paths = sorted(folder.glob("*.csv"))
    for path in paths:
        items = list(rows(path))
        assert not [item.fault for item in items if item.fault]
        expected = (folder.parent / "json" / f"{path.stem}.json").read_text("utf-8")
        if b"\r" not in path.read_bytes():  # copies of the collection may have lost the carriage returns that the JSON still has
            expected = expected.replace("\\r\\n", "\\n")
        assert [item.fields for item in items] == json.loads(expected), path.name
    assert len(paths) >= 11


@pytest.mark.parametrize("charset", ["utf-8", "utf-8-sig", "utf-16", "gb18030"])
def test_naughty_strings(tmp_path: Path, charset: str) -> None:
    """Strings that break programs come back as they are, through JSON and through CSV."""
    strings: list[str] = json.loads((corpus("naughty-strings") / "blns.json").read_text("utf-8"))
    records = [record(number, name=text) for number, text in enumerate(strings)]
    lines, table = tmp_path / "file.jsonl", tmp_path / "file.csv"
    lines.write_bytes("\n".join(json.dumps(one, ensure_ascii=False) for one in records).encode(charset))
    assert [load(item.body)["name"] for item in objects(lines)] == strings
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, list(records[0]))
    writer.writeheader()
    writer.writerows(records)
    table.write_bytes(text.getvalue().encode(charset))
    assert [(item.fault, item.fields and item.fields["name"]) for item in rows(table)] == [(None, text) for text in strings]


def test_naughty_strings_over_the_wire() -> None:
    """They also pass the envelope, and none of them becomes part of a reason."""
    strings: list[str] = json.loads((corpus("naughty-strings") / "blns.json").read_text("utf-8"))
    for text in strings:
        for field in ("no", "revision", "state", "name"):
            (raw,) = envelopes(source(), Item(json.dumps(record(1) | {field: text}, ensure_ascii=False).encode()), KEYS)
            assert raw.fault is None or len(text) < 4 or text not in raw.fault
