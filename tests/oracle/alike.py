"""How alike two profiles are, and what may be compared at all: every pair of values, every level, added up in the plainest way.

How two values of one kind are compared (`streams.identity.kinds`) is vocabulary that the oracle shares with the path, as are the files of spec and model; each kind is
tested by itself. What is made of it is not shared.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import product
from typing import Any

from streams.identity.kinds import JOIN, NOTHING, Kind
from streams.identity.model import Model
from streams.identity.spec import Spec, SpecField

Said = Mapping[str, set[str]]
"""By field of the profile all values."""
_VALUES = 16
"""Values of a field that are compared, the first by text."""


def keys(said: Said, spec: Spec) -> set[tuple[str, str]]:
    """Every blocking key of a profile: rule and text."""
    read = {field.name: (kind, _values(said, field, kind)) for field, kind in zip(spec.fields, spec.kinds, strict=True)}
    found = set()
    for rule in spec.rules:
        texts = []
        for part in rule.parts:
            name, way = part.split(".")
            kind, values = read[name]
            texts.append({text for value in values for text in kind.keys[way](value)})
        found |= {(rule.name, JOIN.join(each)) for each in product(*texts)}
    return found


def levels(one: Said, other: Said, spec: Spec) -> dict[str, str]:
    """By field the name of the best level, for the fields that say something."""
    found: dict[str, str] = {}
    for field, kind in zip(spec.fields, spec.kinds, strict=True):
        each = [kind.level(a, b) for a, b in product(_values(one, field, kind), _values(other, field, kind))]
        telling = [level for level in each if level != NOTHING]
        silent = any(found.get(before) in at for before, at in field.implied_by.items())
        if telling and not silent:
            found[field.name] = kind.levels[min(telling)]
    return found


def weight(one: Said, other: Said, spec: Spec, model: Model) -> int:
    """Thousandths of a bit."""
    total = model.prior
    for name, level in levels(one, other, spec).items():
        weights = model.fields[name]
        total += weights.levels[level].weight
        field, kind = next((field, kind) for field, kind in zip(spec.fields, spec.kinds, strict=True) if field.name == name)
        terms = list(_terms(one, other, field, kind, level))
        if weights.terms and terms:
            total += max(weights.terms.get(term, weights.rare) for term in terms)
    return total


def contradiction(found: Mapping[str, str], spec: Spec) -> str:
    """The first sentence of the spec that the levels make true, or ''."""
    for one in spec.contradictions:
        if all(found.get(name) in at for name, at in one.when.items()):
            return one.says
    return ""


def _terms(one: Said, other: Said, field: SpecField, kind: Kind, level: str) -> Iterator[str]:
    if kind.term is None or level == kind.levels[-1]:
        return
    for a, b in product(_values(one, field, kind), _values(other, field, kind)):
        if kind.term(a) == kind.term(b) and kind.levels[kind.level(a, b)] == level:
            yield kind.term(a)


def _values(said: Said, field: SpecField, kind: Kind) -> list[Any]:
    """What is compared of a field, each once."""
    parts = [sorted(said.get(name, ())) for name in (field.of or [field.name])]
    if len(parts) > 1:
        parts = [part or [""] for part in parts]
    found = []
    for each in product(*parts):
        value = kind.prepare(JOIN.join(each)) if any(each) else None
        if value is not None and value not in found:
            found.append(value)
    return found[:_VALUES]
