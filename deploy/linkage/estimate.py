"""What stewards' decisions tell of the links that nobody looked at, without any labelled file.

One link by score in a thousand goes to a steward as a sample, whatever it weighs, so the share of these that are one person estimates the precision of all.
Every pair between no and link waits for a steward, so the share that is decided to be one person tells how many true pairs the links miss among the pairs that
were compared. Of pairs below the review threshold nothing is known. So JeMPI, too, estimates from the decisions of its users, by weight.

Intervals are of 95 % (Wilson, Probable inference, the law of succession, and statistical inference, Journal of the American Statistical Association 22, 1927).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from math import sqrt
from typing import Any, NamedTuple

from deploy.linkage.measure import Pair
from schemas.models.identity import Doubt, Judgement, Review, Verdict
from streams.identity.people import SAMPLED

_Z = 1.959963984540054
"""The 97.5 % point of the normal distribution."""
BIN = 2_000
"""Thousandths of a bit in one bin of weights."""


class Share(NamedTuple):
    """Of some decided pairs, how many are one person."""

    same: int
    decided: int

    @property
    def rate(self) -> float | None:
        """The share; None when nothing is decided."""
        return self.same / self.decided if self.decided else None

    @property
    def interval(self) -> tuple[float, float]:
        """Where the true share lies, by Wilson's interval; from 0 to 1 when nothing is decided."""
        if not self.decided:
            return 0.0, 1.0
        n, p = self.decided, self.same / self.decided
        middle, half = p + _Z**2 / (2 * n), _Z * sqrt(p * (1 - p) / n + _Z**2 / (4 * n**2))
        return max(0.0, (middle - half) / (1 + _Z**2 / n)), min(1.0, (middle + half) / (1 + _Z**2 / n))

    def document(self) -> dict[str, Any]:
        """For programs."""
        return {"same": self.same, "decided": self.decided, "rate": self.rate, "interval": list(self.interval)}


class Bin(NamedTuple):
    """The decided pairs of one doubt whose weight is from `bits` on, and less than the next bin's."""

    doubt: Doubt
    bits: float
    share: Share


class Estimate(NamedTuple):
    """What the decisions tell. `links` and `waiting` are how many pairs there are of either grade.

    `unasked` decisions are about pairs that neither sample nor score had brought to a steward, and do not count.
    """

    links: int
    waiting: int
    precision: Share
    review: Share
    bins: list[Bin]
    unasked: int

    @property
    def recall(self) -> float | None:
        """Of the true pairs that were compared and weighed enough for a look, the share that is linked; None before both grades have decisions."""
        if self.precision.rate is None or (self.waiting and self.review.rate is None):
            return None
        return _recall(self.links * self.precision.rate, self.waiting * (self.review.rate or 0.0))

    @property
    def recall_interval(self) -> tuple[float, float]:
        """The least and the most that recall can be with both shares inside their intervals; from 0 to 1 where there is no recall."""
        if self.recall is None:
            return 0.0, 1.0
        (low, high), (least, most) = self.precision.interval, self.review.interval
        return _recall(self.links * low, self.waiting * most), _recall(self.links * high, self.waiting * least)

    def document(self) -> dict[str, Any]:
        """For programs."""
        return {
            "links": self.links, "waiting": self.waiting, "precision": self.precision.document(), "review": self.review.document(),
            "recall": {"rate": self.recall, "interval": list(self.recall_interval)}, "unasked": self.unasked,
            "bins": [{"doubt": one.doubt.value, "bits": one.bits, **one.share.document()} for one in self.bins],
        }  # fmt: skip


def estimate(asked: Mapping[Pair, Review], decided: Mapping[Pair, Judgement]) -> Estimate:
    """What the decisions that count tell, beside the last reviews of pairs; one that was taken back and not decided is of a pair that is no more."""
    found: dict[Doubt, list[tuple[int, bool]]] = {Doubt.SAMPLE: [], Doubt.SCORE: []}
    unasked = 0
    for each, decision in decided.items():
        review = asked.get(each)
        if review is None or review.weight is None or review.doubt not in found:
            unasked += 1
        else:
            found[review.doubt].append((review.weight, decision.verdict is Verdict.SAME))
    counts = {doubt: sum(one.doubt is doubt and (each in decided or not one.retracted) for each, one in asked.items()) for doubt in found}
    bins = [one for doubt, pairs in found.items() for one in _bins(doubt, pairs)]
    return Estimate(counts[Doubt.SAMPLE] * SAMPLED, counts[Doubt.SCORE], _share(found[Doubt.SAMPLE]), _share(found[Doubt.SCORE]), bins, unasked)


def _bins(doubt: Doubt, pairs: Iterable[tuple[int, bool]]) -> list[Bin]:
    found: dict[int, list[tuple[int, bool]]] = {}
    for weight, same in pairs:
        found.setdefault(weight // BIN, []).append((weight, same))
    return [Bin(doubt, place * BIN / 1000, _share(each)) for place, each in sorted(found.items())]


def _share(pairs: Iterable[tuple[int, bool]]) -> Share:
    told = [same for _, same in pairs]
    return Share(sum(told), len(told))


def _recall(linked: float, missed: float) -> float:
    return linked / (linked + missed) if linked + missed else 1.0
