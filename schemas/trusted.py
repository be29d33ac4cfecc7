"""Values made and taken apart without pydantic, where its checks would find nothing.

What Avro has read is typed already: a string is a string, a long an int. A value of a model that asks no more is built directly, for a quarter of the
cost of its validation. What a model asks is read from its core schema: anything there that is not known to ask nothing makes the model a checked one,
whose values go through pydantic as ever.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from typing import Any, NamedTuple, TypeVar

from pydantic import BaseModel

M = TypeVar("M", bound=BaseModel)
Convert = Callable[[Any], Any]


class Form(NamedTuple):
    """How a value is made of what Avro reads, and how it becomes what Avro writes; None where it is the same object."""

    load: Convert | None = None
    dump: Convert | None = None


class Checked(TypeError):
    """A model asks more of its values than Avro does; the message says what."""


_KEYS = {
    **{kind: {"ref"} for kind in ("str", "int", "float", "bool", "bytes")},
    "nullable": {"schema"},
    "default": {"schema", "default", "default_factory", "default_factory_takes_data"},
    "list": {"items_schema"},
    "dict": {"keys_schema", "values_schema"},
    "enum": {"cls", "members", "sub_type", "ref"},
    "model": {"cls", "schema", "config", "custom_init", "root_model", "ref"},
    "model-fields": {"fields", "model_name", "computed_fields"},
    "model-field": {"schema"},
    "definitions": {"schema", "definitions"},
    "definition-ref": {"schema_ref"},
}
"""The parts of core schemas, and their keys that ask nothing of a value. A constraint, validator, serializer or alias is another key or another part."""
_CONFIG = {"title", "extra_fields_behavior", "hide_input_in_errors", "ser_json_bytes", "val_json_bytes"}

_new = object.__new__
_set_fields, _set_given, _set_extra, _set_private = (
    BaseModel.__dict__[slot].__set__ for slot in ("__dict__", "__pydantic_fields_set__", "__pydantic_extra__", "__pydantic_private__")
)


def construct(model: type[M], fields: dict[str, Any], given: set[str]) -> M:
    """The value with these fields, in the model's order, of which `given` did not come from defaults. Nothing is checked; both become the value's own."""
    value = _new(model)
    _set_fields(value, fields)
    _set_given(value, given)
    _set_extra(value, None)
    _set_private(value, None)
    return value


@cache
def form_of(model: type[BaseModel]) -> Form:
    """The form of a model's values; `load` takes the dict for its own and raises KeyError for a word that an enum has not.

    Raises Checked for a model whose values must go through pydantic.
    """
    return _form(model.__pydantic_core_schema__, {})


def _form(schema: Any, named: Mapping[str, Any]) -> Form:
    """The form of the values of a core schema, inside which others may be meant by name; raises Checked."""
    _ask_nothing(schema)
    match schema["type"]:
        case "nullable":
            return Form(*map(_or_none, _form(schema["schema"], named)))
        case "default" | "model-field":
            return _form(schema["schema"], named)
        case "list":
            return Form(*map(_each, _form(schema["items_schema"], named)))
        case "dict" if any(_form(schema["keys_schema"], named) + _form(schema["values_schema"], named)):
            raise Checked("a dict of other things than plain ones")
        case "enum":
            return _enum(schema)
        case "model":
            return _model(schema, named)
        case "definitions":
            return _form(schema["schema"], {**named, **{part["ref"]: part for part in schema["definitions"]}})
        case "definition-ref":
            return _named(schema["schema_ref"], named)
    return Form()


def _ask_nothing(schema: Any) -> None:
    asked = set(schema) - {"type", "metadata"} - _KEYS.get(schema["type"], set())
    asked |= {key for key in ("custom_init", "root_model", "computed_fields") if schema.get(key)}
    asked |= set(schema.get("config", ())) - _CONFIG
    if schema["type"] not in _KEYS or asked:
        raise Checked(f"{schema['type']} with {sorted(asked)}")


def _named(name: str, named: Mapping[str, Any]) -> Form:
    if name not in named:
        raise Checked("a model within itself")
    return _form(named[name], {other: schema for other, schema in named.items() if other != name})


def _model(schema: Any, named: Mapping[str, Any]) -> Form:
    _ask_nothing(schema["schema"])
    if schema.get("config", {}).get("extra_fields_behavior") == "allow":
        raise Checked(f"{schema['cls'].__name__} with further fields")
    forms = {name: _form(field, named) for name, field in schema["schema"]["fields"].items()}
    return Form(_loader(schema["cls"], forms), _dumper(forms))


def _loader(model: type[M], forms: dict[str, Form]) -> Callable[[dict[str, Any]], M]:
    names = set(forms)
    loads = [(name, form.load) for name, form in forms.items() if form.load]

    def load(found: dict[str, Any]) -> M:
        for name, convert in loads:
            found[name] = convert(found[name])
        return construct(model, found, names.copy())

    return load


def _dumper(forms: dict[str, Form]) -> Callable[[BaseModel], dict[str, Any]]:
    dumps = [(name, form.dump) for name, form in forms.items() if form.dump]

    def dump(value: BaseModel) -> dict[str, Any]:
        fields = value.__dict__
        return fields | {name: convert(fields[name]) for name, convert in dumps}

    return dump if dumps else vars


def _enum(schema: Any) -> Form:
    """A member is written as it is, for it is a string itself."""
    if not issubclass(schema["cls"], str):
        raise Checked(f"{schema['cls'].__name__}, an enum of other things than strings")
    return Form(load={member.value: member for member in schema["members"]}.__getitem__)


def _or_none(convert: Convert | None) -> Convert | None:
    return convert and (lambda value: None if value is None else convert(value))


def _each(convert: Convert | None) -> Convert | None:
    return convert and (lambda values: [convert(value) for value in values])
