"""Who is one person: what records name together, what is alike, what stewards decided, and nothing that contradicts itself."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations

from schemas.models.fact import fact_id
from schemas.models.identity import Doubt, Judgement, Verdict
from streams.identity.model import Model
from streams.identity.spec import Spec
from tests.oracle.alike import contradiction, keys, levels, weight
from tests.oracle.facts import Told
from tests.oracle.grouped import grouped
from tests.oracle.persons import REASONS

_SAID_AT_MOST = 100
_JOINED_AT_MOST = 50
_WEAK = ("same phone and name", "same phone alone")


@dataclass(frozen=True)
class Link:
    """The person of an alias: the token of an alias of it that nobody has two of, or else of any; of several the smallest."""

    alias: str
    person: str
    reasons: tuple[str, ...]


@dataclass(frozen=True)
class Review:
    """A pair that waits for a steward."""

    a: str
    b: str
    doubt: Doubt
    says: str
    weight: int | None


@dataclass
class Someone:
    """What is known of an alias: what it is that nobody has two of, and its profile."""

    only: str
    said: dict[str, set[str]] = field(default_factory=dict)


@dataclass
class Tie:
    """What is between two aliases: reasons of records that name both, and the weight of what is alike."""

    shared: set[str] = field(default_factory=set)
    weight: int | None = None
    links: bool = False

    @property
    def joins(self) -> bool:
        """Whether it makes one person, as far as it goes."""
        return bool(self.shared) or self.links


Pair = tuple[str, str]


@dataclass
class Linked:
    """The answer: links by alias, and reviews."""

    links: dict[str, Link]
    reviews: list[Review]


def linked(told: Iterable[Told], decisions: Iterable[Judgement], spec: Spec, model: Model) -> Linked:
    """The people of all records that stand and all decisions that stand."""
    mentions = grouped((one for one in told if one.mentions), lambda one: one.alias)
    mentions = {alias: mine for alias, mine in mentions.items() if len({_saying(one) for one in mine}) <= _SAID_AT_MOST}
    known = {alias: _someone(mine) for alias, mine in mentions.items()}
    ties = _ties(mentions, known, spec, model)
    decided = {pair: max(mine, key=lambda one: (one.at, one.id)).verdict for pair, mine in grouped(decisions, lambda one: (one.a, one.b)).items()}
    crowded = {alias for alias, count in _degrees(ties).items() if count > _JOINED_AT_MOST}
    kept = {pair: tie for pair, tie in ties.items() if not crowded & set(pair)}
    groups, refused = _groups(kept, decided, known, spec)
    return _told(groups, refused, kept, decided, known, crowded)


def _saying(one: Told) -> tuple[object, ...]:
    """What a record says of somebody, without when."""
    return one.source, one.only, tuple(one.tokens.items()), one.identifiers


def _someone(mine: Sequence[Told]) -> Someone:
    someone = Someone(max(one.only for one in mine))
    for one in mine:
        for name, value in one.identifiers:
            someone.said.setdefault(name, set()).add(value)
    return someone


def _ties(mentions: Mapping[str, list[Told]], known: Mapping[str, Someone], spec: Spec, model: Model) -> dict[Pair, Tie]:
    ties: dict[Pair, Tie] = {}
    for alias, mine in mentions.items():
        for token, kind in {(token, kind) for one in mine for kind, token in one.tokens.items() if token != alias}:
            ties.setdefault(_pair(alias, token), Tie()).shared.add(REASONS[kind])
    under: dict[tuple[str, str], list[str]] = {}
    for alias, someone in known.items():
        for key in keys(someone.said, spec):
            under.setdefault(key, []).append(alias)
    for pair in {_pair(*two) for members in under.values() if len(members) <= spec.crowd for two in combinations(members, 2)}:
        first, second = known[pair[0]], known[pair[1]]
        bits = weight(first.said, second.said, spec, model)
        if bits >= round(spec.review * 1000):
            tie = ties.setdefault(pair, Tie())
            tie.weight = bits
            tie.links = bits >= round(spec.link * 1000) and not contradiction(levels(first.said, second.said, spec), spec)
    return ties


def _pair(one: str, other: str) -> Pair:
    return (one, other) if one < other else (other, one)


def _degrees(ties: Mapping[Pair, Tie]) -> dict[str, int]:
    return {alias: len(mine) for alias, mine in grouped(((end, pair) for pair, tie in ties.items() if tie.joins for end in pair), lambda one: one[0]).items()}


def _groups(kept: Mapping[Pair, Tie], decided: Mapping[Pair, Verdict], known: Mapping[str, Someone], spec: Spec) -> tuple[dict[str, set[str]], dict[Pair, str]]:
    """The group of every alias in a tie or decision; and of the pairs that may not join, why."""
    joining = {pair for pair, tie in kept.items() if tie.joins and pair not in decided} | {pair for pair, verdict in decided.items() if verdict is Verdict.SAME}
    groups = {alias: {alias} for pair in [*kept, *decided] for alias in pair}
    refused: dict[Pair, str] = {}
    for pair in sorted(joining, key=lambda pair: (_rank(kept.get(pair, Tie()), pair in decided), pair)):
        one, other = groups[pair[0]], groups[pair[1]]
        if one is other:
            continue
        against = [_against(_pair(a, b), decided, known, spec) for a in sorted(one) for b in sorted(other)]
        if any(against):
            refused[pair] = next(says for says in against if says)
            continue
        both = one | other
        groups |= dict.fromkeys(both, both)
    return groups, refused


def _rank(tie: Tie, decided: bool) -> tuple[int, int]:
    if decided:
        return 0, 0
    if tie.shared:
        return 1, min(_WEAK.index(reason) + 1 if reason in _WEAK else 0 for reason in tie.shared)
    return 2, -(tie.weight or 0)


def _against(pair: Pair, decided: Mapping[Pair, Verdict], known: Mapping[str, Someone], spec: Spec) -> str:
    if pair in decided:
        return "a steward decided that they are different people" if decided[pair] is Verdict.DIFFERENT else ""
    if pair[0] not in known or pair[1] not in known:
        return ""
    one, other = known[pair[0]], known[pair[1]]
    if one.only and one.only == other.only:
        return f"two of what nobody has two of: {one.only}"
    return contradiction(levels(one.said, other.said, spec), spec)


def _told(groups: Mapping[str, set[str]], refused: Mapping[Pair, str], kept: Mapping[Pair, Tie], decided: Mapping[Pair, Verdict],
          known: Mapping[str, Someone], crowded: set[str]) -> Linked:  # fmt: skip
    kept_of, decided_of = _by_alias(kept), _by_alias(decided)
    links: dict[str, Link] = {}
    for alias, group in groups.items():
        if len(group) > 1:
            person = min([one for one in group if one in known and known[one].only] or group)
            reasons = {"decided by a steward" for pair in decided_of.get(alias, []) if set(pair) <= group and decided[pair] is Verdict.SAME}
            for pair in kept_of.get(alias, []):
                if set(pair) <= group and pair not in decided:
                    reasons |= kept[pair].shared | ({"records alike"} if kept[pair].links else set())
            links[alias] = Link(alias, person, tuple(sorted(reasons)))
    reviews = [Review(alias, alias, Doubt.CROWDED, "", None) for alias in crowded]
    for pair in {*kept, *decided}:
        if doubt := _doubt(pair, groups[pair[0]] is groups[pair[1]], refused, kept, decided):
            tie = kept.get(pair, Tie())
            reviews.append(Review(*pair, doubt, refused.get(pair, ""), tie.weight))
    return Linked(links, reviews)


def _by_alias(pairs: Iterable[Pair]) -> dict[str, list[Pair]]:
    """The pairs that each alias is in."""
    return {alias: [pair for _, pair in found] for alias, found in grouped(((end, pair) for pair in pairs for end in pair), lambda one: one[0]).items()}


def _doubt(pair: Pair, one_person: bool, refused: Mapping[Pair, str], kept: Mapping[Pair, Tie], decided: Mapping[Pair, Verdict]) -> Doubt | None:
    if pair in decided:
        return None if one_person or decided[pair] is Verdict.DIFFERENT else Doubt.DECISION
    if not kept[pair].joins:
        return None if one_person else Doubt.SCORE
    if one_person:
        sampled = not kept[pair].shared and int(fact_id("sample", *pair)[:8], 16) % 1000 == 0
        return Doubt.SAMPLE if sampled else None
    return Doubt.CONTRADICTION if pair in refused else None
