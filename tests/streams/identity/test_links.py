"""People as what matches connect, and the key that they get."""

from __future__ import annotations

from itertools import combinations, permutations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schemas.models.identity import TIMELESS, Judgement, Link, Shared
from schemas.models.identity import Verdict as Decided
from schemas.models.raw import Reject
from schemas.signing import Signatures
from streams.identity.links import stage as links
from streams.stage import Stage, Verdict
from tests.office import BUS, OFFICE, signed
from tests.streams.identity.small import OPENED
from tests.streams.trial import Trial, outcomes, values

A, B, C, D, E = ("a" * 32, "b" * 32, "c" * 32, "d" * 32, "e" * 32)


def stage() -> Stage:
    """The stage."""
    return links(OPENED)


def match(one: str, other: str, at: int, reason: str = "same account") -> Shared:
    """That records name two aliases together; `at` tells one such fact from another."""
    a, b = sorted((one, other))
    return Shared.of(causes=[f"block {at}"], at=at, a=a, b=b, reason=reason)


def people(trial: Trial) -> dict[str, str]:
    """The person of each alias that is linked."""
    return {link.alias: link.person for link in trial.stands("identity.link") if isinstance(link, Link)}


def link(trial: Trial, alias: str) -> Link:
    """The link of an alias that stands."""
    return next(one for one in trial.stands("identity.link") if isinstance(one, Link) and one.alias == alias)


def test_a_pair_is_a_person() -> None:
    """Both aliases are linked to one person, with the reasons; a link has no moment."""
    trial = Trial(stage())
    emits = trial.give(match(A, B, 5), match(B, A, 7, "same document"))
    assert [emit.key for emit in emits] == [A, B]
    assert people(trial) == {A: A, B: A}
    assert (link(trial, B).at, link(trial, B).since, link(trial, B).reasons) == (TIMELESS, TIMELESS, ["same account", "same document"])
    assert link(trial, B).causes == sorted([match(A, B, 5).id, match(A, B, 7, "same document").id])


def test_order_of_what_is_written() -> None:
    """Links are written by alias, and their causes are sorted, however the matches lie: the same matches are the same bytes."""
    trial = Trial(stage())
    star = [match(C, other, at) for at, other in enumerate((E, B, D, A))]
    assert [emit.key for emit in trial.give(*star)] == [A, B, C, D, E]
    assert link(trial, C).causes == sorted(one.id for one in star)


def test_the_key_is_the_smallest_token() -> None:
    """The person has the smallest token of its aliases, whatever joined them first."""
    trial = Trial(stage())
    trial.give(match(D, B, 9), match(B, C, 4))
    assert set(people(trial).values()) == {B}
    trial.give(match(C, E, 3))
    assert set(people(trial).values()) == {B}
    trial.give(match(A, D, 10))
    assert set(people(trial).values()) == {A}


def test_a_match_joins_two_people() -> None:
    """Whoever belongs to either is then one person with the smaller key; only what changed is written."""
    trial = Trial(stage())
    trial.give(match(A, B, 1), match(C, D, 2))
    assert people(trial) == {A: A, B: A, C: C, D: C}
    changed = values(trial.give(match(B, C, 3)), Link)
    assert people(trial) == dict.fromkeys((A, B, C, D), A)
    assert {one.alias for one in changed} == {B, C, D}


def test_a_match_taken_back_parts_them() -> None:
    """Without the match that joined them they are two people again, exactly as before."""
    trial = Trial(stage())
    trial.give(match(A, B, 1), match(C, D, 2))
    before = trial.stands("identity.link")
    trial.give(match(B, C, 3))
    trial.give(match(B, C, 3).taken_back())
    assert trial.stands("identity.link") == before


def test_a_second_way_keeps_them_together() -> None:
    """In a ring of matches, each can go without parting anyone."""
    ring = [match(A, B, 1), match(B, C, 2), match(C, A, 3)]
    for gone in ring:
        trial = Trial(stage())
        trial.give(*ring)
        trial.give(gone.taken_back())
        assert len(set(people(trial).values())) == 1
        assert set(people(trial)) == {A, B, C}


def test_two_matches_of_one_pair() -> None:
    """A pair with two reasons stands until both are gone."""
    trial = Trial(stage())
    trial.give(match(A, B, 1), match(A, B, 2, "same document"))
    trial.give(match(A, B, 1).taken_back())
    assert people(trial) == {A: A, B: A}
    assert link(trial, A).reasons == ["same document"]


def test_an_alias_that_is_single_again_has_no_link() -> None:
    """The last match gone, the link is taken back as it was, and nothing is left in the state."""
    trial = Trial(stage())
    trial.give(match(A, B, 1))
    linked = trial.stands("identity.link")
    back = values(trial.give(match(A, B, 1).taken_back()), Link)
    assert back == [one.model_copy(update={"retracted": True}) for one in linked]
    assert trial.stands("identity.link") == []
    assert trial.rows() == []


def test_repetition() -> None:
    """A match that stands, and a retraction of one that does not, are duplicates and write nothing."""
    trial = Trial(stage())
    trial.give_each([match(A, B, 1).taken_back(), match(A, B, 1), match(A, B, 1), match(A, B, 1).taken_back(), match(A, B, 1).taken_back()])
    assert trial.verdicts == [Verdict.DUPLICATE, Verdict.APPLIED, Verdict.DUPLICATE, Verdict.APPLIED, Verdict.DUPLICATE]
    assert [one.retracted for one in values(trial.wrote, Link)] == [False, False, True, True]


SETS = [
    [match(A, B, 4), match(B, C, 3), match(C, D, 2), match(D, E, 1)],
    [match(A, B, 1), match(A, C, 1), match(A, D, 1), match(A, E, 1)],
    [match(A, B, 2), match(B, C, 2), match(A, C, 2), match(D, E, 1)],
    [match(A, B, 3), match(C, D, 1), match(B, C, 2), match(B, C, 2, "same document")],
]


@pytest.mark.parametrize("matches", SETS)
def test_every_order_has_one_result(matches: list[Shared]) -> None:
    """Chains, stars, rings and two people who meet, in every order, one by one and in one batch."""
    assert len(outcomes(stage(), permutations(matches), ["identity.link"])) == 1


@pytest.mark.parametrize(("matches", "gone"), [(matches, gone) for matches in SETS for gone in matches])
def test_what_is_taken_back_leaves_no_trace(matches: list[Shared], gone: Shared) -> None:
    """A match that came and went at any time leaves what the others alone would have given."""
    rest = [one for one in matches if one is not gone]
    without = outcomes(stage(), [rest], ["identity.link"])
    orders = [order for order in permutations([*matches, gone.taken_back()]) if order.index(gone) < order.index(gone.taken_back())]
    assert outcomes(stage(), orders[::7], ["identity.link"]) == without


def _components(pairs: list[Shared]) -> list[set[str]]:
    """Who is connected, found by joining sets until nothing changes."""
    groups = [{pair.a, pair.b} for pair in pairs]
    while True:
        two = next(((one, other) for one, other in combinations(groups, 2) if one & other), None)
        if two is None:
            return groups
        groups = [group for group in groups if group is not two[0] and group is not two[1]] + [two[0] | two[1]]


ALL = [match(one, other, at) for one, other in combinations((A, B, C, D, E), 2) for at in (1, 2)]


@settings(deadline=None, max_examples=80)
@given(st.lists(st.tuples(st.sampled_from(ALL), st.booleans()), max_size=14))
def test_people_are_the_connected_components(steps: list[tuple[Shared, bool]]) -> None:
    """After any matches come and go: who is connected is one person, whose key is the smallest alias, and nobody else is linked."""
    trial = Trial(stage())
    left: dict[str, Shared] = {}
    for one, comes in steps:
        trial.give(one if comes else one.taken_back())
        left = left | {one.id: one} if comes else {key: value for key, value in left.items() if key != one.id}
    expected: dict[str, str] = {}
    for group in _components(list(left.values())):
        expected |= dict.fromkeys(group, min(group))
    assert people(trial) == expected


def test_a_decision_that_nobody_signed_is_refused() -> None:
    """With a register of staff a decision joins two aliases when its steward signed it; unsigned, by an officer, or changed from different to same, it is refused."""
    trial = Trial(links(OPENED, Signatures(OFFICE, BUS)))
    one = Judgement.of(causes=[], at=5, a=A, b=B, verdict=Decided.SAME, decider="OP-STEWARD", reason="documents-seen")
    bent = signed("identity.decision", one.model_copy(update={"verdict": Decided.DIFFERENT})).model_copy(update={"verdict": Decided.SAME})
    officer = signed("identity.decision", one.model_copy(update={"decider": "OP-OFFICER"}))
    assert [len(values(trial.give(forged), Reject)) for forged in (one, bent, officer)] == [1, 1, 1]
    assert (people(trial), trial.rows()) == ({}, [])
    trial.give(made := signed("identity.decision", one))
    assert people(trial) == {A: A, B: A}
    assert len(values(trial.give(made.taken_back()), Reject)) == 1
    trial.give(signed("identity.decision", made.taken_back().model_copy(update={"decider": "OP-1"})))
    assert people(trial) == {}
