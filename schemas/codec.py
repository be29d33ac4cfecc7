"""Values in Confluent wire format: a zero byte, the schema's id in four bytes, the Avro body."""

from __future__ import annotations

import struct
from collections.abc import Mapping
from typing import Any, Protocol

import fastavro
from pydantic import BaseModel

from schemas.avro import NAMESPACE, pack, plain, schema_of, unpack
from schemas.topics import model_of

_HEADER = struct.Struct(">BI")


class Schemas(Protocol):
    """What the codec asks of a registry."""

    def lookup(self, subject: str, schema: dict[str, Any]) -> int:
        """The id of a schema that was registered under a subject."""

    def by_id(self, number: int) -> Any:
        """The Avro schema of an id, or None when there is none."""


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

    def prepare(self, topic: str, model: type[BaseModel]) -> bytes:
        """Ask for the id of a topic's schema now, so that `encode` need not; returns the header of its values. Raises what the registry raises."""
        if (topic, model) not in self._headers:
            number = self._registry.lookup(f"{self._namespace}{topic}-value", schema_of(model))
            self._headers[topic, model] = _HEADER.pack(0, number)
        return self._headers[topic, model]

    def encode(self, topic: str, value: BaseModel) -> bytes:
        """The bytes of a value for a topic (its name without the prefix)."""
        return self.prepare(topic, type(value)) + pack(value)

    def decode(self, data: bytes, topic: str | None = None) -> BaseModel:
        """The value of some bytes, through the schema they were written with; raises Undecodable when they are no value of the bus.

        With a topic (its name without the prefix), also when they are a value of another topic.
        """
        if len(data) < _HEADER.size or data[0] != 0:
            raise Undecodable("not in Confluent wire format")
        number = _HEADER.unpack_from(data)[1]
        if number not in self._readers:
            self._readers[number] = self._reader(number)
        model, writer = self._readers[number]
        if topic is not None and model is not model_of(topic):
            raise Undecodable(f"a {model.__name__}, which does not belong on {topic}")
        try:
            return unpack(model, data[_HEADER.size :], writer)
        except (ValueError, EOFError, IndexError, TypeError, KeyError, OverflowError, fastavro.schema.SchemaParseException) as error:
            raise Undecodable(f"not a {model.__name__} under schema {number}: {type(error).__name__}") from None

    def _reader(self, number: int) -> tuple[type[BaseModel], Any | None]:
        """The model of a schema, and the schema when it is not the model's own; an unknown id is asked again next time, for a registry may lag."""
        found = self._registry.by_id(number)
        if not isinstance(found, dict) or found.get("namespace") != NAMESPACE:
            raise Undecodable(f"schema {number} is none of the bus")
        schema = plain(found)
        model = self._models.get(schema["name"])
        if model is None:
            raise Undecodable(f"schema {number} is of {schema['name']}, which is no model of this version")
        return model, None if schema == plain(schema_of(model)) else _parsed(number, schema)


def _parsed(number: int, schema: Any) -> Any:
    try:
        return fastavro.parse_schema(schema)
    except (ValueError, TypeError, KeyError, fastavro.schema.SchemaParseException, fastavro.schema.UnknownType) as error:
        raise Undecodable(f"schema {number} cannot be read: {type(error).__name__}") from None
