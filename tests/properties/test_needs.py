"""Needs, providers and answers in any order, with corrections and ticks at the edges of when an offer passes on: what stands is what the oracle says."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from tests.properties import bus
from tests.properties.effort import examples
from tests.properties.test_expiry import same_after_each_portion
from tests.properties.test_tasks import ticks
from tests.properties.worlds import World, worlds

_KINDS = ("needing", "needing", "needing", "resident-need", "provider-report", "offer-answer", "household")
_SOME = st.lists(st.one_of(st.none(), ticks), min_size=8, max_size=8)


@given(worlds(4, _KINDS), _SOME)
@examples(12)
def test_needs_are_those_of_the_oracle(world: World, late: list[int | None]) -> None:
    """To whom each need is offered, who has it, what nobody has, and what each agency sees of it."""
    same_after_each_portion(bus.bus(world), world, late, bus.POLICY)


@given(worlds(4, _KINDS), _SOME, st.integers(2, 5))
@examples(4)
def test_needs_on_any_number_of_partitions(world: World, late: list[int | None], partitions: int) -> None:
    """The same with several partitions, and with records that expire: all that is said of one kind of need meets."""
    same_after_each_portion(bus.partitioned(world, partitions, bus.FORGETFUL), world, late, bus.FORGETFUL)
