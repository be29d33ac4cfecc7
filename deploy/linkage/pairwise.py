"""All compared pairs of some records, with their weights; by which rule a pair is found, and why one was not."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import combinations
from typing import NamedTuple

from deploy.linkage.measure import Pair, pair
from streams.identity.compare import Comparer, Prepared
from streams.identity.keys import Blocking
from streams.identity.model import Model
from streams.identity.records import Record
from streams.identity.score import Scorer, Step
from streams.identity.spec import Spec

NO_KEY, CROWDED, WEIGHT, REVIEW, CONTRADICTION = "no shared blocking key", "only crowded blocking keys", "weight", "waits for a steward", "contradiction"
CAUSES = (NO_KEY, CROWDED, WEIGHT, REVIEW, CONTRADICTION)
"""Why a true pair is not in one cluster, in the order of the path."""
Key = tuple[str, str]


class RuleCount(NamedTuple):
    """What a blocking rule does: the pairs that it brings together, the true ones among them, and the true ones that no other rule brings together.

    `crowded` are true pairs that it would bring together if their keys had not too many records.
    """

    rule: str
    says: str
    pairs: int
    true: int
    alone: int
    crowded: int


class Pairwise:
    """Records prepared for comparing, with their keys."""

    def __init__(self, spec: Spec, model: Model, records: Sequence[Record]) -> None:
        """Prepare all. Raises BadModel when the model is not of the spec."""
        self._spec, self._scorer, self._compare = spec, Scorer(spec, model), Comparer(spec)
        blocking = Blocking(spec)
        self._prepared: dict[str, Prepared] = {record.id: self._compare.prepare(record.profile) for record in records}
        self._keys: dict[str, set[Key]] = {one: set(blocking.keys(prepared)) for one, prepared in self._prepared.items()}
        self._blocks: dict[Key, list[str]] = {}
        for one, keys in self._keys.items():
            for key in keys:
                self._blocks.setdefault(key, []).append(one)
        self._crowded = {key for key, members in self._blocks.items() if len(members) > spec.crowd}

    def weights(self) -> dict[Pair, int]:
        """All pairs that share a key which is not crowded, with their weights in thousandths of a bit."""
        found = {pair(*each) for key, members in self._blocks.items() if key not in self._crowded for each in combinations(members, 2)}
        return {(a, b): self._scorer.score(self._prepared[a], self._prepared[b]) for a, b in sorted(found)}

    def explain(self, one: str, other: str) -> list[Step]:
        """The parts of a pair's weight."""
        return self._scorer.explain(self._prepared[one], self._prepared[other])

    def contradiction(self, one: str, other: str) -> str:
        """Why the two cannot be one person, or ''."""
        return self._compare.contradiction(self._compare.levels(self._prepared[one], self._prepared[other]))

    def shared(self, one: str, other: str) -> list[str]:
        """The rules by which the two are compared, sorted; without those whose shared keys are crowded."""
        return sorted({rule for rule, text in self._keys[one] & self._keys[other] if (rule, text) not in self._crowded})

    def missed(self, one: str, other: str) -> str:
        """Why the two are not in one cluster: one of CAUSES."""
        common = self._keys[one] & self._keys[other]
        if not common:
            return NO_KEY
        if common <= self._crowded:
            return CROWDED
        weight = self._scorer.score(self._prepared[one], self._prepared[other])
        if weight < self._spec.review * 1000:
            return WEIGHT
        return REVIEW if weight < self._spec.link * 1000 and not self.contradiction(one, other) else CONTRADICTION

    def rules(self, true: set[Pair]) -> list[RuleCount]:
        """What each rule does, in the order of the spec."""
        return list(self._rules(true))

    def _rules(self, true: set[Pair]) -> Iterable[RuleCount]:
        by = {each: set(self.shared(*each)) for each in true}
        under = {each: {rule for rule, _ in self._keys[each[0]] & self._keys[each[1]]} for each in true}
        for rule in self._spec.rules:
            mine = (members for key, members in self._blocks.items() if key[0] == rule.name and key not in self._crowded)
            pairs = len({pair(*each) for members in mine for each in combinations(members, 2)})
            found = [each for each in true if rule.name in by[each]]
            lost = sum(rule.name in under[each] and rule.name not in by[each] for each in true)
            yield RuleCount(rule.name, rule.says, pairs, len(found), sum(by[each] == {rule.name} for each in found), lost)
