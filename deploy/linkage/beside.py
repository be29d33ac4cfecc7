"""Two profiles side by side, with how their weight adds up."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from deploy.linkage.mask import shown
from deploy.linkage.waterfall import Bar, bars, grade
from streams.identity.compare import Comparer
from streams.identity.model import Model
from streams.identity.score import Scorer
from streams.identity.spec import Spec

Profile = Mapping[str, Sequence[str]]


class Beside(NamedTuple):
    """Two profiles: by field the values of each, masked or not; the steps of the weight (in thousandths of a bit); the grade; and what contradicts."""

    values: dict[str, tuple[list[str], list[str]]]
    bars: list[Bar]
    weight: int
    grade: str
    contradiction: str

    def document(self) -> dict[str, Any]:
        """For programs."""
        values = {name: list(both) for name, both in self.values.items()}
        steps = [bar._asdict() for bar in self.bars]
        return {"weight": self.weight, "grade": self.grade, "contradiction": self.contradiction, "steps": steps, "values": values}


def beside(spec: Spec, model: Model, one: Profile, other: Profile, *, plain: bool) -> Beside:
    """Compare two profiles; with `plain` their values are shown as they are. Raises BadModel when the model is not of the spec."""
    scorer, compare = Scorer(spec, model), Comparer(spec)
    a, b = compare.prepare(one), compare.prepare(other)
    weight, contradiction = scorer.score(a, b), compare.contradiction(compare.levels(a, b))
    left, right = shown(one, plain=plain), shown(other, plain=plain)
    values = {name: (left.get(name, []), right.get(name, [])) for name in dict.fromkeys([*left, *right])}
    return Beside(values, bars(scorer.explain(a, b)), weight, grade(spec, weight, contradiction), contradiction)
