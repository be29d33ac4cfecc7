"""Pairs under a key: each once, however many records say it."""

from __future__ import annotations

from itertools import permutations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schemas.models.identity import Block, Match
from streams.identity.blocks import stage
from streams.stage import Emit, Verdict
from tests.streams.trial import Trial, outcomes, token, values

PHONE, ACCOUNT = token("a phone with a name"), token("an account")
A, B, C = (token(f"alias {name}") for name in "abc")


def block(at: int, alias: str = A, key: str = PHONE, cause: str = "record") -> Block:
    """That a record of a moment names an alias under a key."""
    return Block.of(causes=[f"{cause} {at}"], at=at, block=key, alias=alias, reason="same phone and name")


def matches(emits: list[Emit]) -> list[tuple[int, bool]]:
    """Moment of each match that was written, and whether it was taken back."""
    return [(match.at, match.retracted) for match in values(emits, Match)]


def standing(trial: Trial) -> list[Match]:
    """The matches that stand."""
    return [match for match in trial.stands("identity.match") if isinstance(match, Match)]


def test_one_pair_however_many_records() -> None:
    """The pair of key and alias is written with the first record that names it; later records write nothing."""
    trial = Trial(stage())
    emits = trial.give_each([block(5), block(7), block(9)])
    (match,) = values(emits, Match)
    assert (match.a, match.b) == (min(PHONE, A), max(PHONE, A))
    assert (match.at, match.reason, match.causes) == (5, "same phone and name", [block(5).id])
    assert emits[0].key == f"{match.a} {match.b}"
    assert trial.verdicts == [Verdict.APPLIED] * 3


def test_an_earlier_record_changes_the_pair() -> None:
    """A late record that is older than all before it replaces the match: its moment is when the alias was first seen."""
    trial = Trial(stage())
    trial.give_each([block(5)])
    assert matches(trial.give_each([block(3)])) == [(5, True), (3, False)]


@pytest.mark.parametrize("place", [0, 1, 2])
def test_a_record_that_is_taken_back(place: int) -> None:
    """The pair stands while any record names it: the match changes when the first goes, stays when another goes, and ends with the last."""
    blocks = [block(1), block(2), block(3)]
    trial = Trial(stage())
    trial.give(*blocks)
    expected = {0: [(1, True), (2, False)], 1: [], 2: []}[place]
    assert matches(trial.give(blocks[place].taken_back())) == expected
    assert [one.at for one in standing(trial)] == [2 if place == 0 else 1]
    rest = [one for one in blocks if one is not blocks[place]]
    trial.give(*(one.taken_back() for one in rest))
    assert standing(trial) == []
    assert trial.rows() == []


def test_repetition() -> None:
    """A block that stands, and a retraction of one that does not, are duplicates."""
    trial = Trial(stage())
    assert trial.give_each([block(1), block(1), block(1).taken_back(), block(1).taken_back()])
    assert trial.verdicts == [Verdict.APPLIED, Verdict.DUPLICATE, Verdict.APPLIED, Verdict.DUPLICATE]
    assert matches(trial.wrote) == [(1, False), (1, True)]


def test_one_batch_writes_the_difference_alone() -> None:
    """Within a batch only the last state counts: what comes and goes in it is not written."""
    trial = Trial(stage())
    assert trial.give(block(1), block(2), block(1).taken_back(), block(2).taken_back()) == []
    assert matches(trial.give(block(2), block(1), block(3))) == [(1, False)]


def test_pairs_of_other_keys_and_aliases_are_others() -> None:
    """Two aliases under one key make two pairs with the key and none with each other; one alias under two keys likewise."""
    trial = Trial(stage())
    trial.give(block(1, A), block(2, B), block(3, A, ACCOUNT))
    assert {frozenset((one.a, one.b)) for one in standing(trial)} == {frozenset((PHONE, A)), frozenset((PHONE, B)), frozenset((ACCOUNT, A))}


def test_two_records_of_one_moment() -> None:
    """Which of two records of one moment counts as the first does not depend on which came first."""
    both = [block(1, cause="one"), block(1, cause="other")]
    assert len(outcomes(stage(), permutations(both), ["identity.match"])) == 1


@pytest.mark.parametrize("gone", range(4))
def test_every_order_has_one_result(gone: int) -> None:
    """Four records of two aliases and the retraction of one of them, in every order in which the retraction follows its record."""
    blocks = [block(4), block(2), block(3, B), block(1, B, ACCOUNT)]
    back = blocks[gone].taken_back()
    orders = [order for order in permutations([*blocks, back]) if order.index(blocks[gone]) < order.index(back)]
    assert len(outcomes(stage(), orders, ["identity.match"])) == 1


@settings(deadline=None, max_examples=80)
@given(st.lists(st.tuples(st.integers(1, 4), st.sampled_from([A, B]), st.booleans()), max_size=12))
def test_what_stands_is_the_first_of_each_pair(steps: list[tuple[int, str, bool]]) -> None:
    """After any assertions and retractions the standing matches are, for each alias, that of its first standing record."""
    trial = Trial(stage())
    left: dict[str, set[int]] = {A: set(), B: set()}
    for moment, alias, comes in steps:
        trial.give(block(moment, alias) if comes else block(moment, alias).taken_back())
        left[alias] = left[alias] | {moment} if comes else left[alias] - {moment}
    found = {alias: one.at for one in standing(trial) for alias in {one.a, one.b} - {PHONE}}
    assert found == {alias: min(moments) for alias, moments in left.items() if moments}
