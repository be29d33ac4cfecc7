"""The whole path as a load: a small world of `tests.properties`, some of it doubled and in another order, and the oracle's answer after each portion."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from itertools import count
from random import Random

import hypothesis
from hypothesis import HealthCheck, Phase, given, settings
from pydantic import BaseModel

from connectors.envelope import Item, envelopes
from deploy.levels import TOPIC
from schemas.codec import Codec
from schemas.models.bulletin import OFFERS
from schemas.models.case import LinkedCase
from schemas.models.fact import Fact
from schemas.models.release import Release, View
from schemas.topics import contract
from streams.routing.bulletins import News, about
from streams.stage import Stage
from streams.standing import VIEWS, standing
from tests.levels import emergency
from tests.oracle.answer import Answer
from tests.oracle.content import content, contents, difference
from tests.oracle.facts import Sent, body
from tests.oracle.releases import known, releases
from tests.properties import bus
from tests.properties.worlds import World as Sources
from tests.properties.worlds import worlds
from tests.simulation.anomalies import Anomaly, Name, visible
from tests.simulation.counting import partition_of
from tests.simulation.world import Arrival, World

WORLDS = 100
"""How many worlds there are to choose from."""
LEVELS = emergency("53", since="2020-01-01", until="2020-03-01")
_POLICIES = (bus.POLICY, bus.DEEPER)
_NO_FACTS = ("raw.", "state.", "ledger", "audit", "reject", "control.")


@cache
def pool() -> tuple[Sources, ...]:
    """Worlds, always the same for the same code."""
    found: list[Sources] = []

    @hypothesis.seed(0)
    @settings(max_examples=WORLDS, phases=[Phase.generate], database=None, deadline=None, suppress_health_check=list(HealthCheck))
    @given(worlds(most=2))
    def collect(world: Sources) -> None:
        found.append(world)

    collect()
    return tuple(found[:WORLDS])


@cache
def stages(policy: int) -> tuple[Stage, ...]:
    """The stages under a policy."""
    return bus.stages(_POLICIES[policy])


@cache
def partitions(number: int) -> Mapping[str, int]:
    """Every topic, with its number of partitions."""
    topics = contract(bus.sources(), [agency.name for agency in bus.agencies()], {stage.name: stage.inputs for stage in stages(0)}, number)
    return {name: topic.partitions or number for name, topic in topics.items()}


def portions(rng: Random, sources: Sources, codec: Codec, partitions: int) -> list[list[Arrival]]:
    """What is published, portion by portion, some of it twice, in an order of chance and at moments of chance; among the first the levels, on every partition."""
    slow = rng.choice((0.001, 0.05, 0.3))
    found = []
    for portion in sources.portions:
        given_ = [one for one in portion for _ in range(2 if rng.random() < 0.1 else 1)]
        rng.shuffle(given_)
        read = [raw for source, fields in given_ for raw in envelopes(bus.sources()[source], Item(body(fields)), bus.KEYS)]
        raws = [raw.model_copy(update={"received_at": 0}) for raw in read]  # the connector asks the clock
        found.append([Arrival(rng.random() * slow, f"raw.{raw.source}", raw.record.encode(), codec.encode(f"raw.{raw.source}", raw)) for raw in raws])
    for fact in LEVELS if found else ():
        for partition in range(partitions):
            key = next(key for number in count() if partition_of(key := f"{fact.id}-{number}".encode(), partitions) == partition)
            found[0].insert(rng.randint(0, len(found[0])), Arrival(rng.random() * slow, TOPIC, key, codec.encode(TOPIC, fact)))
    return found


@cache
def expected(number: int, until: int, policy: int) -> Answer:
    """The oracle's answer to the first portions of a world."""
    sent: list[Sent] = [one for portion in pool()[number].portions[: until + 1] for one in portion]
    return bus.expected(sent, _POLICIES[policy], levels=LEVELS)


def check(world: World, number: int, until: int, policy: int) -> Iterator[Anomaly]:
    """What stands is what the oracle says, every fact has stood and fallen in turn, and every release is one of a linked case that was written before it."""
    topics = {topic: [(record.key.decode(), world.codec.decode(record.value or b""), record.moment) for record in visible(world.broker, topic)]
              for topic in world.broker.partitions if not topic.startswith(("raw.", "state.", "ledger"))}  # fmt: skip
    found = contents(lambda topic: standing(topic, ((key, value) for key, value, _ in topics[topic])), [agency.name for agency in bus.agencies()], bus.KEYS)
    if wrong := difference(found, expected(number, until, policy)):
        for topic in sorted({line.split(" ")[1] for line in wrong.split("\n")}):
            yield Anomaly(Name.WRONG_ANSWER, f"{topic} after portion {until}")
    for topic, written in topics.items():
        if not topic.startswith(_NO_FACTS):
            yield from _in_turn(topic, written)
    yield from _caused(topics)
    yield from _of_cases(topics)


Written = list[tuple[str, BaseModel, int]]
"""Key, value and moment of the commit, in the order of the log."""


def _in_turn(topic: str, written: Written) -> Iterator[Anomaly]:
    """A view changes with every message, and a fact is asserted and retracted in turn."""
    view = topic.startswith(VIEWS)
    latest: dict[str, Fact] = {}
    for key, value, _ in written:
        assert isinstance(value, Fact)
        name = key if view else value.id
        before = latest.get(name)
        if before == value or (not view and before is not None and before.retracted == value.retracted):
            yield Anomaly(Name.DUPLICATE, topic)
        elif value.retracted and (before is None or (before.retracted and not view)):
            yield Anomaly(Name.LOST_WRITE, topic)
        latest[name] = value


def _caused(topics: Mapping[str, Written]) -> Iterator[Anomaly]:
    """What a fact follows from was committed before it, or with it."""
    first: dict[str, int] = {}
    for written in topics.values():
        for _, value, moment in written:
            if isinstance(value, Fact):
                first[value.id] = min(moment, first.get(value.id, moment))
    for topic, written in topics.items():
        for _, value, moment in written:
            if isinstance(value, Fact) and any(first.get(cause, moment) > moment for cause in value.causes):
                yield Anomaly(Name.ABORTED_READ, topic)


def _of_cases(topics: Mapping[str, Written]) -> Iterator[Anomaly]:
    """Each release that was ever committed is what the oracle makes of some linked case that was committed before it, and a retraction says nothing again.

    A bulletin is told of a fact that was committed before it.
    """
    cases: dict[str, tuple[LinkedCase, int]] = {}
    for _, value, moment in topics["case.linked"]:
        if isinstance(value, LinkedCase) and not value.retracted:
            cases.setdefault(value.id, (value, moment))
    for agency in bus.agencies():
        called = {known(agency, case, bus.KEYS): case for case in cases}
        news = {known(agency, name, bus.KEYS): moment for name, moment in _news(topics).items()}
        for _, value, moment in topics[f"deliver.{agency.name}"]:
            assert isinstance(value, Release)
            if value.retracted:
                right = value.view == View() and value.bulletin is None
            elif value.bulletin is not None:
                right = news.get(value.causes[0], moment) < moment
            else:
                (case, written) = cases.get(called.get(value.causes[0], ""), (None, 0))
                right = case is not None and written < moment and content(value, bus.KEYS) in releases(agency, content(case, bus.KEYS), bus.KEYS)
            if not right:
                yield Anomaly(Name.WRONG_RELEASE, agency.name)



def _news(topics: Mapping[str, Written]) -> dict[str, int]:
    """When each fact of which agencies are told, and anything about the same, was first committed."""
    found: dict[str, int] = {}
    for topic in OFFERS:
        for _, value, moment in topics[topic]:
            for name in (value.id, about(value)) if isinstance(value, News) else ():
                found[name] = min(moment, found.get(name, moment))
    return found
