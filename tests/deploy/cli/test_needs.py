"""`lianfang needs`: what nobody has comes first, and a list names nobody."""

from __future__ import annotations

import json

import pytest

from deploy.docs.golden import examples
from schemas.models.need import Need
from tests.deploy.cli.conftest import Filled, Run
from tests.deploy.fakes import entry

OFFERED, UNMET = (one for one in examples("Need") if isinstance(one, Need))
OTHER = UNMET.model_copy(update={"name": "0" * 32})
GONE = OFFERED.model_copy(update={"name": "f" * 32})


@pytest.fixture(autouse=True)
def _bus(filled: Filled) -> None:
    """One that a shop was asked for, one that nobody has, and one that was taken back."""
    filled(*(entry("need", one, key=one.name, offset=number) for number, one in enumerate((OFFERED, OTHER, GONE, GONE.taken_back()))))


def test_what_nobody_has_comes_first(run: Run) -> None:
    """Of one urgency; by region, kind and state. No key of a person is in it."""
    listed = run("needs", "list", "--json").out
    assert [one["name"] for one in json.loads(listed)] == [OTHER.name, OFFERED.name]
    assert OFFERED.person not in listed
    assert [one["name"] for one in json.loads(run("needs", "list", "--state", "offered", "--need", "food", "--region", "5306", "--json").out)] == [OFFERED.name]
    assert json.loads(run("needs", "list", "--need", "dialysis", "--json").out) == []
    text = run("needs", "list").out
    assert all(word in text for word in ("2 needs 求助", "SHOP-530624-01", "unmet 无人承接", "530624100"))


def test_one_with_its_offer(run: Run) -> None:
    """By the beginning of its name; the number is there by which the provider answers."""
    assert str(OFFERED.line.number) in run("needs", "show", OFFERED.name[:8]).out
    assert json.loads(run("needs", "show", OTHER.name, "--json").out)["line"]["escalated_to"] == UNMET.line.escalated_to


def test_one_that_is_not_one(run: Run) -> None:
    """The message says where names are."""
    told = run("needs", "show", "x")
    assert (told.code, "lianfang needs list --json" in told.err) == (1, True)
