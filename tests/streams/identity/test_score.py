"""What pairs weigh, and why."""

from __future__ import annotations

import pytest
from hypothesis import given

from streams.identity.compare import Comparer
from streams.identity.model import BadModel, FieldWeights
from streams.identity.score import Scorer
from tests.streams.identity import small
from tests.streams.identity.trying import FEBRL, PROFILES, model

Profile = dict[str, list[str]]
COMPARE, SCORER = Comparer(FEBRL), Scorer(FEBRL, model())


@given(PROFILES, PROFILES)
def test_the_explanation_adds_up(a: Profile, b: Profile) -> None:
    """The weights of the steps add up to the score, and each step has its sentence."""
    x, y = COMPARE.prepare(a), COMPARE.prepare(b)
    steps = SCORER.explain(x, y)
    assert sum(step.weight for step in steps) == SCORER.score(x, y)
    assert all(step.says.endswith(".") for step in steps)


@given(PROFILES, PROFILES)
def test_score_is_symmetric_and_blind_to_order(a: Profile, b: Profile) -> None:
    """Neither which profile comes first nor the order of values changes a score."""
    x, y = COMPARE.prepare(a), COMPARE.prepare(b)
    turned = COMPARE.prepare({field: values[::-1] for field, values in b.items()})
    assert SCORER.score(x, y) == SCORER.score(y, x) == SCORER.score(x, turned)


def _with(terms: dict[str, int], rare: int) -> Scorer:
    plain = small.model()
    names = FieldWeights(levels=plain.fields["name"].levels, terms=terms, rare=rare)
    return Scorer(small.SPEC, plain.model_copy(update={"fields": {**plain.fields, "name": names}}))


@pytest.mark.parametrize(
    ("a", "b", "expected"),
    [
        (["smith"], ["smith"], -6000 + 7000 - 3000),
        (["walker"], ["walker"], -6000 + 7000 + 2000),
        (["smith", "walker"], ["walker", "smith"], -6000 + 7000 + 2000),
        (["smith"], ["smyth"], -6000 + 6000),
        (["smith"], ["robertson"], -6000 - 4000),
    ],
)
def test_a_rare_name_counts_more(a: list[str], b: list[str], expected: int) -> None:
    """A frequent name that is shared takes away, another adds, the rarest of several counts, and names that are not the same have no rarity."""
    compare, scorer = Comparer(small.SPEC), _with({"smith": -3000}, 2000)
    x, y = compare.prepare({"name": a}), compare.prepare({"name": b})
    assert scorer.score(x, y) == expected
    assert sum(step.weight for step in scorer.explain(x, y)) == expected


def test_nothing_in_common_is_the_prior() -> None:
    """Two profiles that say nothing of each other weigh what any two do."""
    compare, scorer = Comparer(small.SPEC), Scorer(small.SPEC, small.model())
    x, y = compare.prepare({"name": ["anna"]}), compare.prepare({"phone": ["1"]})
    assert scorer.score(x, y) == -6000
    assert [step.field for step in scorer.explain(x, y)] == [""]


def test_a_model_of_another_spec_is_refused() -> None:
    """Weights are never used for fields that they were not learned for."""
    with pytest.raises(BadModel, match="for small, not for febrl"):
        Scorer(FEBRL, small.model())
