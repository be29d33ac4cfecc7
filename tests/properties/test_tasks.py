"""Tasks under any ticks, about the very moments when something becomes due, late, or another day's."""

from __future__ import annotations

from datetime import datetime

from hypothesis import given
from hypothesis import strategies as st

from tests.properties import bus
from tests.properties.effort import examples
from tests.properties.records import moments
from tests.properties.test_expiry import same_after_each_portion
from tests.properties.worlds import World, worlds
from tests.streams.trial import HOUR

_WAITS = (0, 2, 4, 12, 14, 24, 26, 36, 48, 60, 72, 336, 360)
"""Hours after which something is due, goes up, or begins, by the policy; and sums of them."""
ticks = st.builds(
    lambda moment, hours, more: int(datetime.fromisoformat(moment).timestamp() * 1000) + hours * HOUR + more,
    moments, st.sampled_from(_WAITS), st.sampled_from((0, 0, 1)),
)  # fmt: skip
_SOME = st.lists(st.one_of(st.none(), ticks), min_size=8, max_size=8)


@given(worlds(6, ("work", "work", "work", "chain", "household", "task-report")), _SOME)
@examples(100)
def test_tasks_are_those_of_the_oracle(world: World, ticks: list[int | None]) -> None:
    """Returns, contacts, referrals, registrations and reports in any order, with corrections, and ticks to the millisecond: the tasks are what the oracle says."""
    same_after_each_portion(bus.bus(world), world, ticks, bus.POLICY)


@given(worlds(5, ("cared", "cared", "care-visit", "task-report")), _SOME)
@examples(15)
def test_tasks_of_care_are_those_of_the_oracle(world: World, ticks: list[int | None]) -> None:
    """Care visits, absences, services and reports in any order, with corrections, and ticks to the millisecond: the tasks are what the oracle says."""
    same_after_each_portion(bus.bus(world), world, ticks, bus.POLICY)


@given(worlds(6, ("work", "work", "chain", "household")), _SOME, st.integers(2, 5))
@examples(20)
def test_tasks_on_any_number_of_partitions(world: World, ticks: list[int | None], partitions: int) -> None:
    """The same with several partitions."""
    same_after_each_portion(bus.partitioned(world, partitions), world, ticks, bus.POLICY)
