"""What is left of an erased person on disks: in the broker's segments, states, changelogs, vault files and a backup of the vault."""

from __future__ import annotations

import shutil
import time
from pathlib import Path

import pytest
from kafka.admin import ConfigResource, ConfigResourceType, KafkaAdminClient

from schemas.models.case import LinkedCase
from schemas.vault import VaultProblem
from schemas.vault.local import Local
from schemas.vault.wrapping import FileWrapper
from tests.broker.live import Live
from tests.broker.people import positive, scan
from tests.broker.test_commands import command
from tests.broker.test_sealed import ACCOUNT, MARKS, NAME, PHONE, opened
from tests.broker.waiting import until

_AT_ONCE = {"segment.ms": "100", "max.compaction.lag.ms": "100", "min.cleanable.dirty.ratio": "0.01", "file.delete.delay.ms": "100"}
"""What the contract says in hours and a day, in a tenth of a second."""


@pytest.mark.chaos
@pytest.mark.timeout(600)
def test_erased_bytes(live: Live, home: Path, tmp_path: Path) -> None:
    """After an erasure the marks of the person are in agencies' segments alone, and there until they are compacted; nothing opens any more.

    A backup of the vault's database from before opens nothing once the keys were wrapped anew.
    """
    live.commands.worker()
    live.publish("scan-code", [scan(1, 1, phone=PHONE, name=NAME, openid=ACCOUNT), scan(2, 2)])
    live.publish("lab-result", [positive(1, 1, phone=PHONE, name=NAME), positive(2, 2)])
    live.settle()
    backup = tmp_path / "backup.db"
    live.bus.settings.keys.vault.current(["0" * 32])
    shutil.copy(tmp_path / "vault.db", backup)
    for log in tmp_path.glob("vault.db-wal"):
        shutil.copy(log, tmp_path / "backup.db-wal")
    person = _person(live)
    proposal = command(live, "erase", "propose", person, "--by", "OP-1", "--reason", "request")
    command(live, "erase", "approve", proposal["proposal"], "--by", "OP-2")
    command(live, "vault", "rotate")
    live.settle()
    assert opened(live, NAME) == 0
    assert _where(live, home, tmp_path) == {"deliver"}
    with pytest.raises(VaultProblem):
        Local(backup, FileWrapper(tmp_path / "vault.key")).past(person, 1)
    _compact(live)
    until(lambda: _more(live, home, tmp_path), 240)


def _person(live: Live) -> str:
    """The key of who has the marked name."""
    keys = live.bus.settings.keys
    cases = [one for one in live.standing("case.linked").values() if isinstance(one, LinkedCase)]
    (found,) = [one.person for one in cases if any(keys.open(seal.alias, seal.data).get("name") == NAME for seal in one.sealed)]
    return found


def _where(live: Live, home: Path, folder: Path) -> set[str]:
    """First words of topics in whose files the marks are, and names of other files."""
    found, prefix = set(), live.bus.settings.namespace
    for file in [*home.rglob("*"), *folder.rglob("*")]:
        ours = file.parent.name.startswith(prefix)
        try:
            if file.suffix not in (".index", ".timeindex", ".jsonl") and file.is_file() and any(mark in file.read_bytes() for mark in MARKS):
                found.add(file.parent.name.removeprefix(prefix).split(".")[0] if ours else str(file))
        except FileNotFoundError:  # the broker took it away meanwhile
            continue
    return found


def _compact(live: Live) -> None:
    """Let the broker compact the agencies' topics at once, and not in a day."""
    admin = KafkaAdminClient(bootstrap_servers=live.bus.endpoints.brokers)
    try:
        topics = [f"{live.bus.settings.namespace}deliver.{agency}" for agency in live.bus.agencies]
        admin.alter_configs([ConfigResource(ConfigResourceType.TOPIC, topic, configs=_AT_ONCE) for topic in topics], incremental=True)
    finally:
        admin.close()


def _more(live: Live, home: Path, folder: Path) -> bool:
    """Whether the marks are gone; if not, more cases come for each agency, since the broker closes a segment only when something is written behind it."""
    if not _where(live, home, folder):
        return True
    number = int(time.monotonic() * 10) % 10_000_000
    live.publish("lab-result", [positive(number + one, number + one, region=("530602", "530624100001")[one % 2]) for one in range(16)])
    live.settle()
    return False
