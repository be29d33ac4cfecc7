"""Whether a schema fits the released ones: Avro's rules of resolution, and rules about meaning that Avro does not see."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Literal

from avro.compatibility import ReaderWriterCompatibilityChecker, SchemaCompatibilityType
from avro.schema import ArraySchema, EnumSchema, MapSchema, RecordSchema, Schema, UnionSchema, make_avsc_object

Level = Literal["full", "backward", "none"]


def problems(new: dict[str, Any], old: dict[str, Any], level: Level = "full") -> list[str]:
    """What stops a new schema from following an old one, each with model and field; empty when nothing does.

    `full`: new readers read old values and old readers new ones. `backward`: new readers read old values. `none`: anything goes.
    """
    if level == "none":
        return []
    after, before, place = make_avsc_object(new), make_avsc_object(old), old["name"]
    found = [f"{where}: {what}; new readers cannot read old values" for where, what in _unreadable(after, before, place)]
    if level == "full":
        found += [f"{where}: {what}; old readers cannot read new values" for where, what in _unreadable(before, after, place)]
    return found + [f"{where}: {what}" for where, what in _meaning(after, before, place)]


def _unreadable(reader: Schema, writer: Schema, place: str) -> Iterator[tuple[str, str]]:
    """The places that a reader cannot read, and why. Avro's checker decides; where it says no, this goes down to the fields that it means."""
    result = ReaderWriterCompatibilityChecker().get_compatibility(reader, writer)  # type: ignore[no-untyped-call]  # its __init__ has no annotation
    if result.compatibility is SchemaCompatibilityType.compatible:
        return
    deeper = [found for name, one, other in _pairs(reader, writer) for found in _unreadable(one, other, f"{place}{name}")]
    deeper += [(f"{place}.{name}", "a field without a default that the other side does not have") for name in _required(reader, writer)]
    yield from deeper or [(place, "; ".join(sorted(result.messages)))]


def _pairs(new: Schema, old: Schema) -> Iterator[tuple[str, Schema, Schema]]:
    """What two schemas have inside that belongs together: fields by name, items, values, and the type of optional fields."""
    if isinstance(new, RecordSchema) and isinstance(old, RecordSchema):
        fields = {field.name: field for field in old.fields}
        yield from ((f".{field.name}", field.type, fields[field.name].type) for field in new.fields if field.name in fields)
    elif isinstance(new, ArraySchema) and isinstance(old, ArraySchema):
        yield "", new.items, old.items
    elif isinstance(new, MapSchema) and isinstance(old, MapSchema):
        yield "", new.values, old.values
    elif isinstance(new, UnionSchema) and isinstance(old, UnionSchema):
        yield from (("", one, other) for one, other in zip(_bare(new), _bare(old), strict=False))


def _required(reader: Schema, writer: Schema) -> list[str]:
    if not isinstance(reader, RecordSchema) or not isinstance(writer, RecordSchema):
        return []
    there = {field.name for field in writer.fields}
    return [field.name for field in reader.fields if field.name not in there and not field.has_default]


def _meaning(new: Schema, old: Schema, place: str) -> Iterator[tuple[str, str]]:
    """Changes that resolve and still mislead: a word gone (its default hides that), another unit, bytes for text, another default."""
    for name, after, before in _pairs(new, old):
        yield from _meaning(after, before, f"{place}{name}")
    if isinstance(new, RecordSchema) and isinstance(old, RecordSchema):
        yield from _defaults(new, old, place)
    elif isinstance(new, EnumSchema) and isinstance(old, EnumSchema):
        gone = sorted(set(old.symbols) - set(new.symbols))
        if gone:
            yield place, f"the words {', '.join(gone)} are gone"
        if new.props.get("default") != old.props.get("default"):
            yield place, "another default"
    elif {new.type, old.type} == {"string", "bytes"}:
        yield place, f"{old.type} became {new.type}"
    elif new.props.get("logicalType") != old.props.get("logicalType"):
        yield place, f"the unit {old.props.get('logicalType')} became {new.props.get('logicalType')}"


def _defaults(new: RecordSchema, old: RecordSchema, place: str) -> Iterator[tuple[str, str]]:
    """A default stands for what was not written, in values and in the ids of facts; another one would say something else of them."""
    fields = {field.name: field for field in old.fields if field.has_default}
    for field in new.fields:
        if field.has_default and field.name in fields and field.default != fields[field.name].default:
            yield f"{place}.{field.name}", f"the default {fields[field.name].default!r} became {field.default!r}"


def _bare(schema: UnionSchema) -> list[Schema]:
    """The type of an optional field, without null."""
    return [branch for branch in schema.schemas if branch.type != "null"]
