"""The models in words: every field with its type, unit and meaning, and every vocabulary with its Chinese."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from deploy.docs.markdown import section, table
from schemas.avro import NAMESPACE, UNKNOWN, schema_of
from schemas.topics import MODELS
from schemas.vocabulary import vocabulary

_PLAIN = {"string": "text", "long": "whole number", "double": "number", "boolean": "yes or no", "bytes": "bytes"}
_INTRODUCTION = f"""\
As Avro, under `{NAMESPACE}`, in [schemas/generated](../schemas/generated). A moment is a whole number of milliseconds since 1970-01-01T00:00:00 UTC.
A field with a default may be missing from values of older or newer versions. `{UNKNOWN}` is what a reader gets for a word that came after its schema."""


def models() -> str:
    """All models that are values of topics, then those inside them, then the vocabularies."""
    named = {schema["name"]: schema for name in MODELS for schema in parts(schema_of(MODELS[name]))}
    records = [schema for schema in named.values() if schema["type"] == "record"]
    outer = [schema for schema in records if schema["name"] in MODELS]
    inner = [schema for schema in records if schema["name"] not in MODELS]
    enums = [schema for schema in named.values() if schema["type"] == "enum"]
    return "\n".join(
        [
            section(2, "Models 数据模型", _INTRODUCTION, *map(_record, outer)),
            section(2, "Parts of models 组成部分", *map(_record, inner)),
            section(2, "Vocabularies 词汇", *map(_enum, enums)),
        ]
    )


def parts(schema: Any) -> Iterator[dict[str, Any]]:
    """All named types that a schema defines, itself included, from the outside in."""
    if isinstance(schema, dict):
        if "name" in schema and schema.get("type") in ("record", "enum"):
            yield schema
        for inner in (schema.get("items"), schema.get("values"), schema.get("type"), *schema.get("fields", [])):
            yield from parts(inner)
    elif isinstance(schema, list):
        for branch in schema:
            yield from parts(branch)


def kind(schema: Any) -> str:
    """A type in words, with links to the models and vocabularies it names."""
    match schema:
        case str():
            return _PLAIN.get(schema) or _link(schema.rsplit(".", 1)[-1])
        case ["null", inner]:
            return f"{kind(inner)}, or null"
        case {"logicalType": "timestamp-millis"}:
            return "moment"
        case {"type": "array", "items": inner}:
            return f"list of {kind(inner)}"
        case {"type": "map", "values": inner}:
            return f"{kind(inner)} by name"
        case {"name": str(name)}:
            return _link(name)
    raise TypeError(f"{schema} has no words here")


def _link(name: str) -> str:
    return f"[{name}](#{name.lower()})"


def _record(schema: dict[str, Any]) -> str:
    rows = [(f"`{field['name']}`", kind(field["type"]), _default(field), field["doc"]) for field in schema["fields"]]
    return section(3, schema["name"], schema["doc"], table(("field", "type", "default", "meaning"), rows))


def _default(field: dict[str, Any]) -> str:
    if "default" not in field:
        return ""
    return {None: "null", "": "empty", False: "no"}.get(field["default"], str(field["default"])) if field["default"] != [] else "empty"


def _enum(schema: dict[str, Any]) -> str:
    chinese = vocabulary("words")
    rows = [(f"`{word}`", chinese.get(word, "")) for word in schema["symbols"]]
    return section(3, schema["name"], schema["doc"], table(("word", "中文"), rows))
