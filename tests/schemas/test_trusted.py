"""Values made without pydantic are those that pydantic makes, and bytes that it would refuse are refused."""

from __future__ import annotations

import copy
import pickle
import re
from collections.abc import Callable
from enum import Enum
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import BaseModel, ValidationError

from schemas.avro import UNKNOWN, pack, parsed, unpack
from schemas.models.case import LinkedCase
from schemas.models.fact import Fact
from schemas.models.record import Clockin
from schemas.topics import MODELS
from schemas.trusted import form_of
from tests.schemas.plainly import body_of, validated
from tests.schemas.strategies import values


def outcome(read: Callable[[], BaseModel]) -> object:
    """The value, or the error's type and text without addresses. The value as its repr, for NaN is not equal to itself."""
    try:
        return repr(read())
    except Exception as error:  # noqa: BLE001 - which error it is, is what is compared
        return type(error), re.sub("0x[0-9a-f]+", "", str(error))


@pytest.mark.parametrize("name", MODELS)
@settings(max_examples=12, deadline=None)
@given(data=st.data())
def test_a_read_value_is_as_a_validated_one(name: str, data: st.DataObject) -> None:
    """In content, order of fields, fields that were given, JSON, copies, pickle and id nothing tells the two apart."""
    body = pack(data.draw(values(MODELS[name])))
    read, plain = unpack(MODELS[name], body), validated(MODELS[name], body)
    assert read == plain
    assert repr(read) == repr(plain)
    assert read.model_fields_set == plain.model_fields_set
    assert read.model_dump(exclude_unset=True) == plain.model_dump()
    assert read.model_dump_json(exclude_defaults=True) == plain.model_dump_json(exclude_defaults=True)
    assert read.__getstate__() == plain.__getstate__()
    assert read.model_copy(deep=True) == copy.copy(read) == pickle.loads(pickle.dumps(read)) == plain
    if isinstance(read, Fact) and isinstance(plain, Fact):
        assert read.identity() == plain.identity()


@pytest.mark.parametrize("name", MODELS)
@settings(max_examples=12, deadline=None)
@given(data=st.data())
def test_bytes_are_those_of_the_dumped_value(name: str, data: st.DataObject) -> None:
    """What is written without pydantic is what fastavro writes of pydantic's dump."""
    value = data.draw(values(MODELS[name]))
    assert pack(value) == body_of(MODELS[name], value.model_dump())


@pytest.mark.parametrize("name", MODELS)
@settings(max_examples=25, deadline=None)
@given(data=st.data())
def test_damage_has_the_same_outcome(name: str, data: st.DataObject) -> None:
    """Bytes that were changed, cut short or continued are the same value or the same error, word for word."""
    body = bytearray(pack(data.draw(values(MODELS[name]))))
    for place in data.draw(st.lists(st.integers(0, len(body) - 1), max_size=3)):
        body[place] = data.draw(st.integers(0, 255))
    wrong = bytes(body[: data.draw(st.integers(0, len(body)))]) if data.draw(st.booleans()) else bytes(body) + data.draw(st.binary(max_size=2))
    assert outcome(lambda: unpack(MODELS[name], wrong)) == outcome(lambda: validated(MODELS[name], wrong))


def words(model: type[BaseModel]) -> list[str]:
    """The fields that hold one word of an enum."""
    return [name for name, info in model.model_fields.items() if isinstance(info.annotation, type) and issubclass(info.annotation, Enum)]


@pytest.mark.parametrize(("name", "field"), [(name, field) for name, model in MODELS.items() for field in words(model)])
@settings(max_examples=10, deadline=None)
@given(data=st.data())
def test_unknown_words_are_refused(name: str, field: str, data: st.DataObject) -> None:
    """The word that stands for later ones is in the schema and in no model: pydantic's error names the field and no value."""
    content = data.draw(values(MODELS[name])).model_dump() | {field: UNKNOWN}
    body = body_of(MODELS[name], content)
    with pytest.raises(ValidationError, match=field) as caught:
        unpack(MODELS[name], body)
    assert outcome(lambda: unpack(MODELS[name], body)) == (ValidationError, str(caught.value)) == outcome(lambda: validated(MODELS[name], body))


ENTRY = {"at": 1, "until": 1, "what": "onset", "source": "", "evidence": "e"}
CASE = {"id": "i", "at": 1, "person": "p", "roles": ["case"], "aliases": [], "concerns": [], "timeline": [ENTRY, ENTRY], "contacts": [], "contact_of": []}


@pytest.mark.parametrize(("change", "place"), [
    ({"roles": ["case", UNKNOWN]}, "roles.1"), ({"status": UNKNOWN}, "status"), ({"timeline": [ENTRY, ENTRY | {"what": UNKNOWN}]}, "timeline.1.what"),
    ({"concerns": [{"region": "53", "why": UNKNOWN}]}, "concerns.0.why"),
])  # fmt: skip
def test_unknown_words_inside_are_refused(change: dict[str, Any], place: str) -> None:
    """The same for words in lists, in optional fields and in models inside, whatever was read before them."""
    body = body_of(LinkedCase, CASE | change)
    with pytest.raises(ValidationError, match=place):
        unpack(LinkedCase, body)
    assert outcome(lambda: unpack(LinkedCase, body)) == outcome(lambda: validated(LinkedCase, body))


def test_another_writer_is_validated() -> None:
    """Under a schema that is not the model's, what Avro puts in place of a missing field or narrower number becomes what the model has."""
    schema = copy.deepcopy(parsed(Clockin))
    schema["fields"] = [
        field | ({"type": ["null", "long"]} if field["name"] == "temperature" else {}) for field in schema["fields"] if field["name"] != "sealed"
    ]
    content = {"id": "i", "retracted": False, "causes": [], "at": 1, "source": "s", "record": "r", "alias": "a", "temperature": 37, "symptoms": []}
    found = unpack(Clockin, body_of(Clockin, content, schema), schema)
    assert (type(found.temperature), found.temperature) == (float, 37.0)
    assert found.sealed == b""


def test_values_share_nothing() -> None:
    """A copy with another field, or a value read from the same bytes, leaves the first as it was."""
    body = body_of(LinkedCase, CASE)
    one, other = unpack(LinkedCase, body), unpack(LinkedCase, body)
    other.model_fields_set.clear()
    other.roles.clear()
    one.taken_back().model_fields_set.clear()
    assert one == validated(LinkedCase, body)
    assert one.model_fields_set == set(LinkedCase.model_fields)


@pytest.mark.parametrize("name", MODELS)
def test_no_model_of_the_bus_is_checked(name: str) -> None:
    """Every model of a topic asks no more than its types, so all are read and written the short way."""
    assert form_of(MODELS[name]).load
