"""Cases that counties offer to each other: who answers for them, and what is due, is what the oracle says, however all of it arrives."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from tests.properties import bus
from tests.properties.effort import examples
from tests.properties.test_expiry import same_after_each_portion
from tests.properties.test_tasks import ticks
from tests.properties.worlds import World, worlds

_SOME = st.lists(st.one_of(st.none(), ticks), min_size=8, max_size=8)


@given(worlds(5, ("handover", "handover", "handover", "household", "clinic-visit")), _SOME)
@examples(40)
def test_who_answers_is_as_the_oracle_says(world: World, late: list[int | None]) -> None:
    """Offers, refusals and acceptances in any order, corrected and withdrawn, of people who are joined and parted: case, release and task are the oracle's."""
    same_after_each_portion(bus.bus(world), world, late, bus.POLICY)
