"""Rates over the threshold, and the pairs that are shown."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from deploy.linkage.curve import curve
from deploy.linkage.examples import examples
from deploy.linkage.measure import Pair, Rates, rates

WEIGHTS = {("a", "b"): 9000, ("c", "d"): 4200, ("e", "f"): 1000, ("g", "h"): 12_000, ("i", "j"): -300, ("k", "l"): 15_000}
TRUE = {("a", "b"), ("c", "d"), ("g", "h"), ("i", "j"), ("y", "z")}


def test_points() -> None:
    """A point each half bit tells the rates of all pairs that weigh as much or more; what was not compared is missed at all of them."""
    points = {point.bits: point.rates for point in curve(WEIGHTS, TRUE)}
    assert (min(points), max(points), len(points)) == (-0.5, 15.0, 32)
    assert points[-0.5] == Rates(6, 4, 5)
    assert (points[9.0], points[9.5]) == (Rates(3, 2, 5), Rates(2, 1, 5))
    assert curve({}, TRUE) == []


@given(st.dictionaries(st.tuples(st.sampled_from("abc"), st.sampled_from("xyz")), st.integers(-3000, 3000), min_size=1), st.sets(st.tuples(st.sampled_from("abc"), st.sampled_from("xyz"))))
def test_points_are_what_counting_gives(weights: dict[Pair, int], true: set[Pair]) -> None:
    """Each point is what counting the pairs gives."""
    for bits, found in curve(weights, true):
        assert found == rates({each for each, weight in weights.items() if weight >= bits * 1000}, true)


def test_examples() -> None:
    """One of each sort is shown, where there is one."""
    found = {one.says.split(" of ")[0] + one.says[-20:]: one.pair for one in examples(WEIGHTS, TRUE, 8000, 0)}
    assert list(found.values()) == [("g", "h"), ("a", "b"), ("c", "d"), ("i", "j"), ("k", "l")]
    assert examples({}, TRUE, 8000, 0) == []
    assert [one.pair for one in examples({("a", "b"): 9000}, TRUE, 8000, 0)] == [("a", "b"), ("a", "b")]
