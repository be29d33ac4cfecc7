"""The bus on the real broker, with the interface that scenarios use: publish, settle, standing."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path
from typing import Any

from pydantic import BaseModel

from connectors.publish import Publisher
from connectors.reader import Entry, Reader
from connectors.transports import files
from deploy import topics
from deploy.access import acls
from deploy.access.roles import ADMIN
from deploy.bus import Bus
from deploy.local.stack import Endpoints
from deploy.reconcile import Row, reconcile
from deploy.watch import Watch
from schemas.models.control import LevelInForce
from schemas.models.fact import Fact
from schemas.models.release import Release
from schemas.settings import Settings
from streams.standing import VIEWS, standing
from tests.broker.processes import Commands
from tests.levels import STORY, declare_on
from tests.oracle.facts import body

Records = Sequence[Mapping[str, Any]]
QUICK: dict[str, Any] = {"partitions": 2, "session_timeout": 4.0, "batch_size": 200}
"""Settings under which tests need not wait long: partitions move after four seconds, and many small batches give kills many places."""


class Live:
    """Publishes through the real connectors and reads the real topics; workers are the caller's. Connects only when it is asked for something."""

    def __init__(self, bus: Bus, commands: Commands, folder: Path) -> None:
        """Take the bus, how to start commands for it, and where its files are."""
        self.bus, self.commands, self._folder = bus, commands, folder
        self._files = 0

    @cached_property
    def _publisher(self) -> Publisher:
        return self.bus.publisher()

    @cached_property
    def _reader(self) -> Reader:
        return self.bus.reader()

    @cached_property
    def _watch(self) -> Watch:
        return Watch(self.bus)

    def publish(self, source: str, records: Records) -> None:
        """Publish records as a file of JSON Lines; returns when the broker has them."""
        self._files += 1
        path = self._folder / f"{self._files}-{source}.jsonl"
        path.write_text("".join(body(record).decode() + "\n" for record in records), "utf-8")
        files.publish(path, self.bus.sources[source], self.bus.settings.keys, self._publisher, self._folder, lambda _: None)

    def rest(self, patience: float = 90.0) -> None:
        """Wait until every stage has read all of its inputs."""
        self.commands.wait(self._watch.quiet, patience)

    def settle(self, patience: float = 90.0) -> list[Row]:
        """Wait for rest, and give the reconciliation then."""
        self.rest(patience)
        return self.rows()

    def rows(self) -> list[Row]:
        """The reconciliation as it is now."""
        return reconcile(self.bus, self._reader)

    def standing(self, topic: str) -> dict[str, BaseModel]:
        """What stands in a topic: by key for a view, by id for facts."""
        return standing(topic, ((entry.key, entry.value) for entry in self.entries(topic) if entry.value is not None))

    def releases(self, agency: str) -> list[Release]:
        """The releases of linked cases that stand for an agency; bulletins are of nobody."""
        return [one for one in self.standing(f"deliver.{agency}").values() if isinstance(one, Release) and one.bulletin is None]

    def entries(self, topic: str) -> list[Entry]:
        """All committed messages of a topic."""
        return list(self._reader.read(topic))

    def repeated(self, topic: str) -> list[str]:
        """Ids that a reader of committed messages sees twice: asserted while they stand, or retracted while they do not. Of `control.*` each partition has all."""
        state: dict[str, Fact] = {}
        found = []
        for entry in self.entries(topic):
            if not isinstance(entry.value, Fact):
                continue
            name = entry.key if topic.startswith(VIEWS) else f"{entry.partition} {entry.value.id}" if topic.startswith("control.") else entry.value.id
            if state.get(name) == entry.value or (name not in state and entry.value.retracted):
                found.append(entry.value.id)
            state[name] = entry.value
        return found

    def close(self) -> None:
        """Let go of the connections."""
        for name in ("_publisher", "_reader", "_watch"):
            if name in self.__dict__:
                getattr(self, name).close()
        self.bus.close()


@contextmanager
def opened(ends: Endpoints, name: str, folder: Path, levels: Iterable[LevelInForce] = STORY, **more: Any) -> Iterator[Live]:
    """An empty bus of this name, with topics, secret and files of its own, levels in force and further settings; everything that was started for it is ended.

    Its intakes hold what no level covers yet (`collect`): stories send before a worker has told the level that was declared.
    """
    secret = folder / "secret"
    secret.write_bytes(os.urandom(32))
    keys: dict[str, Any] = {"secret_file": secret, "vault_file": folder / "vault.db", "vault_key": folder / "vault.key"}
    usual = {"collect": "hold", "subjects": "shared."}  # of a hundred schemas, which are the same for all, the registry would learn for seconds
    settings = Settings(home=folder, brokers=ends.brokers, registry=ends.registry, namespace=f"{name}.", **(usual | keys | more))
    commands = Commands(settings, folder)
    live = Live(Bus(settings), commands, folder)
    try:
        topics.apply(live.bus.acting(ADMIN))
        if live.bus.settings.protocol:
            acls.apply(live.bus.acting(ADMIN))
        declare_on(live.bus, levels)
        yield live
    finally:
        live.close()
        commands.end()
