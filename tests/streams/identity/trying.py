"""Profiles and a model for properties: any mixture of few values, so that they often meet. All people are invented."""

from __future__ import annotations

from functools import cache

from hypothesis import strategies as st

from deploy.linkage.train import train
from streams.identity.model import Model
from streams.identity.records import Record
from streams.identity.spec import shipped
from tests.accuracy.generate import febrl, records

FEBRL = shipped("febrl")
_VALUES = {
    "given": ("anna", "ana", "hannah", "walker", "robert", "rob"),
    "surname": ("walker", "wakler", "anna", "smith", "smyth"),
    "born": ("19800102", "19800201", "19801002", "19550101", "1980010"),
    "street": ("forbes street", "forbesstreet", "milne cove", "the willows"),
    "place": ("the willows", "willows park", "forbes street"),
    "postcode": ("4121", "4112", "2000"),
    "state": ("nsw", "vic", "nws"),
}
PROFILES = st.fixed_dictionaries({}, optional={field: st.lists(st.sampled_from(values), min_size=1, max_size=3) for field, values in _VALUES.items()})


@cache
def drawn(people: int = 60, seed: int = 7) -> list[Record]:
    """Records like those of FEBRL."""
    return records(FEBRL, febrl(people, seed))


@cache
def model() -> Model:
    """A model that was learned from them."""
    return train(FEBRL, [record.profile for record in drawn()], "drawn records")
