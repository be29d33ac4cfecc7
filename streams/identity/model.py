"""A model: what each level of each field weighs, learned without labels by `train`, as a versioned file.

The weight of a level is log2(m / u): m is how frequent the level is among pairs of one person, u among pairs of two (Fellegi and Sunter, A theory for record
linkage, Journal of the American Statistical Association 64, 1969). Weights are whole thousandths of a bit, so that no order of adding shows in a sum.
"""

from __future__ import annotations

from importlib.resources import files
from math import log2

from pydantic import BaseModel, ConfigDict, Field

from streams.identity.spec import Spec

LIMIT = 20_000
"""No level weighs more than twenty bits either way, in thousandths of a bit: beyond, the estimate rests on too few pairs."""


class BadModel(Exception):
    """The model does not belong to the spec; the message says where."""


class _Closed(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class LevelWeight(_Closed):
    """What one level of a field weighs."""

    m: float = Field(gt=0, le=1, description="Share of the pairs of one person that are at this level, where both sides say something.")
    u: float = Field(gt=0, le=1, description="Share of the pairs of two people.")
    weight: int = Field(ge=-LIMIT, le=LIMIT, description="log2(m / u), in thousandths of a bit, within the limit.")
    says: str = Field(description="The same as a sentence.")


class FieldWeights(_Closed):
    """What a field weighs."""

    levels: dict[str, LevelWeight]
    terms: dict[str, int] = Field(default_factory=dict, description="What is added when both sides have a frequent term, in thousandths of a bit.")
    rare: int = Field(default=0, ge=-LIMIT, le=LIMIT, description="The same for all other terms.")


class Model(_Closed):
    """The weights for a spec."""

    version: int = Field(ge=1)
    spec: str = Field(description="Name of the spec.")
    trained_on: str = Field(description="What the weights were learned from.")
    prior: int = Field(ge=-60_000, le=0, description="log2 of the odds that any two profiles are of one person, in thousandths of a bit.")
    fields: dict[str, FieldWeights]


def weight(m: float, u: float) -> int:
    """log2(m / u) in thousandths of a bit, within the limit."""
    return max(-LIMIT, min(LIMIT, round(1000 * log2(m / u))))


def check(model: Model, spec: Spec) -> None:
    """Raises BadModel when the model does not have exactly the fields and levels of the spec."""
    if model.spec != spec.name:
        raise BadModel(f"the model is for {model.spec}, not for {spec.name}")
    if list(model.fields) != [field.name for field in spec.fields]:
        raise BadModel("the fields of the model are not those of the spec")
    for (name, field), kind in zip(model.fields.items(), spec.kinds, strict=True):
        if tuple(field.levels) != kind.levels:
            raise BadModel(f"the levels of {name} are not those of {kind.name}")


def load(data: bytes | str) -> Model:
    """The model in a JSON file; raises pydantic's ValidationError when it is none."""
    return Model.model_validate_json(data)


def save(model: Model) -> str:
    """The JSON of a model."""
    return model.model_dump_json(indent=1) + "\n"


def shipped(name: str) -> Model:
    """The model that comes with the software for a shipped spec; raises FileNotFoundError when there is none."""
    return load((files("streams.identity.specs") / f"{name}.json").read_text("utf-8"))
