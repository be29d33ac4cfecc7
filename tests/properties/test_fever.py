"""Signs of fever of people and of households, about the gap between two episodes: signal, task and release are the oracle's, however all of it arrives."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from tests.properties import bus
from tests.properties.effort import examples
from tests.properties.test_expiry import same_after_each_portion
from tests.properties.test_tasks import ticks
from tests.properties.worlds import World, worlds

_SOME = st.lists(st.one_of(st.none(), ticks), min_size=8, max_size=8)


@given(worlds(5, ("feverish", "feverish", "feverish", "household", "medicine-sale", "clinic-visit")), _SOME)
@examples(40)
def test_signals_are_those_of_the_oracle(world: World, late: list[int | None]) -> None:
    """Symptoms, temperatures and purchases in any order, corrected and withdrawn, of people who are joined and parted and of households that change."""
    same_after_each_portion(bus.bus(world), world, late, bus.POLICY)


@given(worlds(4, ("feverish", "household", "medicine-sale")), _SOME, st.integers(2, 5))
@examples(10)
def test_signals_on_any_number_of_partitions(world: World, late: list[int | None], partitions: int) -> None:
    """The same with several partitions."""
    same_after_each_portion(bus.partitioned(world, partitions), world, late, bus.POLICY)
