"""The one property that the project is built on: what stands is a function of the set of source facts."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from streams.memory import Bus
from streams.policy import Policy
from tests.oracle.content import difference
from tests.oracle.facts import Sent
from tests.properties import bus
from tests.properties.effort import examples
from tests.properties.found import LATE_SCAN
from tests.properties.partitioned import PartitionedBus
from tests.properties.worlds import World, worlds


def _same_after_each_portion(inside: Bus | PartitionedBus, world: World, policy: Policy) -> None:
    until_now: list[Sent] = []
    for portion in world.portions:
        bus.publish(inside, portion)
        inside.run()
        until_now += portion
        wrong = difference(bus.stands(inside), bus.expected(until_now, policy))
        assert not wrong, wrong


@given(worlds())
@example(LATE_SCAN)
@examples(100)
def test_any_arrival_gives_the_answer_of_the_oracle(world: World) -> None:
    """Any order, duplicates, batches and order of the stages: after each portion the bus shows what the oracle makes of all that was sent until then."""
    _same_after_each_portion(bus.bus(world), world, bus.POLICY)


@pytest.mark.parametrize("policy", [bus.DEEPER, bus.DEEPEST], ids=["contacts of contacts", "and their contacts"])
@given(world=worlds())
@examples(30)
def test_a_deeper_search_gives_the_answer_of_the_oracle(world: World, policy: Policy) -> None:
    """The same when contacts are traced too, so that the loop from case to contact is gone through more than once."""
    _same_after_each_portion(bus.bus(world, policy), world, policy)


@given(worlds(), st.integers(2, 5))
@examples(30)
def test_any_number_of_partitions_gives_the_answer_of_the_oracle(world: World, partitions: int) -> None:
    """The same with several partitions: every two facts that must meet have the same key, and no stage counts on the order of two partitions."""
    _same_after_each_portion(bus.partitioned(world, partitions, bus.DEEPER), world, bus.DEEPER)
