"""Golden messages: `schemas/golden/<Model>.json` holds examples by hand, `<Model>.hex` the bytes that they are on the wire, a line for each.

The bytes are under schema id 1. They are renewed with a release and never otherwise, so that a change of the encoding is seen.
"""

from __future__ import annotations

import json
from typing import Any

from pydantic import BaseModel

from deploy.docs.shipped import ROOT
from schemas.codec import Codec
from schemas.topics import MODELS

FOLDER = ROOT / "schemas" / "golden"


class OneSchema:
    """A registry that gives every schema the id 1."""

    def __init__(self, schema: dict[str, Any] | None = None) -> None:
        """Take the schema that it gives back."""
        self._schema = schema

    def lookup(self, subject: str, schema: dict[str, Any]) -> int:  # noqa: ARG002
        """Always 1."""
        return 1

    def by_id(self, number: int) -> Any:
        """The one schema for the id 1."""
        return self._schema if number == 1 else None


def examples(name: str) -> list[BaseModel]:
    """The examples of a model."""
    return [MODELS[name].model_validate(one) for one in json.loads((FOLDER / f"{name}.json").read_text("utf-8"))]


def lines(name: str) -> str:
    """The bytes of the examples, in hexadecimal."""
    codec = Codec(OneSchema(), MODELS)
    return "".join(f"{codec.encode('golden', value).hex()}\n" for value in examples(name))
