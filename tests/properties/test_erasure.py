"""What is left when people are erased is what the oracle makes of the records that name none of them, however all of it arrives."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from streams.memory import Bus
from tests.oracle.content import difference
from tests.oracle.facts import Sent, standing
from tests.properties import bus
from tests.properties.effort import examples
from tests.properties.partitioned import PartitionedBus
from tests.properties.worlds import World, worlds

CHOICES = st.lists(st.tuples(st.integers(0, 99), st.integers(0, 4)), max_size=3)
"""Which of all aliases are erased, by a number modulo how many there are, and after which portion: 0 is before anything came."""


def _erased_meanwhile(inside: Bus | PartitionedBus, world: World, choices: list[tuple[int, int]]) -> None:
    """Run a world with erasures among its portions; what stands in the end is what the oracle says."""
    told, _ = standing(world.sent, bus.sources(), bus.KEYS)
    aliases = sorted({one.alias for one in told if one.tokens or one.identifiers})
    when = [(aliases[number % len(aliases)], portion) for number, portion in choices] if aliases else []
    portions: list[list[Sent]] = [[], *world.portions]
    for number, portion in enumerate(portions):
        bus.publish(inside, portion)
        for alias, after in when:
            if min(after, len(portions) - 1) == number:
                bus.erase(inside, alias)
        inside.run()
    wrong = difference(bus.stands(inside), bus.expected(world.sent, erased={alias for alias, _ in when}))
    assert not wrong, wrong


@given(worlds(), CHOICES)
@examples(60)
def test_erasure_gives_the_answer_of_the_oracle(world: World, choices: list[tuple[int, int]]) -> None:
    """Any aliases, erased before, among or after the records in any order: nothing is left of them, and of everybody else what there would be without those records."""
    _erased_meanwhile(bus.bus(world), world, choices)


@given(worlds(), CHOICES, st.integers(2, 5))
@examples(30)
def test_erasure_on_any_number_of_partitions(world: World, choices: list[tuple[int, int]], partitions: int) -> None:
    """The same on some partitions."""
    _erased_meanwhile(bus.partitioned(world, partitions), world, choices)
