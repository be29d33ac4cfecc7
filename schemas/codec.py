"""Values in Confluent wire format: a zero byte, the schema's id in four bytes, the Avro body."""

from __future__ import annotations

import struct
from collections.abc import Mapping
from io import BytesIO
from typing import Any, Protocol

import fastavro
from pydantic import BaseModel

from schemas.avro import pack, parsed, plain, schema_of, unpack

_HEADER = struct.Struct(">BI")


class Schemas(Protocol):
    """What the codec asks of a registry."""

    def lookup(self, subject: str, schema: dict[str, Any]) -> int:
        """The id of a schema that was registered under a subject."""

    def by_id(self, number: int) -> dict[str, Any]:
        """The schema of an id."""


class Undecodable(ValueError):
    """Bytes that are not a value of the bus; the message says why and holds none of them."""


class Codec:
    """Encodes and decodes values; asks the registry once for each topic it writes and each id it reads."""

    def __init__(self, registry: Schemas, models: Mapping[str, type[BaseModel]], namespace: str = "") -> None:
        """Take a registry, the models by name, and the prefix of topics."""
        self._registry = registry
        self._models = models
        self._namespace = namespace
        self._headers: dict[tuple[str, type[BaseModel]], bytes] = {}
        self._readers: dict[int, tuple[type[BaseModel], Any | None]] = {}

    def encode(self, topic: str, value: BaseModel) -> bytes:
        """The bytes of a value for a topic (its name without the prefix)."""
        model = type(value)
        if (topic, model) not in self._headers:
            number = self._registry.lookup(f"{self._namespace}{topic}-value", schema_of(model))
            self._headers[topic, model] = _HEADER.pack(0, number)
        return self._headers[topic, model] + pack(value)

    def decode(self, data: bytes) -> BaseModel:
        """The value of some bytes, through the schema they were written with; raises Undecodable when they are no value of the bus."""
        if len(data) < _HEADER.size or data[0] != 0:
            raise Undecodable("not in Confluent wire format")
        number = _HEADER.unpack_from(data)[1]
        if number not in self._readers:
            self._readers[number] = self._reader(number)
        model, writer = self._readers[number]
        try:
            if writer is None:
                return unpack(model, data[_HEADER.size :])
            return model.model_validate(fastavro.schemaless_reader(BytesIO(data[_HEADER.size :]), writer, parsed(model)))
        except (ValueError, EOFError, IndexError, TypeError, KeyError, fastavro.schema.SchemaParseException) as error:
            raise Undecodable(f"not a {model.__name__} under schema {number}: {type(error).__name__}") from None

    def _reader(self, number: int) -> tuple[type[BaseModel], Any | None]:
        schema = plain(self._registry.by_id(number))
        model = self._models.get(schema["name"])
        if model is None:
            raise Undecodable(f"schema {number} is of {schema['name']}, which is no model of this version")
        ours = plain(schema_of(model))
        return model, None if schema == ours else fastavro.parse_schema(schema)
