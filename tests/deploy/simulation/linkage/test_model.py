"""Training the model for people."""

from __future__ import annotations

from math import log2

import pytest

from deploy.simulation.linkage.model import PRIOR, namesakes, trained
from streams.identity.model import check
from streams.identity.spec import shipped


def test_trained_alike_each_time_for_a_province() -> None:
    """The same people give the same model, for the shipped spec, with the prior of a province; agreement speaks for one person, disagreement against."""
    model = trained(400, seed=1)
    check(model, shipped("people"))
    assert model == trained(400, seed=1)
    assert model.prior == PRIOR
    for name in ("resident", "name", "born", "sex", "phone", "region"):
        weights = [level.weight for level in model.fields[name].levels.values()]
        assert weights[0] > 0 > weights[-1]
    assert model.trained_on.startswith("the records of 400 invented people")


def test_namesakes_are_counted() -> None:
    """How often two people share a name is what the records say, not what a sample of pairs happened to have."""
    names = ["杨测试"] * 3 + ["李样本"] * 2 + ["赵虚构", "周例子", "陈假名", "刘拟型", "罗仿设"]
    model = trained(400, seed=1).model_copy(update={"prior": -20_000})
    level = namesakes(model, names).fields["name"].levels["same"]
    assert level.u == pytest.approx((3 * 2 + 2 * 1) / (10 * 9) - 2**-20 * level.m)
    assert level.weight == round(1000 * log2(level.m / level.u))
