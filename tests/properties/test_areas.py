"""Areas that are declared, ended and taken back decide who came back from a risk area, whether they or the records came first."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from schemas.models.control import RiskArea
from streams.memory import Bus
from tests.oracle.content import difference
from tests.oracle.facts import Sent
from tests.properties import bus
from tests.properties.effort import examples
from tests.properties.partitioned import PartitionedBus
from tests.properties.worlds import World, worlds
from tests.streams.trial import DAY, at

POLICY = bus.POLICY.model_copy(update={"risk_areas": [one for one in bus.POLICY.risk_areas if one.region in ("42", "MM")]})
"""Wuhan is a risk area of the policy within Hubei only, three weeks after its own beginning."""
_START = at("2020-01-20 08:00")
areas = st.builds(
    lambda region, since, days: RiskArea.of(causes=[], at=_START + since * DAY, until=_START + (since + days) * DAY, region=region,
                                            legal_basis="An invented law, art. 1", by="OP-1", approved_by="OP-2"),
    st.sampled_from(("42", "4201", "32", "53", "5301", "MM", "VN")), st.sampled_from((-30, -16, -5, -1, 0, 1)), st.sampled_from((0, 1, 2, 14, 200)),
)  # fmt: skip
told = st.lists(st.lists(st.tuples(areas, st.booleans()), max_size=3), min_size=8, max_size=8)
"""For each portion of a history the areas that are said to stand, and perhaps to fall again, before it and after it; twice is as once."""


def _same_after_each_portion(inside: Bus | PartitionedBus, world: World, told: list[list[tuple[RiskArea, bool]]]) -> None:
    until_now: list[Sent] = []
    stands: dict[str, RiskArea] = {}
    for number, portion in enumerate(world.portions):
        _say(inside, told[2 * number], stands)
        bus.publish(inside, portion)
        _say(inside, told[2 * number + 1], stands)
        inside.run()
        until_now += portion
        wrong = difference(bus.stands(inside), bus.expected(until_now, POLICY, areas=list(stands.values())))
        assert not wrong, wrong


def _say(inside: Bus | PartitionedBus, part: list[tuple[RiskArea, bool]], stands: dict[str, RiskArea]) -> None:
    for fact, falls in part:
        bus.declare(inside, [fact, fact.taken_back()] if falls else [fact])
        stands[fact.id] = fact
        if falls:
            del stands[fact.id]


@given(worlds(), told)
@examples(60)
def test_any_order_of_areas_and_records_gives_the_answer_of_the_oracle(world: World, told: list[list[tuple[RiskArea, bool]]]) -> None:
    """Returnees, their tasks and releases are those of the areas that stand, however often these come and go among the records."""
    _same_after_each_portion(bus.bus(world, POLICY), world, told)


@given(worlds(), told, st.integers(2, 4))
@examples(20)
def test_areas_on_any_number_of_partitions(world: World, told: list[list[tuple[RiskArea, bool]]], partitions: int) -> None:
    """The same with several partitions, each of which is told."""
    _same_after_each_portion(bus.partitioned(world, partitions, POLICY), world, told)
