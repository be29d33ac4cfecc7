"""Reports of stock and steps of dispatches in any order, with corrections, and ticks at the edges of lead and cover: what stands is what the oracle says."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from tests.properties import bus
from tests.properties.effort import examples
from tests.properties.test_expiry import same_after_each_portion
from tests.properties.test_tasks import ticks
from tests.properties.worlds import World, worlds

_KINDS = ("stock-report", "dispatch-report")
_SOME = st.lists(st.one_of(st.none(), ticks), min_size=8, max_size=8)


@given(worlds(9, _KINDS), _SOME)
@examples(25)
def test_supplies_are_those_of_the_oracle(world: World, late: list[int | None]) -> None:
    """What places have, for how long, whether they are warned of, and how far dispatches are."""
    same_after_each_portion(bus.bus(world), world, late, bus.POLICY)


@given(worlds(9, _KINDS), _SOME, st.integers(2, 5))
@examples(6)
def test_supplies_on_any_number_of_partitions(world: World, late: list[int | None], partitions: int) -> None:
    """The same with several partitions, and with records that expire: both ends of a dispatch meet."""
    same_after_each_portion(bus.partitioned(world, partitions, bus.FORGETFUL), world, late, bus.FORGETFUL)
