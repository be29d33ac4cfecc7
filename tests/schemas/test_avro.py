"""Avro schemas from models, and values to bytes and back."""

from __future__ import annotations

from enum import StrEnum

import fastavro
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import BaseModel, Field

from deploy.docs.models import parts
from schemas.avro import NAMESPACE, UNKNOWN, pack, plain, schema_of, unpack
from schemas.models.record import Direction, Scan
from schemas.topics import MODELS
from tests.schemas.strategies import values


@pytest.mark.parametrize("name", MODELS)
def test_schema_is_avro(name: str) -> None:
    """Every model has a schema that fastavro reads, with its own name in our namespace."""
    assert fastavro.schema.fullname(fastavro.parse_schema(schema_of(MODELS[name]))) == f"{NAMESPACE}.{name}"


@pytest.mark.parametrize("name", MODELS)
def test_everything_is_described(name: str) -> None:
    """Every record, enum and field of a schema says what it means."""
    for part in parts(schema_of(MODELS[name])):
        assert part["doc"].endswith("."), part["name"]
        assert [field["name"] for field in part.get("fields", []) if not field["doc"].endswith(".")] == []


@pytest.mark.parametrize("name", MODELS)
@settings(max_examples=30, deadline=None)
@given(data=st.data())
def test_round_trip(name: str, data: st.DataObject) -> None:
    """What is packed is unpacked as it was, whatever the fields hold."""
    value = data.draw(values(MODELS[name]))
    assert unpack(MODELS[name], pack(value)) == value


@settings(max_examples=30, deadline=None)
@given(value=values(Scan), more=st.binary(min_size=1, max_size=3))
def test_bytes_after_the_value_are_refused(value: Scan, more: bytes) -> None:
    """Bytes that go on after the value are no value."""
    with pytest.raises(ValueError, match="more bytes"):
        unpack(Scan, pack(value) + more)


def test_every_enum_can_grow() -> None:
    """Each enum begins with `unknown`, its default, and then has the words in their order."""
    enums = {part["name"]: part for model in MODELS.values() for part in parts(schema_of(model)) if part["type"] == "enum"}
    assert enums["Direction"]["symbols"] == [UNKNOWN, *Direction]
    assert all(enum["default"] == enum["symbols"][0] == UNKNOWN for enum in enums.values())


def test_enum_with_unknown_is_refused() -> None:
    """A vocabulary cannot have the word that is kept for words that came later."""

    class Odd(StrEnum):
        """Odd."""

        NOT_KNOWN = "unknown"

    class Holder(BaseModel):
        """Holds one."""

        odd: Odd = Field(description="One.")

    with pytest.raises(TypeError, match=r"Holder\.odd: Odd has the word unknown"):
        schema_of(Holder)


def test_type_without_avro_form_is_named() -> None:
    """The error of a field that Avro cannot hold names model and field."""

    class Holder(BaseModel):
        """Holds a set."""

        things: set[str] = Field(description="Things.")

    with pytest.raises(TypeError, match=r"Holder\.things"):
        schema_of(Holder)


def test_optional_fields_and_units() -> None:
    """An optional field is a union with null first and a default; a moment says its unit; the plain schema has neither units nor docs."""
    fields = {field["name"]: field for field in schema_of(Scan)["fields"]}
    assert fields["region"]["type"] == ["null", "string"]
    assert fields["region"]["default"] is None
    assert fields["at"]["type"] == {"type": "long", "logicalType": "timestamp-millis"}
    assert "default" not in fields["place"]
    bare = {field["name"]: field for field in plain(schema_of(Scan))["fields"]}
    assert bare["at"] == {"name": "at", "type": "long"}
