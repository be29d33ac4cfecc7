"""Expectation maximisation, on pairs whose m and u are known."""

from __future__ import annotations

import random
from collections import Counter

import pytest

from deploy.linkage.em import Pairs, estimate
from streams.identity.compare import Levels

_M = ((0.9, 0.07, 0.03), (0.8, 0.2), (0.85, 0.15), (0.95, 0.05))
_U = ((0.01, 0.04, 0.95), (0.1, 0.9), (0.05, 0.95), (0.3, 0.7))


def pairs(ones: int, twos: int, seed: int = 1, missing: float = 0.0) -> Pairs:
    """Pairs of one person and of two with the shares above; those that agree in something share a key."""
    drawn = random.Random(seed)

    def levels(shares: tuple[tuple[float, ...], ...]) -> Levels:
        return tuple(None if drawn.random() < missing else drawn.choices(range(len(row)), row)[0] for row in shares)

    near: Counter[Levels] = Counter()
    far: Counter[Levels] = Counter()
    for some in (levels(shares) for shares, count in ((_M, ones), (_U, twos)) for _ in range(count)):
        (near if 0 in some else far)[some] += 1
    return Pairs(near, far, far.total())


@pytest.mark.parametrize("missing", [0.0, 0.2])
def test_what_was_put_in_is_found(missing: float) -> None:
    """m, u and the share of pairs of one person come out as they were drawn, also where values are missing."""
    found = estimate(pairs(2_000, 60_000, missing=missing), [len(row) for row in _M])
    assert found.share == pytest.approx(2_000 / 62_000, rel=0.1)
    for expected, got in ((_M, found.m), (_U, found.u)):
        for row, shares in zip(expected, got, strict=True):
            assert shares == pytest.approx(row, abs=0.04)
            assert sum(shares) == pytest.approx(1)


def test_a_sample_stands_for_the_rest() -> None:
    """The shares u are the same when a tenth of the pairs without a common key is drawn and told to stand for all."""
    whole = pairs(2_000, 60_000)
    drawn = Counter(random.Random(2).sample(list(Counter(whole.sample).elements()), whole.rest // 10))
    found, expected = (estimate(Pairs(whole.near, sample, whole.rest), [len(row) for row in _M]) for sample in (drawn, whole.sample))
    for row, shares in zip(expected.u, found.u, strict=True):
        assert shares == pytest.approx(row, abs=0.01)


def test_a_field_that_nobody_fills_says_nothing() -> None:
    """Where no pair has a level, m and u are the same."""
    some = pairs(500, 5_000)
    near, sample = (Counter({(*levels, None): count for levels, count in counts.items()}) for counts in (some.near, some.sample))
    wider = Pairs(near, sample, some.rest)
    found = estimate(wider, [*(len(row) for row in _M), 3])
    assert found.m[-1] == found.u[-1]


def test_nobody_twice_is_seen() -> None:
    """Among pairs of two people alone, next to none is taken for one of one person."""
    found = estimate(pairs(0, 20_000), [len(row) for row in _M])
    assert found.share < 0.01


def test_nothing_to_learn_from_is_refused() -> None:
    """Without a pair that shares a key nothing can be learned."""
    with pytest.raises(ValueError, match="no two profiles"):
        estimate(Pairs({}, {}, 10), [2])
