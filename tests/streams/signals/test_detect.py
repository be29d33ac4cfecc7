"""Days judged by the days before, on numbers worked out by hand."""

from __future__ import annotations

import pytest

from schemas.models.signal import Method
from streams.policy import load
from streams.signals.chance import Level, beyond, level, most
from streams.signals.detect import exceeded

WARN = load().signals
DAY = 100


def judged(*days: int) -> dict[Method, tuple[float, float]]:
    """Expected and threshold by method of the last of some days."""
    found = exceeded({DAY - len(days) + 1 + place: count for place, count in enumerate(days)}, DAY, WARN, WARN.least)
    return {one.method: (one.expected, one.threshold) for one in found}


def test_three_people_after_nobody_are_a_signal_by_distribution_alone() -> None:
    """Three are no more than three standard deviations of at least one; four are. A negative binomial of 28 empty days takes one person for chance."""
    assert set(judged(3)) == {Method.NEGATIVE_BINOMIAL}
    assert set(judged(4)) == {Method.C1, Method.C2, Method.C3, Method.NEGATIVE_BINOMIAL}
    assert judged(2) == {}


def test_thresholds_of_c1_and_c2() -> None:
    """Of the week 1 3 2 4 3 2 6 the mean is 3 and the standard deviation 1.633: more than 7.899 are too many by C1. C2 leaves the last two days out."""
    found = judged(1, 3, 2, 4, 3, 2, 6, 9)
    assert found[Method.C1] == (3.0, 7.899)
    assert found[Method.C2] == (1.857, 6.578)


def test_the_third_day_of_a_slow_rise_is_a_signal_of_c3() -> None:
    """Three a day for three days are no signal by C1 or C2, but by their sum."""
    assert Method.C3 not in judged(3)
    assert {Method.C3} <= set(judged(3, 3, 3)) <= {Method.C3, Method.NEGATIVE_BINOMIAL}


def test_an_earlier_outbreak_hides_none() -> None:
    """What lies far outside counts less, so that a day of fifty does not raise the level as its mean would."""
    quiet = [2, 1, 3, 2, 1, 2, 3] * 4
    outbreak = [*quiet[:14], 50, *quiet[15:]]
    assert level(outbreak).mean < sum(outbreak) / 28 - 1
    assert level(quiet) == pytest.approx((56.5 / 28, 1.0))


@pytest.mark.parametrize(("of", "rare"), [(Level(2.0, 1.0), 0.005), (Level(5.0, 3.0), 0.005), (Level(0.02, 1.0), 0.05), (Level(900.0, 4.0), 0.01)])
def test_more_than_the_most_is_rare(of: Level, rare: float) -> None:
    """The most is the smallest count of which more is no more probable than that."""
    count = most(of, rare)
    assert beyond(of, count) <= rare
    assert beyond(of, count - 1) > rare


def test_probabilities_are_those_of_the_books() -> None:
    """Poisson of mean 2: more than 4 with 0.0527; negative binomial of mean 2 and variance 4 (size 2, one half): more than 2 with 0.3125."""
    assert beyond(Level(2.0, 1.0), 4) == pytest.approx(0.0527, abs=1e-4)
    assert beyond(Level(2.0, 2.0), 2) == pytest.approx(0.3125)


def test_a_signal_says_how_often_it_is_chance() -> None:
    """After four quiet weeks the negative binomial has a false alarm in less than the two years in a hundred that its probability allows."""
    (found,) = exceeded({DAY: 3}, DAY, WARN, WARN.least)
    assert 0 < found.false_alarms < 365 * WARN.rare
