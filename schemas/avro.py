"""Avro schemas from models, and the bytes of a value without any header.

`schema_of` is what is registered; `pack` and `unpack` use the same schema with logical types left out, so that moments stay plain integers.
Every enum has the further symbol `unknown` as its default, so that a word can be added and old readers go on (deploy/decisions/005).
"""

from __future__ import annotations

import types
from collections.abc import Callable
from enum import Enum
from functools import cache
from io import BytesIO
from typing import Annotated, Any, TypeVar, Union, get_args, get_origin

import fastavro
from pydantic import BaseModel
from pydantic.fields import FieldInfo

from schemas.models.fact import LogicalType
from schemas.trusted import Checked, form_of

NAMESPACE = "org.lianfang"
UNKNOWN = "unknown"
"""What a reader gets for a word that came after its schema. The bus never writes it, and its models do not take it."""
M = TypeVar("M", bound=BaseModel)
Schema = dict[str, Any]
_PLAIN = {str: "string", int: "long", float: "double", bool: "boolean", bytes: "bytes"}


def schema_of(model: type[BaseModel]) -> Schema:
    """The Avro schema of a model: field descriptions become docs, optional fields unions with null first.

    Raises TypeError naming the field when a type has no Avro form here.
    """
    return _record(model, set())


def _record(model: type[BaseModel], named: set[str]) -> Schema:
    named.add(model.__name__)
    fields = [_field(model, name, info, named) for name, info in model.model_fields.items()]
    return {"type": "record", "name": model.__name__, "namespace": NAMESPACE, "doc": (model.__doc__ or "").strip(), "fields": fields}


def _field(model: type[BaseModel], name: str, info: FieldInfo, named: set[str]) -> Schema:
    logical = next((item for item in info.metadata if isinstance(item, LogicalType)), None)
    try:
        kind = _type(info.annotation, logical, named)
    except TypeError as error:
        raise TypeError(f"{model.__name__}.{name}: {error}") from error
    field: Schema = {"name": name, "type": kind, "doc": info.description or ""}
    if not info.is_required():
        field["default"] = _default(info.get_default(call_default_factory=True, validated_data={}))
    return field


def _type(kind: Any, logical: str | None, named: set[str]) -> Any:
    if get_origin(kind) is Annotated:
        inner, *notes = get_args(kind)
        return _type(inner, next((note for note in notes if isinstance(note, LogicalType)), logical), named)
    if get_origin(kind) in (Union, types.UnionType):
        (inner,) = [part for part in get_args(kind) if part is not type(None)]
        return ["null", _type(inner, logical, named)]
    if get_origin(kind) is list:
        return {"type": "array", "items": _type(get_args(kind)[0], logical, named)}
    if get_origin(kind) is dict and get_args(kind)[0] is str:
        return {"type": "map", "values": _type(get_args(kind)[1], logical, named)}
    if kind in _PLAIN:
        return {"type": _PLAIN[kind], "logicalType": str(logical)} if logical else _PLAIN[kind]
    if isinstance(kind, type) and kind.__name__ in named:
        return f"{NAMESPACE}.{kind.__name__}"
    if isinstance(kind, type) and issubclass(kind, Enum):
        named.add(kind.__name__)
        return _enum(kind)
    if isinstance(kind, type) and issubclass(kind, BaseModel):
        return _record(kind, named)
    raise TypeError(f"{kind} has no Avro form")


def _enum(kind: type[Enum]) -> Schema:
    """`unknown` stands first, so that the place of a word does not move when one is added at the end."""
    words = [item.value for item in kind]
    if UNKNOWN in words:
        raise TypeError(f"{kind.__name__} has the word {UNKNOWN}, which is kept for words that came later")
    doc = f"{kind.__doc__ or ''} `{UNKNOWN}` stands for a word that came later."
    return {"type": "enum", "name": kind.__name__, "namespace": NAMESPACE, "doc": doc, "symbols": [UNKNOWN, *words], "default": UNKNOWN}


def _default(value: Any) -> Any:
    return value.decode("latin-1") if isinstance(value, bytes) else value


def plain(schema: Any) -> Any:
    """The same schema without logical types and docs: the bytes are the same, and moments are read as integers."""
    if isinstance(schema, dict):
        if set(schema) == {"type", "logicalType"}:
            return schema["type"]
        return {key: plain(value) for key, value in schema.items() if key not in ("logicalType", "doc")}
    return [plain(part) for part in schema] if isinstance(schema, list) else schema


@cache
def parsed(model: type[BaseModel]) -> Any:
    """The schema that `pack` and `unpack` use, parsed once."""
    return fastavro.parse_schema(plain(schema_of(model)))


@cache
def _ways(model: type[BaseModel]) -> tuple[Any, Callable[[dict[str, Any]], Any], Callable[[Any], dict[str, Any]]]:
    """The parsed schema of a model, how a value is made of what is read with it, and what is written of a value."""
    try:
        load, dump = form_of(model)
    except Checked:
        load = dump = None
    return parsed(model), load or model.model_validate, dump or model.model_dump


def pack(value: BaseModel) -> bytes:
    """The Avro body of a value."""
    schema, _, dump = _ways(type(value))
    buffer = BytesIO()
    fastavro.schemaless_writer(buffer, schema, dump(value))
    return buffer.getvalue()


def unpack(model: type[M], data: bytes, writer: Any = None) -> M:
    """The value of a body that `pack` made, or that was written with another parsed schema, the `writer`.

    Raises an error of fastavro or pydantic when the bytes are others, and ValueError when more bytes follow than belong to the value.
    """
    schema, load, _ = _ways(model)
    buffer = BytesIO(data)
    found = fastavro.schemaless_reader(buffer, writer or schema, schema if writer else None)
    if buffer.tell() != len(data):
        raise ValueError("more bytes than the value")
    try:
        value: M = model.model_validate(found) if writer else load(found)
    except KeyError:
        # A word that the enum has not: pydantic refuses it, and names the field.
        return model.model_validate(found)
    return value
