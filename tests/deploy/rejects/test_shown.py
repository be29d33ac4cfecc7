"""What is shown of a refused record to anybody."""

from __future__ import annotations

import json

import pytest

from connectors.registry import sources
from deploy.rejects.shown import as_text, changed, covered, fields_of, wrong_in
from tests.deploy.rejects.pieces import FIELDS, SCAN, raw, reject

SOURCES = sources()
PERSONS = ("杨", "李", "罗", "王", "阿依", "13900000001", "530624198001010010", "ox-")


def test_names_nobody() -> None:
    """Persons' fields are masked, what stands in a wrong field too, of anything else the first sign is left; codes and times that are good are shown."""
    shown = covered(SCAN, FIELDS, wrong_in(reject(raw())))
    assert shown == {
        "scan_no": "S**", "revision": "*" * 0 + "1", "openid": "o***", "phone": "139****0001", "name": "杨**", "id_no": "530624********0010", "place_code": "李**",
        "region": "530624100001", "direction": "进", "scanned_at": "2020-01-22T09:30:00+08:00", "companions": "…", "remark": "杨****",
    }  # fmt: skip


@pytest.mark.parametrize("name", SOURCES)
def test_no_source_shows_a_person(name: str) -> None:
    """Of no example of any source is a name, phone, document, account or address shown whole."""
    source = SOURCES[name]
    maps = source.subject.model_dump(include={"name", "phone", "document", "account", "patient", "address", "household"})
    for example in source.examples:
        shown = covered(source, example.given, ())
        for path in filter(None, maps.values()):
            said = str(example.given.get(path, ""))
            assert len(said) < 2 or shown[path] != said, (name, path)


def test_bytes() -> None:
    """Bytes are shown as text in UTF-8 or GB18030 whatever they are, and those that hold no fields give none."""
    assert fields_of(raw(b"{")) is None
    assert json.loads(as_text(raw()))["name"] == "杨测试"
    assert as_text(raw().model_copy(update={"body": "杨测试".encode("gb18030")})) == "杨测试"
    assert as_text(raw().model_copy(update={"body": b"\xff\xff"})) == "\\xff\\xff"
    assert changed(None, {"a": 1}) == ["a"]
    assert changed({"a": 1, "b": 2, "c": 3}, {"a": 1, "b": 3, "d": 4}) == ["b", "c", "d"]
