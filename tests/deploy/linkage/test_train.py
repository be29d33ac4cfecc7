"""Models learned without labels."""

from __future__ import annotations

import random
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deploy.linkage.train import COMMON, LISTED, near, pairs, pool, rarity, train
from streams.identity.compare import Comparer
from streams.identity.model import check
from tests.streams.identity import small
from tests.streams.identity.trying import FEBRL, drawn, model


def test_the_order_of_profiles_says_nothing() -> None:
    """The model is the same, to the last digit, for every order in which profiles come."""
    profiles = [record.profile for record in drawn()]
    random.Random(3).shuffle(profiles)
    assert train(FEBRL, profiles, "drawn records") == model()


def test_a_model_belongs_to_its_spec() -> None:
    """It has all fields and levels, the equal one of each weighs most, and the prior is that of few pairs in many."""
    check(model(), FEBRL)
    assert all(level.says for field in model().fields.values() for level in field.levels.values())
    assert model().fields["surname"].levels["equal"].weight > 3000
    assert model().fields["surname"].levels["different"].weight < -1000
    assert -16_000 < model().prior < -4_000


def test_weights_never_rise_with_less_likeness() -> None:
    """Within a field no level weighs more than one that is more alike."""
    for field in model().fields.values():
        weights = [level.weight for level in field.levels.values()]
        assert weights == sorted(weights, reverse=True)


@given(st.lists(st.tuples(st.floats(0.001, 1), st.floats(0.001, 1)), min_size=1, max_size=8))
def test_pooling_keeps_sums_and_order(levels: list[tuple[float, float]]) -> None:
    """Levels that are put together have the ratio of their sums, and ratios fall; what falls already stays as it is."""
    ratios = [m / u for m, u in pool(levels)]
    assert len(ratios) == len(levels)
    assert all(one >= other * (1 - 1e-9) for one, other in pairwise(ratios))
    falling = sorted(levels, key=lambda level: level[1] / level[0])
    assert [m / u for m, u in pool(falling)] == pytest.approx([m / u for m, u in falling])


def test_rare_terms_are_not_listed() -> None:
    """A name that few profiles have is in no model, and counts more than one that many have."""
    profiles = [{"name": ["walker"], "born": [f"1980010{day}"]} for day in range(9)] + [{"name": ["robertson"], "born": ["19800101"]}] * 2
    names = train(small.SPEC, profiles, "invented").fields["name"]
    assert list(names.terms) == ["walker"]
    assert names.rare > names.terms["walker"]
    assert LISTED > 2


def test_what_a_family_shares_is_not_listed_among_many() -> None:
    """A value of a few profiles among very many, such as a phone, is in no model, however many a few are in themselves."""
    family = [("+shared",)] * LISTED
    assert "+shared" in rarity([*family, *[(f"+{number}",) for number in range(100)]], str)[0]
    assert rarity([*family, *[(f"+{number}",) for number in range(LISTED * COMMON)]], str)[0] == {}


def test_a_crowded_key_is_left_out() -> None:
    """A key that more profiles share than the spec allows makes no pair."""
    compare = Comparer(small.SPEC)
    prepared = [compare.prepare({"phone": ["1"]}) for _ in range(small.SPEC.crowd)]
    assert len(near(small.SPEC, prepared)) == 6
    assert near(small.SPEC, [*prepared, prepared[0]]) == set()


def test_all_pairs_are_told_when_they_are_few() -> None:
    """Those that share a key and those that do not are all the pairs there are."""
    compare = Comparer(FEBRL)
    prepared = [compare.prepare(record.profile) for record in drawn(20)]
    found = pairs(FEBRL, prepared, 1)
    assert sum(found.sample.values()) == found.rest
    assert sum(found.near.values()) + found.rest == len(prepared) * (len(prepared) - 1) // 2
