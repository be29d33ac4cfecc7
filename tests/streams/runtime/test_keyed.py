"""Keys by topic: they are those that connectors and stages use."""

from __future__ import annotations

from deploy.scenarios.story import read
from deploy.simulation import simulate
from schemas.signing import KINDS
from schemas.topics import written
from streams.runtime.keyed import key_of
from tests.oracle.facts import Sent
from tests.properties import bus
from tests.properties.worlds import EVERY, World
from tests.scenarios.runner import tell
from tests.scenarios.test_stories import STORIES
from tests.scenarios.world import MemoryWorld

FREE = {"identity.model", "control.tick", "control.erasure", "control.rules", "control.level", "control.area"}
"""Topics that a stage reads under any key."""


def test_every_input_of_a_stage_has_its_key() -> None:
    """For each topic that a stage reads it is known what its key is, but for those where any will do; and nothing else is known."""
    read = {topic for stage in bus.stages(bus.POLICY) for topic in stage.inputs}
    assert {topic for topic in read if not key_of(topic)} == FREE
    assert not key_of("reject")
    assert set(written()) >= FREE


def test_all_that_is_written_has_its_key() -> None:
    """Every message of a simulated outbreak, of the examples of all sources and of all stories, with corrections, merges and splits of people, lies under the key of its value."""
    sent: list[Sent] = [(arrival.source, arrival.fields) for arrival in simulate(seed=3, people=100, days=10).arrivals]
    sent += [(source.name, example.given) for source in bus.sources().values() for example in source.examples]
    inside = bus.bus(World([sent], [100], list(EVERY)))
    bus.publish(inside, sent)
    inside.run()
    worlds = []
    for path in STORIES:
        worlds.append(MemoryWorld(100))
        tell(read(path), worlds[-1])
    seen = set()
    for one in (inside, *(world._bus for world in worlds)):
        for topic, emits in one.topics.items():
            key = key_of(topic)
            for emit in emits if key else ():
                assert key is None or key(emit.value) == emit.key, topic
                seen.add(topic)
    inputs = {topic for stage in bus.stages(bus.POLICY) for topic in stage.inputs if not topic.startswith("raw.")}
    assert inputs - seen <= FREE | set(KINDS) | {"carried"}, "some topic was never written to"
