"""Whom a raw message is sealed for is whom normalise will find in it."""

from __future__ import annotations

import json

import pytest

from connectors import registry
from connectors.envelope import Item, envelopes
from schemas.models.raw import Raw
from schemas.models.record import Record
from streams.normalise.interpret import Interpreter
from streams.normalise.whose import persons
from tests.oracle.facts import body
from tests.streams.trial import KEYS

SOURCES = registry.sources()
READ = persons(SOURCES, KEYS)
EXAMPLES = [
    pytest.param(name, raw, id=f"{name} {number}")
    for name, source in SOURCES.items()
    for number, example in enumerate(source.examples)
    for raw in envelopes(source, Item(body(example.given)), KEYS)
]


@pytest.mark.parametrize(("name", "raw"), EXAMPLES)
def test_every_source(name: str, raw: Raw) -> None:
    """For each shipped example, everybody of whom anything is sealed afterwards is among them, and nobody else but who has a handle."""
    source = SOURCES[name]
    fields = dict(raw.fields) if raw.fields is not None else json.loads(raw.body)
    facts, _ = Interpreter(source, KEYS)(fields, raw.record, raw.version)
    told = [emit.value for emit in facts if isinstance(emit.value, Record)]
    assert {one.alias for one in told if one.sealed} <= set(READ(raw))
    if told:
        assert set(READ(raw)) <= {one.alias for one in told}


@pytest.mark.parametrize("raw", [
    Raw(source="nowhere", record="1" * 32, version=1, digest="2" * 32, body=b"{}", received_at=0),
    Raw(source="scan-code", record="1" * 32, version=1, digest="2" * 32, body=b"\xff", received_at=0),
    Raw(source="scan-code", record="1" * 32, version=1, digest="2" * 32, body=b"{}", received_at=0),
], ids=["source", "bytes", "nobody"])  # fmt: skip
def test_nobody(raw: Raw) -> None:
    """Of an unknown source, of bytes that are no record, and of a record that names nobody, nobody is read."""
    assert list(READ(raw)) == []


def test_a_wrong_record_has_its_persons() -> None:
    """A record that will be refused for something else is sealed for the person in it all the same."""
    given = dict(SOURCES["scan-code"].examples[0].given) | {"scanned_at": "no time"}
    (raw,) = envelopes(SOURCES["scan-code"], Item(body(given)), KEYS)
    assert Interpreter(SOURCES["scan-code"], KEYS)(given, raw.record, 1)[0] == []
    assert len(READ(raw)) == 1
