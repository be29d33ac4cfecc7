"""What is kept no longer is as if it had never been told, whether the tick or the record came first."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from streams.isolation.stage import CLOCK as ISOLATION_CLOCK
from streams.isolation.stage import RULES
from streams.measures.stage import CLOCK as MEASURES_CLOCK
from streams.measures.supervision import CLOCK as SUPERVISION_CLOCK
from streams.memory import Bus
from streams.needs.stage import CLOCK as NEEDS_CLOCK
from streams.notices.stage import CLOCK as NOTICES_CLOCK
from streams.policy import Policy
from streams.routing.marks import MARK
from streams.signals.stage import CLOCK as SIGNALS_CLOCK
from streams.supplies.stage import CLOCK as SUPPLIES_CLOCK
from streams.tasks.stage import CLOCK
from tests.oracle.content import difference
from tests.oracle.facts import Sent
from tests.properties import bus
from tests.properties.effort import examples
from tests.properties.partitioned import PartitionedBus
from tests.properties.worlds import World, worlds
from tests.streams.trial import DAY, HOUR, at

_START = at("2020-01-20 08:00")
_LEVELS, _LEVELS_TOLD, _LEVELS_SUPERVISED = 4, 3, 10
"""Numbers of the tables of levels in the states of cases and notices, of which nothing expires."""
moments = st.builds(lambda days, hours: _START + days * DAY + hours * HOUR, st.sampled_from((-1, 0, 1, 2, 3, 4, 5, 6, 16, 20)), st.sampled_from((0, 0, 1, 12)))
ticks = st.lists(st.one_of(st.none(), moments), min_size=8, max_size=8)
"""For each portion of a history how late it is said to be before it and after it, if at all."""


def same_after_each_portion(inside: Bus | PartitionedBus, world: World, ticks: list[int | None], policy: Policy) -> None:
    """Before and after each portion time may pass; then what stands is what the oracle says of all until then and of the latest tick."""
    until_now: list[Sent] = []
    now: int | None = None
    for number, portion in enumerate(world.portions):
        before, after = ticks[2 * number : 2 * number + 2]
        _pass(inside, before)
        bus.publish(inside, portion)
        _pass(inside, after)
        now = max((tick for tick in (now, before, after) if tick is not None), default=None)
        inside.run()
        until_now += portion
        wrong = difference(bus.stands(inside), bus.expected(until_now, policy, now=now))
        assert not wrong, wrong


def _pass(inside: Bus | PartitionedBus, tick: int | None) -> None:
    if tick is not None:
        bus.pass_time(inside, tick)


@given(worlds(), ticks)
@examples(40)
def test_expiry_gives_the_answer_of_the_oracle(world: World, ticks: list[int | None]) -> None:
    """Any ticks, also earlier ones after later ones, among any history in any order: what stands is what the oracle makes of the records that are young enough."""
    same_after_each_portion(bus.bus(world, bus.FORGETFUL), world, ticks, bus.FORGETFUL)


@given(worlds(), ticks, st.integers(2, 5))
@examples(15)
def test_expiry_on_any_number_of_partitions(world: World, ticks: list[int | None], partitions: int) -> None:
    """The same with several partitions, each of which is told the time."""
    same_after_each_portion(bus.partitioned(world, partitions, bus.FORGETFUL), world, ticks, bus.FORGETFUL)


@given(worlds())
@examples(20)
def test_nothing_is_left_when_all_has_expired(world: World) -> None:
    """A tick long after everything: nothing stands of what may expire, and each stage has given its rows back.

    What is left are the records that came, in normalise; of whoever had a linked case, that it was taken back; and how late it is.
    """
    policy = bus.POLICY.model_copy(update={"keep": dict.fromkeys(bus.POLICY.keep | {"household": 0}, DAY)})
    inside = bus.bus(world, policy)
    bus.publish(inside, world.sent)
    inside.run()
    bus.pass_time(inside, _START + 400 * DAY)
    inside.run()
    assert {topic: found for topic, found in bus.stands(inside).items() if found and topic != "reject"} == {}
    rows = {stage.name: inside.rows(stage.name) for stage in bus.stages(policy)}
    said = [row for row in rows.pop("cases") if row[0][0] != _LEVELS]
    assert len({key[0] for key, _ in said}) <= 1
    assert len(said) <= len({emit.key for emit in inside.topics.get("case.linked", [])})
    assert {key[0] for key, _ in rows.pop("tasks")} <= {CLOCK.number}
    assert {key[0] for key, _ in rows.pop("isolation")} <= {ISOLATION_CLOCK.number, RULES.number}
    assert {key[0] for key, _ in rows.pop("measures")} <= {MEASURES_CLOCK.number}
    assert {key[0] for key, _ in rows.pop("notices")} <= {NOTICES_CLOCK.number, _LEVELS_TOLD}
    assert {key[0] for key, _ in rows.pop("supplies")} <= {SUPPLIES_CLOCK.number}
    assert {key[0] for key, _ in rows.pop("supervision")} <= {SUPERVISION_CLOCK.number, _LEVELS_SUPERVISED}
    assert {key[0] for key, _ in rows.pop("needs")} <= {NEEDS_CLOCK.number}
    assert {key[0] for key, _ in rows.pop("signals")} <= {SIGNALS_CLOCK.number}
    assert {key[0] for key, _ in rows.pop("routing")} <= {MARK.number}
    assert {stage: found for stage, found in rows.items() if found} == ({"normalise": rows["normalise"]} if world.sent else {})
