"""Values in Confluent wire format: a zero byte, the schema's id in four bytes, the Avro body."""

from __future__ import annotations

import struct
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter
from typing import Any, Protocol

import fastavro
from pydantic import BaseModel

from schemas.avro import NAMESPACE, pack, plain, schema_of, unpack
from schemas.topics import model_of

_HEADER = struct.Struct(">BI")
_UNKNOWN_SECONDS = 2.0
"""Seconds for which a header that could not be read is not asked about again: garbage must not cost a question each, and a registry that lags soon knows it."""
_UNKNOWN_MOST = 1_000
_UNREADABLE = (ValueError, EOFError, IndexError, TypeError, KeyError, OverflowError, fastavro.schema.SchemaParseException)
"""What reading bytes that are no value raises."""
_header_of: Callable[[bytes], bytes] = itemgetter(slice(_HEADER.size))


class Schemas(Protocol):
    """What the codec asks of a registry."""

    def lookup(self, subject: str, schema: dict[str, Any]) -> int:
        """The id of a schema that was registered under a subject."""

    def by_id(self, number: int) -> Any:
        """The Avro schema of an id, or None when there is none."""


class Guard(Protocol):
    """Seals what names persons in the values of one model, on their way to the bus."""

    def foresee(self, values: Iterable[Any]) -> None:
        """Make ready for values that will be closed: what they need together costs less than one by one."""

    def closed(self, value: Any) -> Any:
        """The value as it is written, sealed."""

    def expect(self, values: Iterable[Any]) -> None:
        """Make ready for values that will be opened, likewise."""

    def opened(self, value: Any) -> Any:
        """The value as it is meant. Raises ValueError for one that was changed on the way, or is sealed under other keys."""


class Undecodable(ValueError):
    """Bytes that are not a value of the bus; the message says why and holds none of them."""


@dataclass(frozen=True, slots=True)
class _Reader:
    """Reads the values under one schema id; `writer` is the schema when it is not the model's own."""

    number: int
    model: type[BaseModel]
    writer: Any | None
    guard: Guard | None = None

    def read(self, data: bytes) -> BaseModel | Undecodable:
        """The value of bytes with this header, or why they are none."""
        return self._opened(self._unpacked(data))

    def read_all(self, datas: Iterable[bytes]) -> list[BaseModel | Undecodable]:
        """What `read` gives for each of these bytes."""
        found = [self._unpacked(data) for data in datas]
        if self.guard is None:
            return found
        self.guard.expect(value for value in found if not isinstance(value, Undecodable))
        return [self._opened(value) for value in found]

    def _unpacked(self, data: bytes) -> BaseModel | Undecodable:
        try:
            return unpack(self.model, data[_HEADER.size :], self.writer)
        except _UNREADABLE as error:
            return self._problem(error)

    def _opened(self, value: BaseModel | Undecodable) -> BaseModel | Undecodable:
        if self.guard is None or isinstance(value, Undecodable):
            return value
        try:
            found: BaseModel = self.guard.opened(value)
        except _UNREADABLE as error:
            return self._problem(error)
        return found

    def _problem(self, error: Exception) -> Undecodable:
        return Undecodable(f"not a {self.model.__name__} under schema {self.number}: {type(error).__name__}")


class Codec:
    """Encodes and decodes values; asks the registry once for each topic it writes and each id it reads."""

    def __init__(
        self, registry: Schemas, models: Mapping[str, type[BaseModel]], subjects: str = "", clock: Callable[[], float] = time.monotonic,
        guards: Mapping[type[BaseModel], Guard] | None = None,
    ) -> None:  # fmt: skip
        """Take a registry, the models by name, the prefix of subjects, a clock in seconds, and by model what seals its values."""
        self._guards = guards or {}
        self._registry = registry
        self._models = models
        self._subjects = subjects
        self._headers: dict[tuple[str, type[BaseModel]], bytes] = {}
        self._readers: dict[bytes, _Reader] = {}
        self._unknown: dict[bytes, tuple[float, str]] = {}
        self._clock = clock

    def prepare(self, topic: str, model: type[BaseModel]) -> bytes:
        """Ask for the id of a topic's schema now, so that `encode` need not; returns the header of its values. Raises what the registry raises."""
        if (topic, model) not in self._headers:
            number = self._registry.lookup(f"{self._subjects}{topic}-value", schema_of(model))
            self._headers[topic, model] = _HEADER.pack(0, number)
        return self._headers[topic, model]

    def encode(self, topic: str, value: BaseModel) -> bytes:
        """The bytes of a value for a topic (its name without the prefix)."""
        header = self._headers.get((topic, type(value))) or self.prepare(topic, type(value))
        guard = self._guards.get(type(value))
        return header + pack(guard.closed(value) if guard else value)

    def guards(self, value: BaseModel) -> bool:
        """Whether values like this are sealed."""
        return type(value) in self._guards

    def foresee(self, values: Iterable[BaseModel]) -> None:
        """Make ready to encode values that are sealed, of one model each time."""
        for model, some in groupby(values, type):
            self._guards[model].foresee(some)

    def decode(self, data: bytes, topic: str | None = None) -> BaseModel:
        """The value of some bytes, through the schema they were written with; raises Undecodable when they are no value of the bus.

        With a topic (its name without the prefix), also when they are a value of another topic.
        """
        found = self._reader(_header_of(data), topic).read(data)
        if isinstance(found, Undecodable):
            raise found
        return found

    def decode_all(self, topic: str, datas: Iterable[bytes]) -> list[BaseModel | Undecodable]:
        """What `decode` gives for each of these bytes, in their order, and in the place of what it refuses the Undecodable that it raises.

        The header of neighbours that were written with one schema is looked at once.
        """
        found: list[BaseModel | Undecodable] = []
        for header, run in groupby(datas, _header_of):
            found += self._read_with(header, topic)(run)
        return found

    def _read_with(self, header: bytes, topic: str) -> Callable[[Iterable[bytes]], list[BaseModel | Undecodable]]:
        try:
            return self._reader(header, topic).read_all
        except Undecodable as error:
            problem = str(error)
            return lambda datas: [Undecodable(problem) for _ in datas]

    def _reader(self, header: bytes, topic: str | None) -> _Reader:
        """What reads the values under a header; an id that the registry does not know is asked again after a while, for a registry may lag."""
        reader = self._readers.get(header) or self._asked(header)
        if topic is not None and reader.model is not model_of(topic):
            raise Undecodable(f"a {reader.model.__name__}, which does not belong on {topic}")
        return reader

    def _asked(self, header: bytes) -> _Reader:
        """A reader by what the registry says, which may have said of late that there is none."""
        until, problem = self._unknown.get(header, (0.0, ""))
        if problem and self._clock() < until:
            raise Undecodable(problem)
        try:
            reader = self._readers[header] = self._new_reader(header)
        except Undecodable as error:
            if len(self._unknown) >= _UNKNOWN_MOST:
                self._unknown.clear()
            self._unknown[header] = self._clock() + _UNKNOWN_SECONDS, str(error)
            raise
        return reader

    def _new_reader(self, header: bytes) -> _Reader:
        if len(header) < _HEADER.size or header[0] != 0:
            raise Undecodable("not in Confluent wire format")
        number = _HEADER.unpack(header)[1]
        found = self._registry.by_id(number)
        if not isinstance(found, dict) or found.get("namespace") != NAMESPACE:
            raise Undecodable(f"schema {number} is none of the bus")
        schema = plain(found)
        model = self._models.get(schema["name"])
        if model is None:
            raise Undecodable(f"schema {number} is of {schema['name']}, which is no model of this version")
        return _Reader(number, model, None if schema == plain(schema_of(model)) else _parsed(number, schema), self._guards.get(model))


def _parsed(number: int, schema: Any) -> Any:
    try:
        return fastavro.parse_schema(schema)
    except (ValueError, TypeError, KeyError, fastavro.schema.SchemaParseException, fastavro.schema.UnknownType) as error:
        raise Undecodable(f"schema {number} cannot be read: {type(error).__name__}") from None
