"""Invented people through the path in memory: records gathered under their handles, aliases compared one at a time, people from handles and pairs."""

from __future__ import annotations

import random
from collections.abc import Iterable
from itertools import product
from typing import NamedTuple

from deploy.linkage.measure import inside
from deploy.simulation.linkage.aliases import Alias, aliases
from deploy.simulation.linkage.written import Written
from streams.identity.compare import Comparer
from streams.identity.groups import Pair, groups
from streams.identity.keys import Blocking
from streams.identity.model import Model
from streams.identity.spec import Spec
from tests.accuracy.linker import Linker, Weights
from tests.accuracy.measure import Pairs

_SURE = -(10**9)
"""The rank of aliases that a record names together: before any that are only alike."""


class People(NamedTuple):
    """What came of the records: the aliases, what compared pairs of them weigh, which are linked, which wait for a steward, and the records of each person."""

    aliases: dict[str, Alias]
    weights: Weights
    links: Pairs
    review: Pairs
    people: list[list[str]]

    def records(self, pairs: Iterable[tuple[str, str]]) -> Pairs:
        """The pairs of records that pairs of aliases stand for."""
        return {(min(one), max(one)) for a, b in pairs for one in product(self.aliases[a].records, self.aliases[b].records)}


def linked(spec: Spec, model: Model, records: Iterable[Written], seed: int) -> People:
    """Link records whose aliases arrive in an order drawn with the seed."""
    found = {alias.name: alias for alias in aliases(records)}
    arriving = sorted(found)
    random.Random(seed).shuffle(arriving)
    linker, compare = Linker(spec, model), Comparer(spec)
    for name in arriving:
        linker.take(name, found[name].profile)
    prepared = {name: compare.prepare(alias.profile) for name, alias in found.items()}

    def contradicts(a: str, b: str) -> str:
        return compare.contradiction(compare.levels(prepared[a], prepared[b])) if a in prepared and b in prepared else ""

    weights = linker.linked().weights
    worth = {pair for pair, weight in weights.items() if weight >= spec.review * 1000}
    links = {pair for pair in worth if weights[pair] >= spec.link * 1000 and not contradicts(*pair)}
    shared = {(min(name, other), max(name, other)) for name, alias in found.items() for other in alias.shared}
    of, _ = groups([*(Pair((_SURE,), *pair) for pair in shared), *(Pair((-weights[pair],), *pair) for pair in links)], contradicts)
    together = {id(group): group for group in of.values()}.values()
    alone = [[name] for name in found if name not in of]
    people = [[record for name in group if name in found for record in found[name].records] for group in (*together, *alone)]
    return People(found, weights, links, worth - links, people)


def by_rule(spec: Spec, people: People) -> dict[str, tuple[Pairs, int, int]]:
    """For each blocking rule: the pairs of aliases under its keys, its largest block that is compared, and how many are left out as crowded."""
    compare, blocking = Comparer(spec), Blocking(spec)
    blocks: dict[tuple[str, str], list[str]] = {}
    for name, alias in people.aliases.items():
        for key in blocking.keys(compare.prepare(alias.profile)):
            blocks.setdefault(key, []).append(name)
    found: dict[str, tuple[Pairs, int, int]] = {}
    for rule in spec.rules:
        mine = [members for (name, _), members in blocks.items() if name == rule.name]
        small = [members for members in mine if len(members) <= spec.crowd]
        found[rule.name] = inside(small), max(map(len, small), default=0), len(mine) - len(small)
    return found
