"""Bodies written and read by fastavro and pydantic alone, for comparison."""

from __future__ import annotations

from io import BytesIO
from typing import Any

import fastavro
from pydantic import BaseModel

from schemas.avro import parsed


def body_of(model: type[BaseModel], content: dict[str, Any], schema: Any = None) -> bytes:
    """The body of content that may be no value of the model, under its schema or another."""
    buffer = BytesIO()
    fastavro.schemaless_writer(buffer, schema or parsed(model), content)
    return buffer.getvalue()


def validated(model: type[BaseModel], data: bytes) -> BaseModel:
    """What a body says, by fastavro and pydantic alone."""
    buffer = BytesIO(data)
    found = fastavro.schemaless_reader(buffer, parsed(model), None)
    if buffer.read():
        raise ValueError("more bytes than the value")
    return model.model_validate(found)
