"""What is told: areas, levels, places and people that come, are corrected and go, and ticks, in any order, give the notices of the oracle."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from schemas.models.control import LevelInForce, RiskArea
from schemas.models.notice import PublicNotice
from streams.memory import Bus
from tests.oracle.content import difference
from tests.properties import bus
from tests.properties.effort import examples
from tests.properties.partitioned import PartitionedBus
from tests.properties.test_areas import areas
from tests.properties.test_expiry import moments
from tests.properties.test_levels import levels
from tests.properties.worlds import World, worlds
from tests.streams.trial import DAY, HOUR

_KINDS = ("outbreak", "outbreak", "chain", "work", "work", "travel", "clinic-visit", "household")
_ticks = st.builds(lambda moment, days, more: moment + days * DAY + more, moments, st.sampled_from((0, 0, 1, 14, 21)), st.sampled_from((0, 0, -1, 1, 12 * HOUR + 1)))
_steps = st.lists(st.tuples(st.lists(st.one_of(areas, levels), max_size=2), st.booleans(), st.one_of(st.none(), _ticks)), min_size=8, max_size=8)
"""Before and after each portion: facts about regions, whether the earliest of those before falls, and how late it is."""


def _same(inside: Bus | PartitionedBus, world: World, steps: list[tuple[list[RiskArea | LevelInForce], bool, int | None]]) -> None:
    stands: dict[str, RiskArea | LevelInForce] = {}
    now: int | None = None
    until_now = []
    for number, portion in enumerate(world.portions):
        for place, (facts, falls, tick) in enumerate(steps[2 * number : 2 * number + 2]):
            gone = [next(iter(stands.values()))] if falls and stands else []
            bus.declare(inside, [*facts, *(fact.taken_back() for fact in gone)])
            stands = {name: fact for name, fact in (stands | {fact.id: fact for fact in facts}).items() if fact not in gone}
            if tick is not None:
                bus.pass_time(inside, tick)
                now = max(now or tick, tick)
            if place == 0:
                bus.publish(inside, portion)
                until_now += portion
        inside.run()
        declared = [one for one in stands.values() if isinstance(one, LevelInForce)]
        risky = [one for one in stands.values() if isinstance(one, RiskArea)]
        wrong = difference(bus.stands(inside), bus.expected(until_now, bus.DEEPER, now=now, levels=declared, areas=risky))
        assert not wrong, wrong


@given(worlds(5, _KINDS), _steps)
@examples(50)
def test_notices_are_those_of_the_oracle(world: World, steps: list[tuple[list[RiskArea | LevelInForce], bool, int | None]]) -> None:
    """Whatever comes first: what is told, to whom, until when, and whether it is confirmed, follow from what stands and the latest tick."""
    _same(bus.bus(world, bus.DEEPER, ()), world, steps)


@given(worlds(5, _KINDS), _steps, st.integers(2, 4))
@examples(15)
def test_notices_on_any_number_of_partitions(world: World, steps: list[tuple[list[RiskArea | LevelInForce], bool, int | None]], partitions: int) -> None:
    """The same with several partitions: what concerns a region is told once, and exposures of a place meet each other."""
    _same(bus.partitioned(world, partitions, bus.DEEPER, ()), world, steps)


@given(worlds(6, ("outbreak", "chain", "trajectory", "work")))
@examples(15)
def test_the_public_hears_of_nobody(world: World) -> None:
    """No public notice that was ever written holds an alias or the key of a person, or names a gate or a place of unknown kind."""
    inside = bus.bus(world, bus.DEEPEST)
    bus.publish(inside, world.sent)
    inside.run()
    people = {emit.key for topic in ("record.scan", "record.visit", "identity.link", "case.linked", "contact") for emit in inside.topics.get(topic, [])}
    for emit in inside.topics.get("notice.public", []):
        assert isinstance(emit.value, PublicNotice)
        assert not any(key in emit.value.model_dump_json() for key in people)
        assert emit.value.place is None or emit.value.place.partition("-")[0] in ("CLIN", "HOSP", "MKT", "RST", "BUS", "SHOP", "PHAR", "PORT")
