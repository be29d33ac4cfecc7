"""The compatibility check finds every kind of break, by model and field, and lets pass what may change."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

import pytest

from deploy.compatibility import problems
from deploy.releases import broken
from schemas.avro import schema_of
from schemas.models.case import LinkedCase
from schemas.models.raw import Raw
from schemas.topics import MODELS

Schema = dict[str, Any]


def field(schema: Schema, *path: str) -> Schema:
    """The field at a path of names, through lists and optional types."""
    (found,) = [one for one in schema["fields"] if one["name"] == path[0]]
    return field(_inside(found["type"]), *path[1:]) if path[1:] else found


def _inside(kind: Any) -> Schema:
    if isinstance(kind, list):
        return _inside(kind[1])
    inner: Schema = _inside(kind["items"]) if kind["type"] == "array" else kind
    return inner


def without(schema: Schema, name: str) -> None:
    """Take a field out."""
    schema["fields"] = [one for one in schema["fields"] if one["name"] != name]


def set_type(*path: str, to: Any) -> Callable[[Schema], None]:
    """A change of one field's type."""
    return lambda schema: field(schema, *path).update(type=to)


def symbols(*path: str, change: Callable[[list[str]], list[str]]) -> Callable[[Schema], None]:
    """A change of the words of one field's enum."""

    def changing(schema: Schema) -> None:
        kind = _inside(field(schema, *path)["type"])
        kind["symbols"] = change(kind["symbols"])

    return changing


BREAKS: dict[str, tuple[Callable[[Schema], None], str]] = {
    "field removed without a default": (lambda schema: without(schema, "person"), "LinkedCase.person"),
    "required field added": (lambda schema: schema["fields"].append({"name": "weight", "type": "long"}), "LinkedCase.weight"),
    "required field added inside": (lambda schema: _inside(field(schema, "timeline")["type"])["fields"].append({"name": "x", "type": "string"}), "LinkedCase.timeline.x"),
    "type changed": (set_type("person", to="long"), "LinkedCase.person"),
    "type widened": (set_type("aliases", to={"type": "array", "items": "double"}), "LinkedCase.aliases"),
    "optional became required": (set_type("onset", to={"type": "long", "logicalType": "timestamp-millis"}), "LinkedCase.onset"),
    "required became optional": (set_type("person", to=["null", "string"]), "LinkedCase.person"),
    "list became one": (set_type("roles", to="string"), "LinkedCase.roles"),
    "text became bytes": (set_type("person", to="bytes"), "LinkedCase.person"),
    "unit changed": (set_type("at", to={"type": "long", "logicalType": "timestamp-micros"}), "LinkedCase.at"),
    "unit lost inside": (set_type("timeline", "until", to="long"), "LinkedCase.timeline.until"),
    "word removed": (symbols("concerns", "why", change=lambda words: [word for word in words if word != "stay"]), "LinkedCase.concerns.why"),
    "word renamed": (symbols("roles", change=lambda words: [word.replace("contact", "met") for word in words]), "LinkedCase.roles"),
    "default of an enum lost": (lambda schema: _inside(field(schema, "concerns", "why")["type"]).pop("default"), "LinkedCase.concerns.why"),
    "default changed": (lambda schema: field(schema, "retracted").update(default=True), "LinkedCase.retracted"),
    "record renamed": (lambda schema: schema.update(name="Linked"), "LinkedCase"),
}  # fmt: skip


def after(change: Callable[[Schema], None]) -> Schema:
    """The schema of the linked case after a change."""
    schema = copy.deepcopy(schema_of(LinkedCase))
    change(schema)
    return schema


@pytest.mark.parametrize("kind", BREAKS)
def test_every_break_is_named(kind: str) -> None:
    """Each kind of break is reported with model and field."""
    change, place = BREAKS[kind]
    found = problems(after(change), schema_of(LinkedCase))
    assert found
    assert all(problem.split(":")[0].endswith(place) for problem in found), found


CHANGES: dict[str, Callable[[Schema], None]] = {
    "optional field added": lambda schema: schema["fields"].append({"name": "weight", "type": ["null", "long"], "default": None}),
    "field with a default removed": lambda schema: without(schema, "clinic"),
    "word added": symbols("concerns", "why", change=lambda words: [*words, "work"]),
    "docs changed": lambda schema: field(schema, "person").update(doc="Better words."),
}


@pytest.mark.parametrize("kind", CHANGES)
def test_what_may_change(kind: str) -> None:
    """Changes that old and new readers can both live with are let pass."""
    assert problems(after(CHANGES[kind]), schema_of(LinkedCase)) == []


@pytest.mark.parametrize("name", MODELS)
def test_every_model_follows_itself(name: str) -> None:
    """A schema is compatible with itself."""
    assert problems(schema_of(MODELS[name]), schema_of(MODELS[name])) == []


def test_levels() -> None:
    """A backward topic may lose a required field and not gain one; without a level anything goes."""
    lost = after(lambda schema: without(schema, "person"))
    gained = after(BREAKS["required field added"][0])
    assert problems(lost, schema_of(LinkedCase), "backward") == []
    assert "new readers cannot read old values" in problems(gained, schema_of(LinkedCase), "backward")[0]
    assert problems(gained, schema_of(LinkedCase), "none") == []


def test_units_in_maps_are_seen() -> None:
    """The check looks inside maps too."""
    schema = copy.deepcopy(schema_of(Raw))
    field(schema, "fields")["type"][1]["values"] = "bytes"
    assert problems(schema, schema_of(Raw)) == ["Raw.fields: string became bytes"]


def test_nothing_is_broken() -> None:
    """No model or topic breaks with what was released. If this fails: give the field a default, or add another beside it (deploy/decisions/005)."""
    assert broken() == []
