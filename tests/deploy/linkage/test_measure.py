"""Rates of pairs."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deploy.linkage.measure import Rates, grouped, inside, pair, rates, together


def test_rates() -> None:
    """Precision is of what is found, recall of what is true, F1 their harmonic mean."""
    found = rates({("a", "b"), ("a", "c"), ("b", "c"), ("d", "e")}, {("a", "b"), ("d", "e"), ("f", "g")})
    assert found == Rates(4, 2, 3)
    assert found.precision == 0.5
    assert found.recall == pytest.approx(2 / 3)
    assert found.f1 == pytest.approx(2 / (1 / found.precision + 1 / found.recall))
    assert found.document() == {"found": 4, "right": 2, "true": 3, "precision": 0.5, "recall": found.recall, "f1": found.f1}


def test_nothing_to_find() -> None:
    """Where there is nothing to find and nothing found, nothing is wrong; what is found then is."""
    assert (Rates(0, 0, 0).precision, Rates(0, 0, 0).recall, Rates(0, 0, 0).f1) == (1, 1, 1)
    assert (Rates(1, 0, 0).precision, Rates(1, 0, 0).f1) == (0, 0)


def test_pairs_of_groups() -> None:
    """A group of three has three pairs, each in its order; one alone has none."""
    assert inside([["c", "a", "b"], ["d"]]) == {("a", "b"), ("a", "c"), ("b", "c")}
    assert grouped({"a": "x", "b": "y", "c": "x"}) == {"x": ["a", "c"], "y": ["b"]}
    assert pair("b", "a") == pair("a", "b") == ("a", "b")


@given(st.dictionaries(st.text("abcdef", min_size=1, max_size=3), st.sampled_from("xyz")))
def test_pairs_are_those_of_one_group(of: dict[str, str]) -> None:
    """A pair is there exactly when both have the same group."""
    assert together(of) == {(a, b) for a in of for b in of if a < b and of[a] == of[b]}
