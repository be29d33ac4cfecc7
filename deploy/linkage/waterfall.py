"""How a weight adds up, step by step."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from streams.identity.score import Step
from streams.identity.spec import Spec

PRIOR, RARITY = "before comparing", "how rare"
"""What the first step is called; and what stands behind the level in the second step of a field, which is for the value itself."""


class Bar(NamedTuple):
    """One step: what it is of, its level, from which weight it leads to which (in bits), and the reason."""

    field: str
    level: str
    start: float
    end: float
    says: str

    @property
    def label(self) -> str:
        """Field and level."""
        return f"{self.field}: {self.level}" if self.level else self.field


def bars(steps: Iterable[Step]) -> list[Bar]:
    """The steps, each from where the one before ends."""
    found: list[Bar] = []
    total = 0
    for step in steps:
        level = f"{step.level}, {RARITY}" if found and step.field == found[-1].field else step.level
        found.append(Bar(step.field or PRIOR, level, total / 1000, (total + step.weight) / 1000, step.says))
        total += step.weight
    return found


def grade(spec: Spec, weight: int, contradiction: str) -> str:
    """What a weight in thousandths of a bit makes of a pair: link, review or no."""
    if weight < spec.review * 1000:
        return "no"
    return "link" if weight >= spec.link * 1000 and not contradiction else "review"
