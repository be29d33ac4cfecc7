"""Complaints, what is said to them, and closures, in any order and with corrections, ticks, levels and risk areas: what stands is what the oracle says."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from schemas.models.control import Level, LevelInForce
from tests.oracle.content import difference
from tests.properties import bus
from tests.properties.effort import examples
from tests.properties.test_expiry import same_after_each_portion
from tests.properties.worlds import World, worlds
from tests.streams.trial import DAY, HOUR

_KINDS = ("complaint", "complaint-answer", "complaint-answer", "closure-report")
_NOON = 1579492800000
"""2020-01-20 12:00 in China, about which moments of records lie."""
_LATE = st.builds(lambda day, hour, more: _NOON + day * DAY + hour * HOUR + more, st.sampled_from((0, 1, 5, 14, 15, 16, 17, 60, 61, 62)), st.sampled_from((0, 12, 24)), st.sampled_from((-1, 0, 1)))
_SOME = st.lists(st.one_of(st.none(), _LATE), min_size=8, max_size=8)


@given(worlds(9, _KINDS), _SOME)
@examples(25)
def test_rights_are_those_of_the_oracle(world: World, late: list[int | None]) -> None:
    """How far complaints are, and which closures no decision allows."""
    same_after_each_portion(bus.bus(world), world, late, bus.POLICY)


@given(worlds(9, _KINDS), _SOME, st.integers(2, 5))
@examples(6)
def test_rights_on_any_number_of_partitions(world: World, late: list[int | None], partitions: int) -> None:
    """The same with several partitions, and with records that expire."""
    same_after_each_portion(bus.partitioned(world, partitions, bus.FORGETFUL), world, late, bus.FORGETFUL)


@given(worlds(6, ("closure-report",)), st.integers(-2, 3), st.integers(1, 4), _LATE)
@examples(20)
def test_a_decision_known_late_takes_the_alert_back(world: World, since: int, days: int, now: int) -> None:
    """Levels that begin before, amid and after closures, told first or last, and taken back."""
    fact = LevelInForce.of(causes=[], at=_NOON + since * DAY, until=_NOON + (since + days) * DAY, region="530624", level=Level.EMERGENCY, legal_basis="An invented law, art. 1",
                           by="OP-1", approved_by="OP-2")  # fmt: skip
    inside = bus.bus(world, levels=())
    bus.publish(inside, world.sent)
    bus.pass_time(inside, now)
    inside.run()
    bus.declare(inside, [fact])
    inside.run()
    assert not (wrong := difference(bus.stands(inside), bus.expected(world.sent, levels=(fact,), now=now))), wrong
    bus.declare(inside, [fact.taken_back()])
    inside.run()
    assert not (wrong := difference(bus.stands(inside), bus.expected(world.sent, levels=(), now=now))), wrong
