"""Everything of one run: broker behind a relay, registry, an agency's receiver, and the processes of the bus."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from kafka.admin import ConfigResource, ConfigResourceType, KafkaAdminClient

from deploy import topics
from deploy.bus import Bus
from deploy.local import kafka
from deploy.local import stack as local
from schemas.settings import Settings
from streams.path import STAGES
from tests.broker.processes import Commands
from tests.broker.waiting import until
from tests.chaos import clock
from tests.chaos.receiver import Receiver
from tests.chaos.units import Unit
from tests.levels import declare_on

AGENCY = "daguan-county-cdc"
"""The agency with a webhook."""
UPSTREAM, DOWNSTREAM = STAGES[:6], STAGES[6:]
_WEBHOOK = b"not very secret"
_QUICK = {"partitions": 2, "session_timeout": 4.0, "transaction_timeout": 15.0, "batch_size": 500}


class Relay:
    """The process between the broker and all clients but the judge."""

    def __init__(self, listens: int, to: int) -> None:
        """Start it."""
        self._process = subprocess.Popen([sys.executable, "-m", "tests.chaos.relay", str(listens), str(to)], stdin=subprocess.PIPE)
        until(lambda: kafka.listening(listens), 30)

    def tell(self, line: str) -> None:
        """Tell it what to do from now on."""
        pipe: IO[bytes] | None = self._process.stdin
        assert pipe
        pipe.write(line.encode() + b"\n")
        pipe.flush()

    def close(self) -> None:
        """End it."""
        assert self._process.stdin
        self._process.stdin.close()
        self._process.wait(10)


class Site:
    """What runs; made by `opened`."""

    def __init__(self, folder: Path) -> None:
        """Start broker, registry, relay and receiver under a folder, make the topics, and declare the level under which contacts are traced."""
        self.folder, self.home = folder, folder / "bus"
        self._stack = folder / "stack"
        self._listens, self._told = local.free(2)
        ends = self.up()
        self.relay = Relay(self._told, self._listens)
        self.receiver = Receiver(_WEBHOOK)
        (self.home / "clocks").mkdir(parents=True)
        (self.home / "token").write_bytes(_WEBHOOK)
        # hold: publishers begin before a worker that may be killed has told the level, and the judge wants every record that was sent
        settings = Settings(home=self.home, brokers=ends.brokers, registry=ends.registry, namespace="chaos.", secret_file=self._stack / "secret",
                            vault_file=self._stack / "vault.db", vault_key=self._stack / "vault.key", collect="hold", **_QUICK)  # type: ignore[arg-type]
        self.bus = Bus(settings)
        topics.apply(self.bus)
        declare_on(self.bus)
        _keep_everything(self.bus)
        self._commands = Commands(settings.model_copy(update={"brokers": f"127.0.0.1:{self._told}"}), folder / "log")
        (folder / "log").mkdir()
        self.units: dict[str, Unit] = {}

    def up(self) -> local.Endpoints:
        """Start broker and registry if they do not run."""
        return local.up(self._stack, _quiet, kafka.Relay(self._listens, self._told))

    def down(self, part: str) -> None:
        """End broker or registry as a power cut would."""
        local.kill(self._stack, part)

    def worker(self, name: str, stages: tuple[str, ...], **more: str) -> Unit:
        """Add a worker; its clock can be set, by `set_clock`."""
        path = [str(Path(clock.__file__).parent)]
        unit = Unit(name, ("worker", "--stages", ",".join(stages)), self._commands, stages=stages,
                    more={"PYTHONPATH": ":".join([*path, *filter(None, sys.path)]), "CHAOS_CLOCK": str(self._clock(name)), **more})  # fmt: skip
        return self._add(unit)

    def set_clock(self, name: str, seconds: int) -> None:
        """Let the clock of a worker be ahead by so much."""
        part = self._clock(name).with_suffix(".part")
        part.write_text(str(seconds))
        part.replace(self._clock(name))

    def publisher(self, name: str) -> Unit:
        """Add a publisher; its portions lie in its inbox."""
        self.inbox(name).mkdir(parents=True)
        self.done.mkdir(exist_ok=True)
        return self._add(Unit(name, ("publish", str(self.inbox(name)), str(self.done)), self._commands, module="tests.chaos.publisher"))

    def intake(self, name: str, client: str) -> Unit:
        """Add the HTTP intake, and a client of it, which looks as a publisher does."""
        (port,) = local.free(1)
        self.inbox(client).mkdir(parents=True)
        self.done.mkdir(exist_ok=True)
        words = ("post", str(self.inbox(client)), str(self.done), f"http://127.0.0.1:{port}")
        self._add(Unit(client, words, self._commands, module="tests.chaos.client"))
        return self._add(Unit(name, ("serve", "--port", str(port)), self._commands))

    def inbox(self, name: str) -> Path:
        """The portions that a publisher is to publish."""
        return self.home / "inbox" / name

    @property
    def done(self) -> Path:
        """The portions that are published."""
        return self.home / "done"

    def deliverer(self) -> Unit:
        """Add the deliverer."""
        more = {"DAGUAN_CDC_URL": self.receiver.url, "DAGUAN_CDC_TOKEN_FILE": str(self.home / "token")}
        return self._add(Unit("deliverer", ("deliver", "--agency", AGENCY), self._commands, more=more))

    def remove(self, name: str) -> Unit:
        """Look after a process no longer."""
        unit = self.units[name]
        self.units = {each: one for each, one in self.units.items() if each != name}
        return unit

    def _add(self, unit: Unit) -> Unit:
        self.units = {**self.units, unit.name: unit}  # another, for somebody may be going through this one in another thread
        return unit

    def close(self) -> None:
        """End everything that was started."""
        self._commands.end()
        self.bus.close()
        self.receiver.close()
        self.relay.close()
        local.down(self._stack)

    def _clock(self, name: str) -> Path:
        return self.home / "clocks" / name


@contextmanager
def opened(folder: Path) -> Iterator[Site]:
    """A site that is closed whatever happens."""
    site = None
    try:
        site = Site(folder)
        yield site
    finally:
        if site:
            site.close()
        else:
            local.down(folder / "stack")


def _keep_everything(bus: Bus) -> None:
    """Let the topics that the judge reads forget nothing, and compact the changelogs all the time."""
    wanted = {topic.name: {"min.compaction.lag.ms": "86400000"} for topic in bus.topics.values() if topic.cleanup == "compact"}
    wanted |= {name: {"segment.ms": "60000", "min.cleanable.dirty.ratio": "0.1"} for name in wanted if name.startswith("state.")}
    client = KafkaAdminClient(bootstrap_servers=bus.endpoints.brokers)
    try:
        client.alter_configs([ConfigResource(ConfigResourceType.TOPIC, bus.settings.namespace + name, configs) for name, configs in wanted.items()], incremental=True)
    finally:
        client.close()


def _quiet(_: str) -> None:
    """The local stack's lines of progress are not told here."""
