"""A bus on a broker to which a story is told, through the connector for files and the same calls as the commands'."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

from pydantic import BaseModel

from connectors.transports import files
from deploy.access import roles
from deploy.bus import Bus
from deploy.clock import tell as tell_time
from deploy.everywhere import tell
from deploy.scenarios.world import World
from schemas.models.control import LevelInForce, RiskArea
from schemas.models.raw import Raw


class BusWorld(World):
    """A bus whose topics are there and whose workers run."""

    def __init__(self, bus: Bus, folder: Path, settle: Callable[[], None]) -> None:
        """Take the bus, a folder for the files that sources send, and what waits until every stage has read all there is."""
        super().__init__(bus.sources, list(bus.agencies.values()), bus.policy, bus.settings.keys)
        self._bus, self._folder, self._settle = bus, folder, settle
        self._reader, self._files = bus.reader(), 0
        self._acting: dict[str, Bus] = {}

    def publish(self, source: str, records: Iterable[Mapping[str, Any]]) -> None:
        """Publish them as a file of JSON Lines, each in the bytes that the oracle digests too."""
        self._files += 1
        path = self._folder / f"{self._files}-{source}.jsonl"
        path.write_text("".join(json.dumps(record, ensure_ascii=False, sort_keys=True) + "\n" for record in records), "utf-8")
        with closing(self._as(roles.source(source)).publisher()) as publisher:
            files.publish(path, self._bus.sources[source], self._bus.settings.keys, publisher, self._folder, lambda _: None)

    def write(self, raws: Sequence[Raw]) -> None:
        """Publish them as the intake does."""
        with closing(self._as(roles.INTAKE).publisher()) as publisher:
            publisher.publish(raws)

    def pass_time(self, at: int) -> None:
        """Say it as the command does, in few pieces."""
        with closing(self._as(roles.CLOCK).publisher()) as publisher:
            tell_time(self._bus, publisher, at, count=2)

    def declare(self, topic: str, facts: Sequence[LevelInForce] | Sequence[RiskArea]) -> None:
        """Tell every partition as the command does."""
        with closing(self._as(roles.STEWARD).publisher()) as publisher:
            tell(self._bus, self._reader, publisher, topic, facts)

    def settle(self) -> None:
        """Wait until every stage has read all there is."""
        self._settle()

    def messages(self, topic: str) -> Iterable[tuple[str, BaseModel]]:
        """All committed messages."""
        return [(entry.key, entry.value) for entry in self._reader.read(topic) if entry.value is not None]

    def _as(self, role: str) -> Bus:
        """The bus, whose parts connect in a role."""
        if role not in self._acting:
            self._acting[role] = self._bus.acting(role)
        return self._acting[role]

    def close(self) -> None:
        """Let go of the reader."""
        self._reader.close()
