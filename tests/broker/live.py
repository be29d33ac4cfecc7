"""The bus on the real broker, with the interface that scenarios use: publish, settle, standing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from pydantic import BaseModel

from connectors.publish import Publisher
from connectors.reader import Entry, Reader
from connectors.transports import files
from deploy.bus import Bus
from deploy.reconcile import Row, reconcile
from schemas.models.fact import Fact
from streams.standing import VIEWS, standing
from tests.broker.processes import Commands
from tests.oracle.facts import body

Records = Sequence[Mapping[str, Any]]


class Live:
    """Publishes through the real connectors and reads the real topics; workers are the caller's."""

    def __init__(self, bus: Bus, commands: Commands, folder: Path) -> None:
        """Connect."""
        self.bus, self.commands, self._folder = bus, commands, folder
        self._publisher: Publisher = bus.publisher()
        self._reader: Reader = bus.reader()
        self._files = 0

    def publish(self, source: str, records: Records) -> None:
        """Publish records as a file of JSON Lines; returns when the broker has them."""
        self._files += 1
        path = self._folder / f"{self._files}-{source}.jsonl"
        path.write_text("".join(body(record).decode() + "\n" for record in records), "utf-8")
        files.publish(path, self.bus.sources[source], self.bus.settings.keys, self._publisher, self._folder, lambda _: None)

    def settle(self, patience: float = 90.0) -> list[Row]:
        """Wait until every stage has read all of its inputs, and give the reconciliation then."""
        seen: list[list[Row]] = []

        def quiet() -> bool:
            seen.append(self.rows())
            return len(seen) > 1 and seen[-1] == seen[-2] and not any(row.waiting for row in seen[-1])

        self.commands.wait(quiet, patience)
        return seen[-1]

    def rows(self) -> list[Row]:
        """The reconciliation as it is now."""
        return reconcile(self.bus, self._reader)

    def standing(self, topic: str) -> dict[str, BaseModel]:
        """What stands in a topic: by key for a view, by id for facts."""
        return standing(topic, ((entry.key, entry.value) for entry in self.entries(topic) if entry.value is not None))

    def entries(self, topic: str) -> list[Entry]:
        """All committed messages of a topic."""
        return list(self._reader.read(topic))

    def repeated(self, topic: str) -> list[str]:
        """Ids that a reader of committed messages sees twice: asserted while they stand, or retracted while they do not."""
        state: dict[str, tuple[str, bool]] = {}
        found = []
        for entry in self.entries(topic):
            if not isinstance(entry.value, Fact):
                continue
            name = entry.key if topic.startswith(VIEWS) else entry.value.id
            now = (entry.value.id, entry.value.retracted)
            if state.get(name) == now or (name not in state and entry.value.retracted):
                found.append(entry.value.id)
            state[name] = now
        return found

    def close(self) -> None:
        """Let go of the connections."""
        self._publisher.close()
        self._reader.close()
        self.bus.close()
