"""People from pairs by weight, decisions of stewards, and contradictions; and what waits for a steward."""

from __future__ import annotations

from itertools import combinations, permutations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import BaseModel

from schemas.models.fact import Fact
from schemas.models.identity import Doubt, Grade, Judgement, Link, Match, Profile, Review, Shared
from schemas.models.identity import Verdict as Decided
from streams.identity import nodes
from streams.identity.links import stage
from streams.identity.nodes import MOST
from streams.stage import Verdict
from tests.streams.identity.small import OPENED, Fields, profile
from tests.streams.trial import Trial, outcomes, token, values

A, B, C, D = ("a" * 32, "b" * 32, "c" * 32, "d" * 32)
TOPICS = ("identity.link", "identity.review")
WANG: Fields = {"name": "wang ceshi", "born": "1980-01-01"}


def trial(*facts: BaseModel) -> Trial:
    """The stage, after some facts in one batch."""
    made = Trial(stage(OPENED))
    made.give(*facts)
    return made


def match(one: str, other: str, bits: int = 10, grade: Grade = Grade.LINK, rule: str = "phone") -> Match:
    """A pair of a weight."""
    a, b = sorted((one, other))
    return Match.of(causes=[f"{a[:3]}{b[:3]}".ljust(32, "0").replace("x", "0"), f"{b[:3]}".ljust(32, "1")], at=7, a=a, b=b, reason=rule, grade=grade, weight=bits * 1000, model=1)


def shared(one: str, other: str, at: int = 1, reason: str = "same account") -> Shared:
    """Two aliases that a record names together."""
    a, b = sorted((one, other))
    return Shared.of(causes=[f"record {at}"], at=at, a=a, b=b, reason=reason)


def decide(one: str, other: str, verdict: Decided, at: int = 100) -> Judgement:
    """A steward's decision."""
    a, b = sorted((one, other))
    return Judgement.of(causes=[], at=at, a=a, b=b, verdict=verdict, decider="S-1", reason="documents seen")


def people(made: Trial) -> dict[str, str]:
    """The person of each alias that is linked."""
    return {link.alias: link.person for link in made.stands("identity.link") if isinstance(link, Link)}


def reviews(made: Trial) -> dict[tuple[str, str], tuple[Doubt, str]]:
    """What waits for a steward, and why."""
    return {(one.a, one.b): (one.doubt, one.says) for one in made.stands("identity.review") if isinstance(one, Review)}


def test_a_link_joins_and_a_review_waits() -> None:
    """A pair of the grade link is one person, with the facts behind its profiles as causes; one of the grade review waits with its weight."""
    made = trial(match(A, B), match(B, C, 4, Grade.REVIEW))
    assert people(made) == {A: A, B: A}
    assert reviews(made) == {(B, C): (Doubt.SCORE, "")}
    (review,) = values(made.wrote, Review)
    assert review.weight == 4000
    assert {tuple(one.reasons) for one in values(made.wrote, Link)} == {("records alike",)}
    assert {tuple(one.causes) for one in values(made.wrote, Link)} == {tuple(sorted(match(A, B).causes))}


def test_a_pair_found_by_two_rules_changes_nothing() -> None:
    """The same pair under another key writes nothing, and stands until both are gone."""
    made = trial(match(A, B))
    assert made.give(match(A, B, rule="birthday")) == []
    assert made.give(match(A, B).taken_back()) == []
    assert people(made) == {A: A, B: A}
    made.give(match(A, B, rule="birthday").taken_back())
    assert people(made) == {}
    assert made.rows() == []


@pytest.mark.parametrize("order", list(permutations(range(3))))
def test_a_pair_found_by_many_rules_is_one_tie(order: tuple[int, ...]) -> None:
    """Matches that say the same take the rows of one; whichever falls last takes these with it, and none of them counts twice."""
    said = [match(A, B, rule=rule) for rule in ("phone", "birthday", "document")]
    made = trial(said[0])
    rows = len(made.rows())
    made.give_each([*said[1:], said[1]])
    assert made.verdicts == [Verdict.APPLIED, Verdict.APPLIED, Verdict.DUPLICATE]
    assert len(made.rows()) == rows
    first, second, last = (said[place].taken_back() for place in order)
    assert made.give_each([first, first, second]) == []
    assert made.verdicts[3:] == [Verdict.APPLIED, Verdict.DUPLICATE, Verdict.APPLIED]
    assert {emit.key for emit in made.give(last)} == {A, B}
    assert made.rows() == []


def test_whoever_is_joined_otherwise_waits_no_longer() -> None:
    """A review between two aliases of one person is taken back, and comes again when they part, whichever of the two has changed."""
    made = trial(match(A, B, 4, Grade.REVIEW))
    made.give(shared(A, C), shared(B, C))
    assert reviews(made) == {}
    made.give(shared(B, C).taken_back())
    assert reviews(made) == {(A, B): (Doubt.SCORE, "")}


def test_what_nobody_has_two_of_gives_the_key() -> None:
    """A resident number goes before every smaller token, whenever it was told; who joins later does not take its place, and without it the smallest has it."""
    document = profile(D, at=9, only="resident")
    made = trial(profile(B, at=1), profile(C, at=2), shared(B, C), shared(C, D))
    assert set(people(made).values()) == {B}
    made.give(document)
    assert people(made) == dict.fromkeys((B, C, D), D)
    written = made.give(profile(A, at=0), shared(A, B))
    assert people(made) == dict.fromkeys((A, B, C, D), D)
    assert {one.alias for one in values(written, Link)} == {A, B}
    made.give(document.taken_back())
    assert set(people(made).values()) == {A}


def test_of_two_documents_that_a_steward_joins_the_smaller_gives_the_key() -> None:
    """Both before a smaller token of another sort."""
    made = trial(profile(A), profile(C, only="resident"), profile(B, only="resident"), shared(A, C), decide(B, C, Decided.SAME))
    assert people(made) == dict.fromkeys((A, B, C), B)


@pytest.mark.parametrize("moments", list(permutations((1, 2, 3))))
def test_no_moment_moves_a_key(moments: tuple[int, ...]) -> None:
    """Whenever each of three was told, the person is the same."""
    told = [profile(one, at=at) for one, at in zip((A, B, C), moments, strict=True)]
    assert set(people(trial(*told, shared(A, B), shared(B, C))).values()) == {A}


def test_two_resident_numbers_are_two_people() -> None:
    """A chain between two of what nobody has two of is cut at its less sure link, and waits for a steward."""
    made = trial(profile(A, only="resident"), profile(C, only="resident"), shared(A, B), shared(B, C, reason="same phone and name"))
    assert people(made) == {A: A, B: A}
    assert reviews(made) == {(B, C): (Doubt.CONTRADICTION, "two of what nobody has two of: resident")}


def test_profiles_that_contradict_each_other_part_a_chain() -> None:
    """Names and birth dates that differ entirely are not one person, though each is like the one between them."""
    made = trial(profile(A, **WANG), profile(B, name="wang ceshi"), profile(C, name="li yangben", born="1951-12-23"), match(A, B, 12), match(B, C, 9))
    assert people(made) == {A: A, B: A}
    assert reviews(made) == {(B, C): (Doubt.CONTRADICTION, "names and birth dates differ")}


def test_a_profile_that_comes_later_parts_them_too() -> None:
    """When the contradiction becomes known, the link goes; when it is corrected, it comes again."""
    bad = profile(C, name="li yangben", born="1951-12-23")
    made = trial(profile(A, **WANG), match(A, C))
    assert people(made) == {A: A, C: A}
    made.give(bad)
    assert people(made) == {}
    made.give(bad.taken_back(), profile(C, at=2, **WANG))
    assert people(made) == {A: A, C: A}


def test_a_decision_outweighs_scores_and_contradictions() -> None:
    """Different parts what a handle joins; same joins what nothing joins, and what contradicts; a later decision replaces an earlier one, and one taken back is gone."""
    made = trial(shared(A, B))
    made.give(decide(A, B, Decided.DIFFERENT))
    assert (people(made), reviews(made)) == ({}, {})
    made.give(decide(A, B, Decided.SAME, at=200))
    assert people(made) == {A: A, B: A}
    made.give(decide(A, B, Decided.SAME, at=200).taken_back())
    assert people(made) == {}
    made = trial(profile(C, only="resident"), profile(D, only="resident"), decide(C, D, Decided.SAME))
    assert people(made) == {C: C, D: C}
    assert {tuple(one.reasons) for one in values(made.wrote, Link)} == {("decided by a steward",)}


def test_decisions_at_odds_wait() -> None:
    """Two that were decided the same cannot join through a third that was decided different from one of them: the later pair in order waits."""
    made = trial(decide(A, B, Decided.SAME), decide(B, C, Decided.SAME), decide(A, C, Decided.DIFFERENT))
    assert people(made) == {A: A, B: A}
    assert reviews(made) == {(B, C): (Doubt.DECISION, "a steward decided that they are different people")}


def test_a_handle_of_too_many_joins_nobody() -> None:
    """A shared device joins nobody once it has too many others, is told to a steward, and joins again when some are gone."""
    others = [token(f"other {number}") for number in range(MOST + 1)]
    made = trial(*(shared(A, other, at) for at, other in enumerate(others[:-1])))
    assert len(set(people(made).values())) == 1
    made.give(shared(A, others[-1], 99))
    assert people(made) == {}
    assert reviews(made) == {(A, A): (Doubt.CROWDED, "")}
    made.give(shared(A, others[0], 0).taken_back())
    assert len(people(made)) == MOST + 1
    assert reviews(made) == {}


@pytest.mark.parametrize("portion", [1, 7, 30, 100])
def test_a_handle_becomes_one_of_too_many_in_batches_of_any_size(portion: int) -> None:
    """However many come at once beyond what one may have, those that were joined before are let go of too; and joined again when as many are gone."""
    many = [shared(A, token(f"other {number}"), number) for number in range(MOST + 30)]
    made = trial()
    for place in range(0, len(many), portion):
        made.give(*many[place : place + portion])
    assert (people(made), reviews(made)) == ({}, {(A, A): (Doubt.CROWDED, "")})
    for place in range(0, 40, portion):
        made.give(*(one.taken_back() for one in many[:40][place : place + portion]))
    assert (len(people(made)), reviews(made)) == (len(many) - 40 + 1, {})


@pytest.mark.parametrize("other", [B, "f" * 32])
def test_what_is_only_like_a_handle_of_too_many_does_not_wait(other: str) -> None:
    """A score with a shared device says nothing, whichever of the two changes last; when some others are gone, the pair waits again."""
    device = "c" * 32
    many = [shared(device, token(f"other {number}"), number) for number in range(MOST + 1)]
    weak, beside = match(device, other, 4, Grade.REVIEW), shared(other, D)
    facts = [weak, beside, *many]
    for first in (facts, [*many, weak, beside], [*many, beside, weak], [weak, *many, beside]):
        made = trial()
        made.give_each(first)
        assert reviews(made) == {(device, device): (Doubt.CROWDED, "")}
        made.give(many[0].taken_back())
        assert reviews(made) == {(min(device, other), max(device, other)): (Doubt.SCORE, "")}
        made.give(many[0])
        assert reviews(made) == {(device, device): (Doubt.CROWDED, "")}


def test_repetition() -> None:
    """Profiles, decisions and pairs that stand, and retractions of what does not, are duplicates."""
    facts: list[Fact] = [profile(A), decide(A, B, Decided.SAME), match(A, B), shared(A, B)]
    made = trial()
    made.give_each([one for fact in facts for one in (fact, fact)] + [one for fact in facts for one in (fact.taken_back(), fact.taken_back())])
    assert made.verdicts == [Verdict.APPLIED, Verdict.DUPLICATE] * 8
    assert made.rows() == []


SETS: list[list[Fact]] = [
    [profile(A, only="resident"), profile(C, only="resident"), shared(A, B), shared(B, C), match(A, C)],
    [profile(A, **WANG), profile(B, name="wang ceshi"), profile(C, name="li yangben", born="1951-12-23"), match(A, B, 12), match(B, C, 9)],
    [shared(A, B), match(B, C), match(C, D, 4, Grade.REVIEW), decide(A, C, Decided.DIFFERENT), match(A, D)],
    [decide(A, B, Decided.SAME), decide(A, B, Decided.DIFFERENT, at=101), match(A, B), decide(B, C, Decided.SAME), match(A, C)],
]


@pytest.mark.parametrize("facts", SETS)
def test_every_order_has_one_result(facts: list[Fact]) -> None:
    """Chains with contradictions, decisions and scores, in every order, one by one and in one batch: links and reviews are the same."""
    assert len(outcomes(stage(OPENED), permutations(facts), TOPICS)) == 1


@pytest.mark.parametrize(("facts", "gone"), [(facts, gone) for facts in SETS for gone in facts])
def test_what_is_taken_back_leaves_no_trace(facts: list[Fact], gone: Fact) -> None:
    """A fact that came and went at any time leaves what the others alone would have given."""
    without = outcomes(stage(OPENED), [[one for one in facts if one is not gone]], TOPICS)
    orders = [order for order in permutations([*facts, gone.taken_back()]) if order.index(gone) < order.index(gone.taken_back())]
    assert outcomes(stage(OPENED), orders[::11], TOPICS) == without


_PAIRS = list(combinations((A, B, C, D), 2))
_FACTS: list[Fact] = [
    *(match(*pair, bits) for pair in _PAIRS for bits in (9, 12)), *(match(*pair, 4, Grade.REVIEW) for pair in _PAIRS), *(shared(*pair) for pair in _PAIRS),
    *(decide(*pair, verdict) for pair in _PAIRS for verdict in Decided), *(profile(one, only="resident") for one in (A, B, C)),
]  # fmt: skip


@settings(deadline=None, max_examples=120)
@given(st.lists(st.tuples(st.sampled_from(_FACTS), st.booleans()), max_size=16), st.randoms(use_true_random=False), st.sampled_from([1, 2, MOST]))
def test_any_history_ends_where_its_facts_alone_begin(steps: list[tuple[Fact, bool]], dice: object, most: int) -> None:
    """After facts came and went in any order and batches, links and reviews are those that the standing facts give at once; no person holds a contradiction.

    So it is where a handle of two or three others is one of too many.
    """
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(nodes, "MOST", most)
        _compare(steps, dice)


def _compare(steps: list[tuple[Fact, bool]], dice: object) -> None:
    made = trial()
    left: dict[str, Fact] = {}
    for fact, comes in steps:
        made.give(fact if comes else fact.taken_back())
        left = left | {fact.id: fact} if comes else {key: value for key, value in left.items() if key != fact.id}
    rest = list(left.values())
    dice.shuffle(rest)  # type: ignore[attr-defined]
    at_once = trial(*rest)
    assert [made.stands(topic) for topic in TOPICS] == [at_once.stands(topic) for topic in TOPICS]
    only = {one.alias for one in rest if isinstance(one, Profile) and one.only}
    same = {(one.a, one.b) for one in rest if isinstance(one, Judgement) and one.verdict is Decided.SAME}
    of = people(made)
    assert not [1 for one, other in combinations(sorted(only), 2) if one in of and of[one] == of.get(other) and (one, other) not in same]
