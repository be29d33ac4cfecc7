"""The bus under test: the whole path in memory with the shipped agencies and sources, and one source more."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import replace
from functools import cache

from connectors import registry
from connectors.envelope import Item, envelopes
from schemas.agency import Agency
from schemas.models.control import SLOTS, Erasure, LevelInForce, RiskArea, Tick
from schemas.models.identity import Judgement
from schemas.models.raw import Raw
from schemas.raws import Raws
from schemas.source import Source
from schemas.tokens import Keys
from streams import path
from streams.memory import Bus
from streams.normalise.whose import persons
from streams.policy import Policy, load
from streams.stage import Emit, Stage
from tests.levels import STORY, told
from tests.oracle.answer import Answer, Oracle
from tests.oracle.content import contents
from tests.oracle.facts import Sent, body
from tests.properties import people
from tests.properties.partitioned import PartitionedBus
from tests.properties.published import PUBLISHED
from tests.properties.worlds import World

KEYS = people.KEYS
POLICY = load()
DEEPER = POLICY.model_copy(update={"depth": 2})
MOST_TURNS = 100_000
DEEPEST = POLICY.model_copy(update={"depth": 3})
_DAY = 86_400_000
FORGETFUL = POLICY.model_copy(update={"keep": {"scan": 2 * _DAY, "gate": _DAY, "visit": 4 * _DAY, "lab": 3 * _DAY, "clockin": _DAY, "travel": 3 * _DAY, "step": 3 * _DAY, "report": 2 * _DAY, "measure": 4 * _DAY, "sale": 2 * _DAY, "stock": 4 * _DAY, "dispatch": 3 * _DAY, "need": 3 * _DAY, "provider": 5 * _DAY, "offer": 2 * _DAY, "care": 2 * _DAY, "screening": 2 * _DAY, "absence": 5 * _DAY, "complaint": 5 * _DAY, "answer": 4 * _DAY, "closure": 5 * _DAY}})
"""Records are kept for a few days only."""


@cache
def sources() -> dict[str, Source]:
    """The shipped sources, and one of the tests."""
    return registry.sources() | {PUBLISHED.name: PUBLISHED}


@cache
def agencies() -> tuple[Agency, ...]:
    """The shipped agencies."""
    return tuple(registry.agencies().values())


@cache
def sealed(keys: Keys = KEYS) -> Raws:
    """Seals as the codec does, so that a raw message comes to normalise with the generations of its keys."""
    return Raws(keys, persons(sources(), keys))


def stages(policy: Policy, keys: Keys = KEYS) -> tuple[Stage, ...]:
    """The stages under a policy."""
    return path.build(sources(), agencies(), policy, keys)


def bus(world: World, policy: Policy = POLICY, levels: Sequence[LevelInForce] = STORY, keys: Keys = KEYS) -> Bus:
    """A bus that takes batches of the world's sizes, one after another, and runs the stages in the world's order; it must come to rest.

    These levels are in force on it.
    """
    inside = Bus(_turns(world, policy, keys), _batches(world))
    declare(inside, levels)
    return inside


def partitioned(
    world: World, partitions: int, policy: Policy = POLICY, levels: Sequence[LevelInForce] = STORY, keys: Keys = KEYS
) -> PartitionedBus:
    """The same with some partitions."""
    inside = PartitionedBus(_turns(world, policy, keys), partitions, _batches(world))
    declare(inside, levels)
    return inside


def _turns(world: World, policy: Policy, keys: Keys) -> list[Stage]:
    built = stages(policy, keys)
    return [replace(built[place], inputs=built[place].inputs[:: -1 if world.backwards else 1]) for place in world.stages]


def _batches(world: World) -> Callable[[int], int]:
    turns = itertools.count()

    def batch(waiting: int) -> int:
        turn = next(turns)
        assert turn < MOST_TURNS, "the bus does not come to rest"
        return world.batches[turn % len(world.batches)]

    return batch


def publish(inside: Bus | PartitionedBus, sent: Iterable[Sent], keys: Keys = KEYS) -> None:
    """Publish as connectors do."""
    for source, fields in sent:
        write(inside, envelopes(sources()[source], Item(body(fields)), keys), keys)


def write(inside: Bus | PartitionedBus, raws: Iterable[Raw], keys: Keys = KEYS) -> None:
    """Put raw messages on their topics, sealed and opened as the codec does."""
    inside.publish([Emit(f"raw.{raw.source}", raw.record, sealed(keys).opened(sealed(keys).closed(raw))) for raw in raws])


def declare(inside: Bus | PartitionedBus, facts: Iterable[LevelInForce | RiskArea]) -> None:
    """Say on every partition that levels or risk areas stand, or fall."""
    for emit in told(facts):
        if isinstance(inside, Bus):
            inside.publish([emit])
        else:
            inside.publish_everywhere(emit)


def pass_time(inside: Bus | PartitionedBus, at: int) -> None:
    """Say how late it is, in two pieces."""
    for first, last in ((0, 99), (100, SLOTS - 1)):
        tick = Emit("control.tick", f"{first}-{last}", Tick(at=at, first=first, last=last))
        if isinstance(inside, Bus):
            inside.publish([tick])
        else:
            inside.publish_everywhere(tick)


def stands(inside: Bus | PartitionedBus, keys: Keys = KEYS) -> Answer:
    """What stands, by content."""
    return contents(inside.standing, [agency.name for agency in agencies()], keys)


def erase(inside: Bus | PartitionedBus, alias: str) -> None:
    """Say that an alias is erased, in two pieces."""
    for first, last in ((0, 99), (100, SLOTS - 1)):
        emit = Emit("control.erasure", f"{alias} {first}-{last}", Erasure(alias=alias, generation=1, first=first, last=last, cause=""))
        if isinstance(inside, Bus):
            inside.publish([emit])
        else:
            inside.publish_everywhere(emit)


def expected(
    sent: Sequence[Sent], policy: Policy = POLICY, decisions: Sequence[Judgement] = (), now: int | None = None, erased: Collection[str] = (),
    levels: Iterable[LevelInForce] = STORY, areas: Collection[RiskArea] = (), keys: Keys = KEYS,
) -> Answer:
    """What the oracle says."""
    return Oracle(sources(), agencies(), policy, keys).answer(sent, decisions, now, erased, levels, areas)
