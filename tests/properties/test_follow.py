"""What stands released is a function of the records, the latest tick and the agency files in force, whatever changed when."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from schemas.agency import Agency, Joint, Want, rules_of
from schemas.forms import ALWAYS, DIMENSIONS, OF_FIELD
from schemas.models.bulletin import COUNTS, OFFERS
from schemas.models.control import SLOTS, Rules, Tick
from schemas.subscription import Subscription
from streams import path
from streams.memory import Bus
from streams.stage import Emit
from tests.levels import STORY
from tests.oracle.answer import Answer, Oracle
from tests.oracle.content import contents, difference
from tests.oracle.facts import Sent
from tests.properties import bus
from tests.properties.effort import examples
from tests.properties.partitioned import PartitionedBus
from tests.properties.worlds import World, worlds
from tests.streams.trial import DAY, at

_START = at("2020-01-20 08:00")
_NAMES = [agency.name for agency in bus.agencies()]


def _changed(agency: Agency, how: str) -> list[Agency]:
    """The agency as it is, retired, gone, with short ends, with fewer fields, with fewer kinds of people, with fewer or more facts, with codes of people that it shares, or with coarser forms."""
    if how == "gone":
        return []
    changes: dict[str, dict[str, Any]] = {
        "same": {}, "retired": {"retired": True},
        "short": {"purposes": [one.model_copy(update={"expires_days": 1 + number}) for number, one in enumerate(agency.purposes)]},
        "fewer": {"wants": [one.model_copy(update={"fields": one.fields[::2]}) for one in agency.wants]},
        "first": {"wants": agency.wants[:1]},
        "told nothing": {"subscribes": []},
        "told more": {"subscribes": [_more(one) for one in agency.subscribes]},
        "coarse": {"wants": [_coarse(one) for one in agency.wants]},
        "joint": {"purposes": [one.model_copy(update={"joint": Joint(name="chain", legal_basis="Law, article 20")}) for one in agency.purposes]},
    }  # fmt: skip
    return [agency.model_copy(update=changes[how])]


def _coarse(want: Want) -> Want:
    """The want with some fields coarser, in every dimension; which ones differs by role."""
    fields = [field for number, field in enumerate(sorted({*want.fields, *ALWAYS} & OF_FIELD.keys())) if (number + len(want.role)) % 3]
    forms = {field: [DIMENSIONS[name][len(field) % len(DIMENSIONS[name])] for name in OF_FIELD[field]] for field in fields}
    return Want.model_validate(want.model_dump() | {"forms": forms})


def _more(one: Subscription) -> Subscription:
    """The subscription for all of two provinces, with every field and every count as it is, until a day in the history."""
    whole = {"regions": ["53", "43"], "fields": OFFERS[one.topic].fields, "until": date(2020, 1, 28)}
    return Subscription.model_validate(one.model_dump() | whole | ({"small_counts": "An invented reason."} if one.topic in COUNTS else {}))


files = st.tuples(*(st.sampled_from(("same", "retired", "gone", "short", "fewer", "first", "joint", "coarse", "told nothing", "told more")) for _ in _NAMES)).map(
    lambda how: [one for agency, each in zip(bus.agencies(), how, strict=True) for one in _changed(agency, each)]
)
moments = st.one_of(st.none(), st.builds(lambda days: _START + days * DAY, st.sampled_from((0, 1, 2, 4, 9, 20, 40, 200))))


def _tell(inside: Bus | PartitionedBus, said: list[Emit]) -> None:
    for one in said:
        if isinstance(inside, Bus):
            inside.publish([one])
        else:
            inside.publish_everywhere(one)


def _go_on(inside: Bus | PartitionedBus, world: World, agencies: Sequence[Agency], by_tick: int | None) -> None:
    """Start again with other files; that is told, or found out by a tick."""
    built = path.build(bus.sources(), agencies, bus.FORGETFUL, bus.KEYS)
    inside.restart([built[place] for place in world.stages])
    pieces = ((0, 99), (100, SLOTS - 1))
    if by_tick is None:
        _tell(inside, [Emit("control.rules", str(first), Rules(digest=rules_of(agencies), first=first, last=last)) for first, last in pieces])
    else:
        _tell(inside, [Emit("control.tick", str(first), Tick(at=by_tick, first=first, last=last)) for first, last in pieces])


def _same(inside: Bus | PartitionedBus, world: World, changes: Sequence[tuple[list[Agency], int | None]]) -> None:
    sent: list[Sent] = []
    now: int | None = None
    for portion, (agencies, tick) in zip(world.portions, changes, strict=False):
        bus.publish(inside, portion)
        _go_on(inside, world, agencies, tick)
        inside.run()
        sent += portion
        now = max((one for one in (now, tick) if one is not None), default=None)
        answer = Oracle(bus.sources(), agencies, bus.FORGETFUL, bus.KEYS).answer(sent, now=now, levels=STORY)
        empty: Answer = {f"deliver.{name}": [] for name in _NAMES}
        wrong = difference(contents(inside.standing, _NAMES, bus.KEYS), empty | answer)
        assert not wrong, wrong


changes = st.lists(st.tuples(files, moments), min_size=4, max_size=4)


@given(worlds(), changes)
@examples(40)
def test_releases_follow_files_and_time(world: World, changes: list[tuple[list[Agency], int | None]]) -> None:
    """After each portion of a history the bus starts with other files, told so or by a tick: what stands is what the oracle makes of these files and that time."""
    _same(bus.bus(world, bus.FORGETFUL), world, changes)


@given(worlds(), changes, st.integers(2, 5))
@examples(15)
def test_releases_follow_on_any_number_of_partitions(world: World, changes: list[tuple[list[Agency], int | None]], partitions: int) -> None:
    """The same with several partitions."""
    _same(bus.partitioned(world, partitions, bus.FORGETFUL), world, changes)
