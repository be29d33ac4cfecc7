"""The people of one component, the links of their aliases, and the pairs that wait for a steward: all from what is known of the aliases, and nothing else."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Protocol

from schemas.models.fact import fact_id
from schemas.models.identity import TIMELESS, Doubt, Grade, Review, Verdict
from streams.identity.compare import Prepared
from streams.identity.groups import Pair, groups
from streams.identity.linked import packed
from streams.identity.nodes import Node, Tie, Told
from streams.identity.opened import Opened

ALIKE, DECIDED = "records alike", "decided by a steward"
"""Reasons of a link besides those for shared handles."""
SAMPLED = 1000
"""One of so many links by score goes to a steward, so that the precision of the others can be estimated."""
_WEAK = ("same phone and name", "same phone alone")
"""Shared handles that several people can have, the surest first; all others come before them."""
Nodes = dict[str, Node]


class Outside(Protocol):
    """What is known of the aliases that are not in the component."""

    def person(self, alias: str) -> str:
        """The person of an alias."""

    def is_crowded(self, alias: str) -> bool:
        """Whether it has too many ties to be of one person."""


class People:
    """The people of a component."""

    def __init__(self, nodes: Nodes, opened: Opened) -> None:
        """Take what is known of the aliases, and what opens their profiles."""
        self._nodes, self._opened = nodes, opened
        pairs = [pair for alias, node in nodes.items() for pair in self._pairs(alias, node)]
        self._groups, refused = groups(pairs, self._contradicts)
        self._refused = {(one.pair.a, one.pair.b): one.says for one in refused}
        self.person = {alias: min(self._groups.get(alias, [alias]), key=self._order) for alias in nodes}
        """The person of each alias."""

    def links(self) -> Iterator[tuple[str, bytes]]:
        """The link of each alias as it is kept, in order; b"" for an alias that is joined with no other."""
        for alias, node in sorted(self._nodes.items()):
            person = self.person[alias]
            joined = [other for other in node.joins if self.person.get(other) == person and alias in self._nodes[other].joins]
            if not joined:
                yield alias, b""
                continue
            why = [one for other in joined for one in self._why(node, other)]
            reasons, causes = sorted({reason for reason, _ in why}), sorted({cause for _, cause in why})
            yield alias, packed(person, causes, reasons)

    def reviews(self, outside: Outside) -> Iterator[Review]:
        """The pairs with an alias of the component that wait for a steward, each once; `outside` tells of the aliases that are not in it."""
        for alias, node in sorted(self._nodes.items()):
            if node.crowded:
                yield Review.of(causes=[], at=TIMELESS, a=alias, b=alias, doubt=Doubt.CROWDED)
            for other in sorted({*node.ties, *node.decided}):
                if (alias < other or other not in self._nodes) and (review := self._review(alias, other, outside)):
                    yield review

    def _order(self, alias: str) -> tuple[bool, str]:
        """What gives a person its key comes first: what nobody has two of, then the smaller token; never a time, for times expire."""
        profile = self._nodes[alias].profile
        return not (profile and profile.only), alias

    def _pairs(self, alias: str, node: Node) -> Iterator[Pair]:
        for other in node.joins:
            if alias < other and alias in self._nodes[other].joins:
                yield Pair(_rank(node, other), alias, other)

    def _contradicts(self, one: str, other: str) -> str:
        mine, its = self._nodes[one], self._nodes[other]
        if decided := mine.decided.get(other):
            return "a steward decided that they are different people" if decided[0] is Verdict.DIFFERENT else ""
        if mine.profile is None or its.profile is None:
            return ""
        if mine.profile.only and mine.profile.only == its.profile.only:
            return f"two of what nobody has two of: {mine.profile.only}"
        return self._opened.contradiction(self._prepared(one, mine.profile), self._prepared(other, its.profile))

    def _prepared(self, alias: str, told: Told) -> Prepared:
        return self._opened.prepared(alias, told.sealed)

    def _why(self, node: Node, other: str) -> Iterator[tuple[str, str]]:
        """Each reason for being joined with another, with the fact behind it."""
        if other in node.decided:
            yield DECIDED, node.decided[other][1]
            return
        for tie in node.ties[other]:
            if tie.grade is Grade.LINK and tie.weight is None:
                yield tie.reason, tie.id
            elif tie.grade is Grade.LINK:
                yield from ((ALIKE, cause) for cause in tie.causes)

    def _review(self, alias: str, other: str, outside: Outside) -> Review | None:
        node = self._nodes[alias]
        a, b = sorted((alias, other))
        ties, decided = node.ties.get(other, []), node.decided.get(other)
        if ties and self._is_crowded(other, outside):  # what is like it says nothing
            ties = []
        if not ties and not decided:
            return None
        joined = self.person[alias] == (self.person[other] if other in self._nodes else outside.person(other))
        says = self._refused.get((a, b), "")
        if decided:
            doubt = None if joined or decided[0] is Verdict.DIFFERENT else Doubt.DECISION
        elif any(tie.grade is Grade.LINK for tie in ties):
            doubt = (Doubt.SAMPLE if _sampled(a, b, ties) else None) if joined else Doubt.CONTRADICTION if says else None
        else:
            doubt = None if joined else Doubt.SCORE
        if doubt is None:
            return None
        causes = {decided[1]} if decided else {cause for tie in ties for cause in (tie.causes if tie.weight is not None else (tie.id,))}
        weights = [tie.weight for tie in ties if tie.weight is not None]
        return Review.of(causes=sorted(causes), at=TIMELESS, a=a, b=b, doubt=doubt, says=says, weight=max(weights, default=None))

    def _is_crowded(self, alias: str, outside: Outside) -> bool:
        node = self._nodes.get(alias)
        return outside.is_crowded(alias) if node is None else node.crowded


def _rank(node: Node, other: str) -> tuple[int, ...]:
    """Decisions first, then shared handles, then scores, each from the surest."""
    if other in node.decided:
        return (0, 0)
    ties = [tie for tie in node.ties[other] if tie.grade is Grade.LINK]
    shared = [tie.reason for tie in ties if tie.weight is None]
    if shared:
        return (1, min(_WEAK.index(reason) + 1 if reason in _WEAK else 0 for reason in shared))
    return (2, -max(tie.weight or 0 for tie in ties))


def _sampled(a: str, b: str, ties: list[Tie]) -> bool:
    return all(tie.weight is not None for tie in ties) and int(fact_id("sample", a, b)[:8], 16) % SAMPLED == 0
