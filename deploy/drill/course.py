"""When the steps of a story happen: at its own moments, as the records say them."""

from __future__ import annotations

import json
from collections.abc import Iterable
from itertools import accumulate

from connectors.envelope import Item, envelopes
from deploy.bus import Bus
from deploy.scenarios.numbered import records
from deploy.scenarios.play import moment
from deploy.scenarios.story import Step, Story
from schemas.models.fact import Fact, Millis
from streams.memory import Bus as Memory
from streams.stage import Emit

_NORMALISE = "normalise"


def moments(story: Story, bus: Bus) -> list[Millis]:
    """When each step happens, UTC milliseconds, none before the one before it: at its `clock`, else at the latest event time of its records.

    Event times are those that normalise understands; nothing is written to the bus. A step without any happens with the one before.
    """
    memory = Memory([stage for stage in bus.stages if stage.name == _NORMALISE])
    found = [moment(step.clock) if step.clock else max(_times(step, bus, memory), default=0) for step in story.steps]
    first = next((at for at in found if at), 0)
    return list(accumulate((at or first for at in found), max))


def _times(step: Step, bus: Bus, memory: Memory) -> Iterable[Millis]:
    before = len(memory.hops)
    for publish in step.publish:
        for record in records(publish, bus.settings.keys):
            raws = envelopes(bus.sources[publish.source], Item(json.dumps(record, ensure_ascii=False).encode()), bus.settings.keys)
            memory.publish([Emit(f"raw.{publish.source}", raw.record, raw) for raw in raws])
    memory.run()
    return [hop.emit.value.at for hop in memory.hops[before:] if isinstance(hop.emit.value, Fact) and hop.emit.topic != "reject"]
