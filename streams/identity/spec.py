"""A spec: how the profiles of one set of records are compared, as data. What it says is fixed in advance; only weights are learned (`model`)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from schemas import yamls
from streams.identity.kinds import KINDS, Kind


class _Closed(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class SpecField(_Closed):
    """A field that is compared."""

    name: str = Field(pattern=r"^[a-z][a-z0-9-]*$")
    kind: str = Field(description="Name of the kind that compares it.")
    of: list[str] = Field(default_factory=list, description="Fields of the profile that it is read of; the one of its own name when empty.")
    implied_by: dict[str, list[str]] = Field(default_factory=dict, description="Fields before this one, and the levels at which they say all of it.")
    says: str = Field(default="", description="Why it is compared so, where that is not plain.")

    @property
    def sources(self) -> tuple[str, ...]:
        """The fields of the profile that it is read of."""
        return tuple(self.of) or (self.name,)


class Rule(_Closed):
    """A blocking rule: profiles that share a key of it are compared."""

    name: str = Field(pattern=r"^[a-z][a-z0-9-]*$")
    parts: list[str] = Field(min_length=1, description="What makes the key, each as field.way; the ways are those of the field's kind.")
    says: str = Field(description="Which errors it gets past, and what keeps its blocks small.")


class Contradiction(_Closed):
    """A combination of levels that no one person has. It stops a group from joining, whatever the weights say."""

    when: dict[str, list[str]] = Field(min_length=1, description="Fields, and the levels of which each has one.")
    says: str = Field(description="The sentence for the steward.")


class Truth(_Closed):
    """Where a labelled set says who is who. For judging only."""

    column: str
    pattern: str = Field(default="(.*)", description="Regular expression whose first group is the person.")

    def of(self, value: str) -> str:
        """The person; raises ValueError when the value does not fit the pattern."""
        if not (match := re.fullmatch(self.pattern, value)):
            raise ValueError(f"{self.column} does not fit {self.pattern}")
        return match[1]


class Spec(_Closed):
    """How profiles are compared, which are compared at all, and from which weight on a pair is one person."""

    name: str = Field(pattern=r"^[a-z][a-z0-9-]*$")
    says: str
    fields: list[SpecField] = Field(min_length=1)
    rules: list[Rule] = Field(min_length=1)
    contradictions: list[Contradiction] = Field(default_factory=list)
    link: float = Field(description="Match weight in bits (log2 of the odds) from which a pair is linked.")
    review: float = Field(description="Match weight in bits from which a pair goes to a steward.")
    crowd: int = Field(gt=1, description="A blocking key with more profiles than this says nothing, and its block is left out.")
    columns: dict[str, str] = Field(default_factory=dict, description="For files: column to field.")
    id: str = Field(default="", description="For files: the column that names the record.")
    truth: Truth | None = Field(default=None, description="For files: where the answer is.")

    @model_validator(mode="after")
    def _hangs_together(self) -> Self:
        if problems := list(self._problems()):
            raise ValueError("; ".join(problems))
        return self

    @property
    def kinds(self) -> tuple[Kind, ...]:
        """The kind of each field, in order."""
        return tuple(KINDS[field.kind] for field in self.fields)

    def place(self, name: str) -> int:
        """The place of a field; raises KeyError when there is none of that name."""
        return {field.name: place for place, field in enumerate(self.fields)}[name]

    def _problems(self) -> Iterator[str]:
        """What is named and is not there, or stands twice."""
        before: dict[str, Kind] = {}
        for field in self.fields:
            if field.name in before:
                yield f"field {field.name} stands twice"
            if field.kind not in KINDS:
                yield f"{field.name}: there is no kind {field.kind}"
                return
            yield from _unknown(f"{field.name}.implied_by", field.implied_by, before)
            before[field.name] = KINDS[field.kind]
        for rule in self.rules:
            for part in rule.parts:
                name, _, way = part.partition(".")
                if name not in before or way not in before[name].keys:
                    yield f"rule {rule.name}: there is no {part}"
        for number, contradiction in enumerate(self.contradictions):
            yield from _unknown(f"contradiction {number}", contradiction.when, before)
        if len({rule.name for rule in self.rules}) < len(self.rules):
            yield "a rule stands twice"
        if self.review > self.link:
            yield "review is above link"


def _unknown(where: str, levels: dict[str, list[str]], fields: dict[str, Kind]) -> Iterator[str]:
    for name, named in levels.items():
        for level in named:
            if name not in fields or level not in fields[name].levels:
                yield f"{where}: there is no {level} of {name} at this place"


@cache
def shipped(name: str) -> Spec:
    """A spec that comes with the software; raises FileNotFoundError when there is none of that name, pydantic's ValidationError when it is wrong."""
    return read((files("streams.identity.specs") / f"{name}.yaml").read_text("utf-8"))


def load(name: str) -> Spec:
    """A spec by the name of a shipped one, or by the path of a YAML file. Raises as `shipped`."""
    path = Path(name)
    return read(path.read_text("utf-8")) if path.suffix in {".yaml", ".yml"} else shipped(name)


def read(text: str) -> Spec:
    """The spec in a YAML text; raises pydantic's ValidationError when it is wrong."""
    content: Any = yamls.read(text)
    return Spec.model_validate(content)
