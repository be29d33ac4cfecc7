"""The published sets, where they are: what the linker must reach on them. Elsewhere these tests are skipped and say so."""

from __future__ import annotations

import pytest

from deploy.linkage.train import train
from tests.accuracy.__main__ import assess
from tests.accuracy.linker import link
from tests.accuracy.measure import accuracy, true_pairs
from tests.accuracy.published import PUBLISHED, folder, read
from tests.realdata.data import NoData


@pytest.mark.parametrize(("name", "least", "precision"), [("febrl1", 0.998, 0.999), ("febrl2", 0.998, 0.999), ("febrl3", 0.998, 0.999), ("febrl4", 0.999, 0.999), ("fake-1000", 0.923, 0.99)])
def test_people_are_found(name: str, least: float, precision: float) -> None:
    """Trained on the set itself without its truth, without the identifying number, in random order: the clusters are as good as they must be, or better than Splink's best."""
    try:
        spec, records = read(folder(), name)
    except NoData as why:
        pytest.skip(str(why))
    found, _ = assess(spec, records, seed=2)
    splink = PUBLISHED[name].splink
    assert splink
    assert found.clusters.f1 >= max(least, splink[0])
    assert found.links.precision >= precision


def test_a_model_holds_for_a_sibling() -> None:
    """Weights that were learned from one set link another of the same kind as well as its own."""
    try:
        (spec, taught), (_, others) = read(folder(), "febrl1"), read(folder(), "febrl2")
    except NoData as why:
        pytest.skip(str(why))
    model = train(spec, [record.profile for record in taught], "febrl1")
    found = accuracy(spec, link(spec, model, others, seed=3), true_pairs(others))
    assert found.clusters.f1 >= 0.998
    assert found.links.precision >= 0.999
