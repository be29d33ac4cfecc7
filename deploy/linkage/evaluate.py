"""How well some records are linked, beside the truth: of clusters and of links, by what is missing and by kind of error, and why what was missed was missed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from typing import Any, NamedTuple

from deploy.linkage.files import Read
from deploy.linkage.measure import Pair, Rates, rates, together
from deploy.linkage.pairwise import CAUSES, Pairwise
from deploy.linkage.stream import Linked, Tell, link
from schemas.models.identity import Doubt
from streams.identity.model import Model
from streams.identity.spec import Spec

NONE = "none"
"""In place of a field or an error: the pairs without any."""


class Share(NamedTuple):
    """Of the true pairs of which something is so, how many are in one cluster."""

    what: str
    true: int
    found: int

    @property
    def recall(self) -> float:
        """The share."""
        return self.found / self.true if self.true else 1.0


class Evaluation(NamedTuple):
    """How good a linkage is. `missed` counts the true pairs in different clusters by cause.

    `fields` tells recall by a field that either record lacks, `errors` by a kind of error that either has (empty when the files do not tell).
    """

    records: int
    people: int
    clusters: Rates
    links: Rates
    reviews: dict[Doubt, Rates]
    missed: dict[str, int]
    fields: list[Share]
    errors: list[Share]
    linked: Linked

    def document(self) -> dict[str, Any]:
        """For programs."""
        return {
            "records": self.records, "people": self.people, "clusters": self.clusters.document(), "links": self.links.document(),
            "reviews": {doubt.value: {"pairs": one.found, "true": one.right} for doubt, one in self.reviews.items()}, "missed": self.missed,
            "by_missing_field": [one._asdict() | {"recall": one.recall} for one in self.fields],
            "by_error": [one._asdict() | {"recall": one.recall} for one in self.errors],
            "records_per_second": round(self.linked.per_second, 1),
            "milliseconds": {name: round(1000 * self.linked.quantile(share), 3) for name, share in (("p50", 0.5), ("p99", 0.99))},
        }  # fmt: skip


def evaluate(spec: Spec, model: Model, read: Read, seed: int, tell: Tell = lambda _: None) -> Evaluation:
    """Link the records one at a time, in an order drawn with the seed, and judge the result. Raises ValueError when the files do not tell all people."""
    if len(person := read.person) < len(read.records):
        raise ValueError("not every record tells its person: there is nothing to judge by")
    linked = link(spec, model, read.records, seed, tell)
    true, found = together(person), together(linked.group)
    pairwise = Pairwise(spec, model, read.records)
    missed = Counter(pairwise.missed(*each) for each in true - found)
    return Evaluation(
        records=len(read.records), people=len(set(person.values())), clusters=rates(found, true), links=rates(set(linked.links), true),
        reviews=_reviews(linked.reviews, true), missed={cause: missed[cause] for cause in CAUSES}, fields=_fields(spec, read, true, found),
        errors=_shares(true, found, lambda one: read.errors.get(one, ())) if read.errors else [], linked=linked,
    )  # fmt: skip


def _reviews(reviews: Mapping[Pair, Doubt], true: set[Pair]) -> dict[Doubt, Rates]:
    return {doubt: rates({each for each, one in reviews.items() if one is doubt}, true) for doubt in Doubt if doubt in reviews.values()}


def _fields(spec: Spec, read: Read, true: set[Pair], found: set[Pair]) -> list[Share]:
    """Recall by the field that one of the two records lacks."""
    fields = sorted({source for field in spec.fields for source in field.sources})
    lacks = {record.id: tuple(field for field in fields if not record.profile.get(field)) for record in read.records}
    return _shares(true, found, lambda one: lacks[one])


def _shares(true: set[Pair], found: set[Pair], of: Callable[[str], Iterable[str]]) -> list[Share]:
    """Recall by what is so of either record of a pair; a pair of which several things are so counts for each of them."""
    all_, right = Counter[str](), Counter[str]()
    for each in true:
        what = {*of(each[0]), *of(each[1])} or {NONE}
        all_.update(what)
        if each in found:
            right.update(what)
    return [Share(what, count, right[what]) for what, count in sorted(all_.items(), key=lambda one: (one[0] == NONE, -one[1], one[0]))]
