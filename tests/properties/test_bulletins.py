"""What agencies are told of facts about no person is what stands, by their files, in whatever order it came; counts that are small or give one away are not."""

from __future__ import annotations

from collections.abc import Sequence

from hypothesis import given
from hypothesis import strategies as st

from deploy.suppress import suppressed
from schemas.agency import Agency
from schemas.models.release import Release
from schemas.models.statistic import Statistic
from schemas.subscription import Subscription
from streams import path
from streams.memory import Bus
from tests.levels import STORY
from tests.oracle.answer import Oracle
from tests.oracle.content import contents, difference
from tests.oracle.facts import Sent
from tests.properties import bus
from tests.properties.effort import examples
from tests.properties.partitioned import PartitionedBus
from tests.properties.worlds import World, worlds
from tests.streams.trial import DAY, at

_FEW = bus.FORGETFUL.model_copy(update={"smallest_count": 2})
"""Worlds of a handful of people: here one person alone is a small count."""
_COUNTY, _NAMES = "530624", [one.name for one in bus.agencies()]


def _asking(agency: Agency, regions: Sequence[str]) -> Agency:
    """The agency, asking for all notices, coarse counts and signals of some divisions, and all stock besides what its file asks for as it is."""
    (purpose, *_) = agency.purposes
    coarse = [Subscription(topic=topic, purpose=purpose.name, regions=list(regions)) for topic in ("notice.public", "signal", "statistic", "supply")]
    return agency.model_copy(update={"subscribes": coarse})


def _same(inside: Bus | PartitionedBus, world: World, regions: Sequence[Sequence[str]], days: Sequence[int]) -> None:
    sent: list[Sent] = []
    now = 0
    for portion, asked, day in zip(world.portions, regions, days, strict=False):
        agencies = [_asking(bus.agencies()[0], asked), *bus.agencies()[1:]]
        built = path.build(bus.sources(), agencies, _FEW, bus.KEYS)
        inside.restart([built[place] for place in world.stages])
        bus.publish(inside, portion)
        inside.run()
        now = max(now, at("2020-01-20 08:00") + day * DAY)
        bus.pass_time(inside, now)
        inside.run()
        sent += portion
        answer = Oracle(bus.sources(), agencies, _FEW, bus.KEYS).answer(sent, now=now, levels=STORY)
        wrong = difference(contents(inside.standing, _NAMES, bus.KEYS), answer)
        assert not wrong, wrong
        _no_small_count(inside, agencies[0], asked)


def _no_small_count(inside: Bus | PartitionedBus, agency: Agency, asked: Sequence[str]) -> None:
    """What the agency is told of the counts of a division is what `lianfang statistics` shows of the table of it alone, and no more than at least so many."""
    counts = [one for one in inside.standing("statistic").values() if isinstance(one, Statistic) and one.region in asked]
    told = [one.bulletin for one in inside.standing(f"deliver.{agency.name}").values() if isinstance(one, Release) and one.bulletin]
    for region, measure in {(one.region, one.measure) for one in counts}:
        row = {(region, f"{one.value} {one.day}".strip()): one.count for one in counts if (one.region, one.measure) == (region, measure)}
        shown = {column: count for (_, column), count in suppressed(row, 2, region).items() if count}
        have = {f"{one.value} {one.day}".strip(): one.count for one in told if one.topic == "statistic" and (one.region, one.measure) == (region, measure)}
        assert have == {column: count // 2 * 2 for column, count in shown.items()}


asks = st.lists(st.sampled_from([("53",), (_COUNTY,), ("530624100", "530602")]), min_size=4, max_size=4)
later = st.lists(st.sampled_from((0, 1, 2, 4)), min_size=4, max_size=4)


@given(worlds(), asks, later)
@examples(12)
def test_bulletins_are_those_of_the_oracle(world: World, regions: list[Sequence[str]], days: list[int]) -> None:
    """After each portion of a history, with other files and a later tick: what each agency holds is what the oracle makes of these."""
    _same(bus.bus(world, _FEW), world, regions, days)


@given(worlds(), asks, later, st.integers(2, 5))
@examples(5)
def test_bulletins_on_any_number_of_partitions(world: World, regions: list[Sequence[str]], days: list[int], partitions: int) -> None:
    """The same with several partitions: what hides each other meets."""
    _same(bus.partitioned(world, partitions, _FEW), world, regions, days)
