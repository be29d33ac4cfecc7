"""The way of a result is recognised on the topics of the bus."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, cast

from connectors.envelope import Item, envelopes
from deploy.bus import Bus
from schemas.codec import Codec
from schemas.settings import Settings
from streams import memory
from streams.stage import Emit
from tests.bench.hops import HOPS, Way
from tests.bench.latency import tokens
from tests.broker.people import positive, scan
from tests.levels import declare


def test_every_hop_of_a_result_is_seen(tmp_path: Path) -> None:
    """When one of two who met is found positive, each hop up to the release about the other is seen, and none before the one that causes it; a third sees nothing."""
    (tmp_path / "secret").write_bytes(bytes(range(32)))
    bus = Bus(Settings(home=tmp_path, partitions=1))
    inside = declare(memory.Bus(bus.stages))
    for source, record in (("scan-code", scan(1, 1)), ("scan-code", scan(2, 2)), ("lab-result", positive(1, 1))):
        for raw in envelopes(bus.sources[source], Item(json.dumps(record).encode()), bus.settings.keys):
            inside.publish([Emit(f"raw.{source}", raw.record, raw)])
    inside.run()
    came = [(float(number), hop.emit.topic, cast("Any", hop.emit.value)) for number, hop in enumerate(inside.hops, 1)]
    names = {token: number for number in (1, 3) for token in tokens(bus.settings.keys, number)}
    way = Way(cast("Codec", _AsItIs()), names)
    assert way.follow(came[:1]) == {}
    assert list(way.follow(came)) == [1]
    legs = way.legs({1: 0.0})
    assert list(legs) == [name for name, _, _ in HOPS]
    assert all(times[0] > 0 for times in legs.values())


class _AsItIs:
    """A codec for values that were never encoded."""

    def decode(self, value: Any, _: str) -> Any:
        return value
