"""Collections of hard input inside good records of every source, to the end of the path. LIANFANG_REALDATA names their folder; they are no part of the project."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest

from connectors.envelope import Item, envelopes
from connectors.transports import files
from connectors.transports.documents import objects
from schemas.models.raw import Raw
from schemas.source import Source
from tests.connectors.transports.test_corpora import corpus
from tests.fuzz.path import Became, through
from tests.fuzz.run import good
from tests.properties import bus

TWICE = {"y_object_duplicated_key.json", "y_object_duplicated_key_and_value.json"}
"""Files with a key that stands twice in one object: parsers keep one of the values, or the other, so we refuse it (RFC 7493, I-JSON)."""
SCAN = next(document for name, document in good() if name == "scan-code")


def _within(inner: bytes, number: int) -> bytes:
    """A good scan in which some text stands as the value of one more field."""
    return json.dumps(SCAN | {"scan_no": f"S-{number}"}, ensure_ascii=False).encode()[:-1] + b', "more": ' + inner + b"}"


def _raws(folder: Path, body: bytes) -> list[Raw]:
    path = folder / "file.jsonl"
    path.write_bytes(body)
    source = bus.sources()["scan-code"]
    return [raw for item in objects(path) for raw in envelopes(source, item, bus.KEYS)]


def test_json_inside_a_record(tmp_path: Path) -> None:
    """What every parser must take leaves a record good, what none may take has it refused, and of what is in doubt each is one of the two."""
    paths = sorted(corpus("json-suite", "test_parsing").glob("*.json"))
    for number, path in enumerate(paths):
        raws = _raws(tmp_path, _within(path.read_bytes(), number))
        became = through(raws)
        match path.name[0]:
            case "y":
                assert (len(raws), len(became.refused)) == (1, int(path.name in TWICE)), path.name
            case "n":
                assert raws, path.name
                assert len(became.refused) == len(raws), path.name
            case _:
                assert raws, path.name
    assert len(paths) >= 300


def _naughty() -> list[str]:
    found: list[str] = json.loads((corpus("naughty-strings") / "blns.json").read_text("utf-8"))
    return found


def _documents(source: Source, strings: Iterable[str]) -> Iterable[tuple[str, dict[str, Any]]]:
    document = next(document for name, document in good() if name == source.name)
    for text in strings:
        for field in document:
            yield text, document | {field: text}


@pytest.mark.parametrize("name", bus.sources())
def test_naughty_strings_in_any_field(name: str) -> None:
    """Each string in each field of a source is accepted or rejected with a reason; what is accepted passes all stages."""
    source, strings = bus.sources()[name].model_copy(update={"split": None}), _naughty()  # its examples are single records
    raws = [raw for _, document in _documents(source, strings[::11]) for raw in envelopes(source, Item(json.dumps(document).encode()), bus.KEYS)]
    became: Became = through(raws)
    assert 0 < len(became.refused) < len(raws)


def test_csv_that_is_no_record(tmp_path: Path) -> None:
    """Each table of the collection, published as scans, is refused row by row: nothing in it identifies a scan."""
    paths = sorted(corpus("csv-spectrum", "csvs").glob("*.csv"))
    source = bus.sources()["scan-code"]
    for path in paths:
        raws = [raw for item in files.items(path, source) for raw in envelopes(source, item, bus.KEYS)]
        assert raws, path.name
        assert len(through(raws).refused) == len(raws), path.name
    assert len(paths) >= 11
