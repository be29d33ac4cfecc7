"""Measures that officials ask for, evidence that supports them or does not, and ticks: in any order the same are in force, refused, and alerted of."""

from __future__ import annotations

from datetime import datetime

from hypothesis import given
from hypothesis import strategies as st

from streams.policy import Refusals
from tests.properties import bus
from tests.properties.effort import examples
from tests.properties.records import moments
from tests.properties.test_expiry import same_after_each_portion
from tests.properties.worlds import World, worlds
from tests.streams.trial import HOUR

WARY = bus.POLICY.model_copy(update={"refusals": Refusals(allowed=1)})
"""The second refusal within an hour raises an alert."""
_KINDS = ("overreach", "overreach", "overreach", "chain", "measure-request", "household")
ticks = st.builds(
    lambda moment, hours, more: int(datetime.fromisoformat(moment).timestamp() * 1000) + hours * HOUR + more,
    moments, st.sampled_from((0, 1, 24, 72, 336, 672)), st.sampled_from((0, 0, -1, 1)),
)  # fmt: skip
_SOME = st.lists(st.one_of(st.none(), ticks), min_size=8, max_size=8)


@given(worlds(5, _KINDS), _SOME)
@examples(40)
def test_measures_are_those_of_the_oracle(world: World, ticks: list[int | None]) -> None:
    """Requests before and after their evidence, corrected and withdrawn, and ticks to the millisecond: what stands is what the oracle says."""
    same_after_each_portion(bus.bus(world, WARY), world, ticks, WARY)


@given(worlds(5, _KINDS), _SOME, st.integers(2, 5))
@examples(8)
def test_measures_on_any_number_of_partitions(world: World, ticks: list[int | None], partitions: int) -> None:
    """The same with several partitions: a person's requests meet the person's case, and an official's refusals each other."""
    same_after_each_portion(bus.partitioned(world, partitions, WARY), world, ticks, WARY)


@given(worlds(6, ("scan-code", "household", "household", "measure-request", "measure-request")))
@examples(10)
def test_nothing_is_in_force_without_evidence(world: World) -> None:
    """Whoever has scans and registrations only: no request ever puts a measure on anybody, not for a moment."""
    inside = bus.bus(world)
    bus.publish(inside, world.sent)
    inside.run()
    assert "measure.standing" not in inside.topics
