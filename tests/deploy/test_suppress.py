"""What is shown of a table gives no small count away."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from deploy.suppress import Counts, suppressed

SMALLEST = 5
_PARTS, _VALUES = ("530601", "530602", "530603", "530604"), ("confirmed", "died", "isolated", "suspected")
tables = st.dictionaries(st.tuples(st.sampled_from(_PARTS), st.sampled_from(_VALUES)), st.integers(1, 12), max_size=16)


def whole(parts: Counts) -> Counts:
    """The table with the sums of its columns as the row of the region."""
    sums = {("5306", value): sum(count for (_, one), count in parts.items() if one == value) for value in _VALUES}
    return parts | {place: count for place, count in sums.items() if count}


@settings(deadline=None, max_examples=200)
@given(tables)
def test_nothing_small_is_shown_and_nothing_small_can_be_computed(parts: Counts) -> None:
    """With the sum of each row, and each column adding up to the region, no gap follows from the rest where anything else could be left out too."""
    counts = whole(parts)
    shown = suppressed(counts, SMALLEST, "5306")
    assert all(count is None or count >= SMALLEST for count in shown.values())
    gaps = [place for place, count in shown.items() if count is None]
    lines = [[place for place in gaps if place[0] == row] for row in ("5306", *_PARTS)]
    sums = [[place for place in gaps if place[1] == value] for value in _VALUES]
    known = np.array([[1.0 if place in line else 0.0 for place in gaps] for line in lines] + [[(1.0 if place[0] == "5306" else -1.0) if place in line else 0.0 for place in gaps] for line in sums])
    for number, place in enumerate(gaps):
        unit = np.eye(len(gaps))[number]
        computed = np.linalg.matrix_rank(np.vstack([known, unit])) == np.linalg.matrix_rank(known)
        left = [one for one, count in shown.items() if count and (one[0] == place[0] or one[1] == place[1])]
        assert not (computed and left), place


@settings(deadline=None, max_examples=200)
@given(tables, st.sets(st.sampled_from(_VALUES)))
def test_what_another_table_shows_gives_nothing_away(parts: Counts, gone: set[str]) -> None:
    """With the sums of columns shown, or left out, as elsewhere, and those of rows known: no gap follows from the rest, unless nothing else is shown."""
    counts = whole(parts)
    sums = {place: None if place[1] in gone or count < SMALLEST else count for place, count in counts.items() if place[0] == "5306"}
    shown = suppressed(counts, SMALLEST, "5306", sums)
    assert {place: count for place, count in shown.items() if place in sums} == sums
    gaps = [place for place in parts if shown[place] is None]
    assert {shown[place] is None for place in parts if counts[place] < SMALLEST} <= {True}
    lines = [{place for place in gaps if place[0] == part} for part in _PARTS] + [{place for place in gaps if place[1] == value} for value in _VALUES if sums.get(("5306", value))]
    known = np.array([[float(place in line) for place in gaps] for line in lines])
    for number, place in enumerate(gaps):
        unit = np.eye(len(gaps))[number]
        computed = np.linalg.matrix_rank(np.vstack([known, unit])) == np.linalg.matrix_rank(known)
        assert not computed or len(gaps) == len(parts), place


def test_one_gap_takes_another_along() -> None:
    """A single small count would be what is missing of the sum."""
    shown = suppressed({("5306", "confirmed"): 2, ("5306", "died"): 9, ("5306", "isolated"): 30}, SMALLEST, "5306")
    assert shown == {("5306", "confirmed"): None, ("5306", "died"): None, ("5306", "isolated"): 30}


def test_what_hides_nothing_is_shown_whole() -> None:
    """A table of large counts stays as it is."""
    counts = {("5306", "confirmed"): 20, ("530601", "confirmed"): 12, ("530602", "confirmed"): 8}
    assert suppressed(counts, SMALLEST, "5306") == counts


def test_two_gaps_that_are_small_together_take_a_third() -> None:
    """One and two people are three by what is left of the sum, which is small."""
    shown = suppressed({("5306", "a"): 1, ("5306", "b"): 2, ("5306", "c"): 40, ("5306", "d"): 50}, SMALLEST, "5306")
    assert [place[1] for place, count in shown.items() if count is None] == ["a", "b", "c"]
