"""The level in force decides who is traced, whether it or the records came first."""

from __future__ import annotations

from collections.abc import Sequence

from hypothesis import given
from hypothesis import strategies as st

from schemas.models.control import Level, LevelInForce
from streams.memory import Bus
from streams.policy import Policy
from tests.oracle.content import difference
from tests.oracle.facts import Sent
from tests.properties import bus
from tests.properties.effort import examples
from tests.properties.partitioned import PartitionedBus
from tests.properties.test_expiry import ticks
from tests.properties.worlds import World, worlds
from tests.streams.trial import DAY, at

_START = at("2020-01-20 08:00")
levels = st.builds(
    lambda region, level, since, days: LevelInForce.of(causes=[], at=_START + since * DAY, until=_START + (since + days) * DAY, region=region, level=level,
                                                       legal_basis="An invented law, art. 1", by="OP-1", approved_by="OP-2"),
    st.sampled_from(("53", "5306", "530624", "530602", "533102")), st.sampled_from((Level.ALERT, Level.EMERGENCY)), st.sampled_from((-20, 0, 1, 2)),
    st.sampled_from((1, 2, 14, 200)),
)  # fmt: skip
SHORTER = bus.FORGETFUL.model_copy(
    update={"depth": 2, "levels": bus.POLICY.levels | {Level.ALERT: bus.POLICY.levels[Level.ALERT].model_copy(update={"keep": {"scan": DAY, "visit": 2 * DAY, "lab": DAY}})}}
)
"""Records are kept for a few days only, under an alert for fewer."""
told = st.lists(st.lists(st.tuples(levels, st.booleans()), max_size=3), min_size=8, max_size=8)
"""For each portion of a history the levels that are said to stand or to fall before it and after it."""


def _same_after_each_portion(
    inside: Bus | PartitionedBus, world: World, told: list[list[tuple[LevelInForce, bool]]], policy: Policy, ticks: Sequence[int | None] = (None,) * 8
) -> None:
    until_now: list[Sent] = []
    now: int | None = None
    stands: dict[str, LevelInForce] = {}
    for number, portion in enumerate(world.portions):
        before, after = told[2 * number : 2 * number + 2]
        for tick in filter(None, ticks[2 * number : 2 * number + 2]):
            bus.pass_time(inside, tick)
            now = max(now or 0, tick)
        for part in (before, None, after):
            if part is None:
                bus.publish(inside, portion)
                continue
            for fact, falls in part:
                bus.declare(inside, [fact, fact.taken_back()] if falls else [fact])
                stands[fact.id] = fact
                if falls:
                    del stands[fact.id]
        inside.run()
        until_now += portion
        wrong = difference(bus.stands(inside), bus.expected(until_now, policy, now=now, levels=stands.values()))
        assert not wrong, wrong


@given(worlds(), told)
@examples(35)
def test_any_order_of_levels_and_records_gives_the_answer_of_the_oracle(world: World, told: list[list[tuple[LevelInForce, bool]]]) -> None:
    """Levels that come, come again and go among any history: contacts are those of the cases that were found where and while a level allowed to trace them."""
    _same_after_each_portion(bus.bus(world, bus.DEEPER, ()), world, told, bus.DEEPER)


@given(worlds(), told, st.integers(2, 4))
@examples(10)
def test_levels_on_any_number_of_partitions(world: World, told: list[list[tuple[LevelInForce, bool]]], partitions: int) -> None:
    """The same with several partitions, each of which is told."""
    _same_after_each_portion(bus.partitioned(world, partitions, bus.DEEPER, ()), world, told, bus.DEEPER)


@given(worlds())
@examples(10)
def test_nobody_is_traced_in_peace(world: World) -> None:
    """Without a level nothing is ordered, exposed or met, whatever the sources send."""
    inside = bus.bus(world, bus.DEEPEST, ())
    bus.publish(inside, world.sent)
    inside.run()
    assert not {"trace.order", "exposure", "contact", "trace.found"} & set(inside.topics)


@given(worlds(), told, ticks)
@examples(35)
def test_what_is_kept_follows_from_levels_and_time_in_any_order(world: World, told: list[list[tuple[LevelInForce, bool]]], ticks: list[int | None]) -> None:
    """Levels that come late, end early or are taken back, among ticks and any history: records count while the level at their place and moment lets them be kept."""
    _same_after_each_portion(bus.bus(world, SHORTER, ()), world, told, SHORTER, ticks)


@given(worlds(), told, ticks, st.integers(2, 4))
@examples(10)
def test_what_is_kept_on_any_number_of_partitions(world: World, told: list[list[tuple[LevelInForce, bool]]], ticks: list[int | None], partitions: int) -> None:
    """The same with several partitions, each of which is told."""
    _same_after_each_portion(bus.partitioned(world, partitions, SHORTER, ()), world, told, SHORTER, ticks)


@given(worlds())
@examples(10)
def test_what_is_taken_of_everybody_is_not_used_in_peace(world: World) -> None:
    """Without a level no scan, gate passage or daily health is written by normalise, whatever the sources send; what follows laws of its own is."""
    inside = bus.bus(world, bus.POLICY, ())
    bus.publish(inside, world.sent)
    inside.run()
    assert not {f"record.{kind}" for kind in bus.POLICY.collect} & set(inside.topics)
