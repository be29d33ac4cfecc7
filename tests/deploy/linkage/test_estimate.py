"""What decisions tell."""

from __future__ import annotations

import pytest

from deploy.linkage.estimate import Share, estimate
from schemas.models.identity import Doubt, Review, Verdict
from tests.deploy.linkage.people import decision, numbered, waits

PAIRS = numbered(40)


def test_wilson() -> None:
    """The interval is Wilson's: of 8 in 10 it is the published 0.490 to 0.943, of none in ten it begins at 0, of nothing it is everything."""
    assert Share(8, 10).interval == pytest.approx((0.4902, 0.9433), abs=1e-4)
    assert Share(0, 10).interval == pytest.approx((0, 0.2775), abs=1e-4)
    assert Share(10, 10).interval == pytest.approx((0.7225, 1), abs=1e-4)
    assert (Share(0, 0).interval, Share(0, 0).rate) == ((0, 1), None)


def asked() -> dict[tuple[str, str], Review]:
    """Ten samples and twenty pairs that wait for their score, some heavier, and one that was taken back undecided."""
    samples = {each: waits(*each, Doubt.SAMPLE, 20_000 + 1000 * (number % 2)) for number, each in enumerate(PAIRS[:10])}
    scored = {each: waits(*each, Doubt.SCORE, 1000 + 2000 * (number % 2)) for number, each in enumerate(PAIRS[10:30])}
    return samples | scored | {PAIRS[30]: waits(*PAIRS[30]).taken_back()}


def test_estimate() -> None:
    """Precision is of decided samples, review of decided scores, both by weight; recall follows from how many pairs each stands for."""
    verdicts = [Verdict.SAME] * 7 + [Verdict.DIFFERENT] + [Verdict.SAME, Verdict.DIFFERENT, Verdict.DIFFERENT, Verdict.DIFFERENT]
    decided = {each: decision(*each, verdict) for each, verdict in zip([*PAIRS[:8], *PAIRS[10:14]], verdicts, strict=True)}
    found = estimate(asked(), decided)
    assert (found.links, found.waiting, found.precision, found.review) == (10_000, 20, Share(7, 8), Share(1, 4))
    assert found.recall == pytest.approx(8750 / 8755)
    low, high = found.recall_interval
    assert low < 8750 / 8755 < high <= 1
    assert [(one.doubt, one.bits, one.share) for one in found.bins] == [(Doubt.SAMPLE, 20, Share(7, 8)), (Doubt.SCORE, 0, Share(1, 2)), (Doubt.SCORE, 2, Share(0, 2))]
    assert found.document()["precision"]["rate"] == 0.875


def test_what_was_decided_stays_counted() -> None:
    """A review that a decision has ended counts as one that was asked; one that went by itself does not."""
    one, other = PAIRS[:2]
    ended = {one: waits(*one).taken_back(), other: waits(*other).taken_back()}
    assert estimate(ended, {one: decision(*one, Verdict.SAME)}).waiting == 1


def test_decisions_of_pairs_nobody_was_asked_about_do_not_count() -> None:
    """How they were chosen is not known: they are counted apart; so are those about a contradiction."""
    odd = {PAIRS[0]: waits(*PAIRS[0], Doubt.CONTRADICTION)}
    found = estimate(odd, {each: decision(*each, Verdict.SAME) for each in PAIRS[:2]})
    assert (found.unasked, found.precision, found.review) == (2, Share(0, 0), Share(0, 0))


def test_too_little_is_said_to_be_too_little() -> None:
    """Without decided samples, or with pairs that wait and none decided, there is no recall; without any that wait all is found."""
    assert estimate({}, {}).recall is None
    assert estimate({}, {}).recall_interval == (0, 1)
    sample = {PAIRS[0]: waits(*PAIRS[0], Doubt.SAMPLE, 9000)}
    decided = {PAIRS[0]: decision(*PAIRS[0], Verdict.SAME)}
    assert estimate(sample, decided).recall == 1
    assert estimate(sample | {PAIRS[1]: waits(*PAIRS[1])}, decided).recall is None
