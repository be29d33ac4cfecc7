"""The space-time permutation scan finds a cluster that was put there, and none where place and time are independent."""

from __future__ import annotations

import numpy as np
import pytest

from deploy.scan import Case, clusters

LAST = 18_300
PLACES = [f"5306241{town:02}{community:03}" for town in range(4) for community in range(5)]


def background(seed: int, cases: int = 120) -> list[Case]:
    """Cases of any place on any of thirty days."""
    random = np.random.default_rng(seed)
    return [Case(PLACES[random.integers(len(PLACES))], LAST - int(random.integers(30))) for _ in range(cases)]


def test_a_cluster_is_found_where_and_when_it_is() -> None:
    """Twelve more cases in one community on the last three days: the strongest cluster is that one, and the draws hardly have another."""
    found = clusters([*background(3), *(Case(PLACES[7], LAST - place % 3) for place in range(12))], "5306", LAST, 30)
    assert found[0].region == PLACES[7]
    assert LAST - 4 <= found[0].first <= LAST - 2
    assert found[0].observed >= 12
    assert found[0].expected < 4
    assert found[0].p == pytest.approx(0.001)


def test_where_nothing_is_there_is_seldom_a_cluster() -> None:
    """Of forty periods of independent cases about two have a cluster with p up to 0.05."""
    assert sum(bool(clusters(background(seed), "5306", LAST, 30, rounds=99)) for seed in range(40)) <= 5


def test_the_statistic_is_that_of_the_paper() -> None:
    """Four cases, two of them in one place on the last day of two: 2 log 2 + 2 log (2/3), by hand."""
    cases = [Case("530101001001", LAST), Case("530101001001", LAST), Case("530102001001", LAST - 1), Case("530102001001", LAST - 1)]
    (found, *_) = clusters(cases, "53", LAST, 2, rounds=99, most=1.0)
    assert (found.observed, found.expected) == (2, 1.0)
    assert found.ratio == pytest.approx(2 * np.log(2 / 1) + 2 * np.log(2 / 3))


def test_the_same_seed_gives_the_same() -> None:
    """Draws are seeded, and cases in any order are the same cases."""
    cases = [*background(5), *(Case(PLACES[1], LAST) for _ in range(6))]
    assert clusters(cases, "5306", LAST, 30, seed=4) == clusters(cases, "5306", LAST, 30, seed=4)
    assert [one[:5] for one in clusters(cases[::-1], "5306", LAST, 30)] == [one[:5] for one in clusters(cases, "5306", LAST, 30)]


@pytest.mark.parametrize("cases", [[], [Case("530624100001", LAST)], [Case("440101", LAST)] * 9, [Case("5306", LAST)] * 9], ids=["none", "one", "elsewhere", "nowhere within"])
def test_too_little_is_no_cluster(cases: list[Case]) -> None:
    """Nothing, one case, cases of elsewhere, and cases of which no part of the region is known."""
    assert clusters(cases, "5306", LAST, 14) == []
