"""Some pairs that show how weights are made: chosen by rule, so that the same records give the same."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from deploy.linkage.measure import Pair


class Example(NamedTuple):
    """A pair, and why it is shown."""

    says: str
    pair: Pair
    weight: int


def examples(weights: Mapping[Pair, int], true: set[Pair], link: int, review: int) -> list[Example]:
    """What there is of a usual true link, the lightest, a true pair just under the threshold, one far from it, and the heaviest pair of two people.

    Thresholds and weights are in thousandths of a bit.
    """
    right = sorted((weight, each) for each, weight in weights.items() if each in true)
    wrong = [(weight, each) for each, weight in weights.items() if each not in true]
    linked, under = [one for one in right if one[0] >= link], [one for one in right if one[0] < link]
    far = [one for one in under if one[0] < review]
    found = [
        ("A usual pair of one person.", linked[len(linked) // 2] if linked else None),
        ("The lightest pair of one person that is linked.", linked[0] if linked else None),
        ("A pair of one person just under the threshold.", under[-1] if under else None),
        ("A pair of one person that is not even reviewed.", far[0] if far else None),
        ("The heaviest pair of two people.", max(wrong, default=None)),
    ]
    return [Example(says, one[1], one[0]) for says, one in found if one]
