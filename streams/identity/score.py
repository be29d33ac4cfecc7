"""What a pair of profiles weighs, and why: the prior, and for each field the weight of its level and of how rare the shared value is.

Weights are added as if fields were independent among pairs of one person and of two (Fellegi and Sunter 1969); where they are not, the spec says which
field implies which. The weight of a shared value that is rarer or more frequent than others follows Winkler, Frequency-based matching in the Fellegi-Sunter
model, 2000.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

from streams.identity.compare import Comparer, Levels, Prepared, shared
from streams.identity.kinds import Kind
from streams.identity.model import FieldWeights, Model, check
from streams.identity.spec import Spec


class Step(NamedTuple):
    """One part of a score: the field ('' for the prior), its level, its weight in thousandths of a bit, and the reason as a sentence."""

    field: str
    level: str
    weight: int
    says: str


class Scorer:
    """Weighs pairs of profiles that a `Comparer` of the same spec has prepared."""

    def __init__(self, spec: Spec, model: Model) -> None:
        """Compile spec and model; raises BadModel when they do not belong together."""
        check(model, spec)
        self._compare, self._spec, self._model = Comparer(spec), spec, model
        self._prior = model.prior
        fields = zip(spec.kinds, model.fields.values(), strict=True)
        self._plan = tuple((tuple(level.weight for level in field.levels.values()), kind, field) for kind, field in fields)

    def score(self, a: Prepared, b: Prepared) -> int:
        """log2 of the odds that the two are one person, in thousandths of a bit."""
        return self.weight(self._compare.levels(a, b), a, b)

    def weight(self, levels: Levels, a: Prepared, b: Prepared) -> int:
        """The same of two whose levels are known."""
        total = self._prior
        for level, (weights, kind, field), xs, ys in zip(levels, self._plan, a, b, strict=True):
            if level is not None:
                total += weights[level]
                if field.terms and level < len(weights) - 1:
                    total += _rarity(kind, field, level, xs, ys)
        return total

    def explain(self, a: Prepared, b: Prepared) -> list[Step]:
        """The parts of the score, which add up to it."""
        return list(self._steps(a, b))

    def _steps(self, a: Prepared, b: Prepared) -> Iterator[Step]:
        yield Step("", "", self._model.prior, "Before anything is compared: few pairs of profiles are one person.")
        for place, level in enumerate(self._compare.levels(a, b)):
            if level is None:
                continue
            name, kind = self._spec.fields[place].name, self._spec.kinds[place]
            field = self._model.fields[name]
            word = kind.levels[level]
            yield Step(name, word, field.levels[word].weight, field.levels[word].says)
            if field.terms and (rarity := _rarity(kind, field, level, a[place], b[place])):
                yield Step(name, word, rarity, "The shared value is rare." if rarity > 0 else "The shared value is frequent.")


def _rarity(kind: Kind, field: FieldWeights, level: int, xs: tuple[Any, ...], ys: tuple[Any, ...]) -> int:
    """What is added for how rare the value is that both sides have; of several the rarest. Nothing when they have none at the level."""
    term = kind.term
    if term is None:
        return 0
    if len(xs) == 1 and len(ys) == 1:
        word = term(xs[0])
        return field.terms.get(word, field.rare) if word == term(ys[0]) else 0
    return max((field.terms.get(word, field.rare) for word in shared(kind, level, xs, ys)), default=0)
