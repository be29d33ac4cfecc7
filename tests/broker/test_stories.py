"""Every story of tests/scenarios on the real broker, each on a bus of its own: the same answers as in memory, and as the oracle's."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from pydantic import BaseModel

from deploy.areas import TOPIC as AREAS
from deploy.clock import tell as tell_time
from deploy.everywhere import tell as tell_areas
from deploy.local import stack as local
from schemas.models.control import RiskArea
from tests.broker.live import QUICK, Live, opened
from tests.oracle.answer import Oracle
from tests.scenarios.runner import tell
from tests.scenarios.story import read
from tests.scenarios.test_stories import LONG, STORIES
from tests.scenarios.world import World


class LiveWorld(World):
    """A story's bus on the broker, with a worker of its own."""

    def __init__(self, live: Live) -> None:
        """Start the worker."""
        bus = live.bus
        super().__init__(Oracle(bus.sources, list(bus.agencies.values()), bus.policy, bus.settings.keys))
        self._live = live
        live.commands.worker()

    def publish(self, source: str, records: Iterable[Mapping[str, Any]]) -> None:
        """Publish through the connector for files."""
        self._live.publish(source, list(records))

    def pass_time(self, at: int) -> None:
        """Say it as the command does, in few pieces."""
        with closing(self._live.bus.publisher()) as publisher:
            tell_time(self._live.bus, publisher, at, count=2)

    def declare(self, areas: Sequence[RiskArea]) -> None:
        """Tell every partition as the command does."""
        with closing(self._live.bus.publisher()) as publisher, closing(self._live.bus.reader()) as reader:
            tell_areas(self._live.bus, reader, publisher, AREAS, areas)

    def settle(self) -> None:
        """Wait until every stage has read all there is."""
        self._live.rest()

    def messages(self, topic: str) -> Iterable[tuple[str, BaseModel]]:
        """All committed messages."""
        return [(entry.key, entry.value) for entry in self._live.entries(topic) if entry.value is not None]


@pytest.mark.parametrize("path", [one for one in STORIES if one.stem not in LONG], ids=lambda path: str(path.stem))
def test_the_story_comes_out_as_told_on_the_broker(path: Path, stack: local.Endpoints, tmp_path: Path) -> None:
    """After each step exactly the linked cases and releases stand that the story names, and the oracle says the same."""
    with opened(stack, path.stem.replace("_", "-"), tmp_path, **QUICK | {"partitions": 1}) as live:
        tell(read(path), LiveWorld(live))
