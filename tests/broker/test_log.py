"""The log on the real broker: each recorded message is in it once, whatever is killed; and what it gives away is proved without the broker."""

from __future__ import annotations

import json
import shutil
import signal
from collections import Counter
from pathlib import Path

import pytest

from deploy.log.checkpoint import read
from deploy.log.entry import SAYS
from deploy.log.entry import read as understood
from deploy.log.keys import Kind, Private
from deploy.log.policy import load
from deploy.log.store import Store
from deploy.log.tiles import Tiles
from deploy.log.verify import NotProved, folder, verify
from schemas.models.log import Checkpoint
from schemas.models.release import Audit
from tests.broker.live import Live
from tests.broker.people import positive, scan
from tests.broker.processes import Command
from tests.deploy.log.pieces import audit, receipt

NAME = "example.org/test"


def recorded(live: Live) -> Counter[tuple[str, int, int]]:
    """Where the messages of all recorded topics are."""
    return Counter((entry.topic, entry.partition, entry.offset) for topic in SAYS for entry in live.entries(topic))


def in_log(home: Path) -> Counter[tuple[str, int, int]]:
    """Where the messages are that the log has entries of."""
    size = Store(home / "log").load().edge.size
    entries = [understood(Tiles(home / "log", size).entry(number)) for number in range(size)]
    return Counter((one["topic"], one["partition"], one["offset"]) for one in entries)


def ended(live: Live, command: Command) -> int | None:
    """The exit code of a command that ends by itself."""
    live.commands.wait(lambda: command.ended is not None, 60)
    return command.ended


def test_from_release_to_proof(live: Live) -> None:
    """A case is released; the log takes it in and a witness signs; an exported bundle proves the release as it was received, and not one that was changed."""
    home = live.bus.settings.home
    log_key, witness_key = Private.new(NAME, Kind.LOG), Private.new("example.org/county", Kind.WITNESS)
    log_key.save(home / "log.key")
    witness_key.save(home / "witness.key")
    policy = home / "policy"
    policy.write_text(f"log {log_key.public}\nquorum none\n")
    live.commands.worker()
    witness = live.commands.start("witness", "run", "--key", str(home / "witness.key"), "--folder", str(home / "w"), "--policy", str(policy), "--port", "0")
    witness.says("Running on http://")
    url = witness.said.partition("Running on ")[2].split()[0]
    policy.write_text(f"log {log_key.public}\nwitness county {witness_key.public} {url}\nquorum county\n")
    live.publish("scan-code", [scan(1, 1), scan(2, 2)])
    live.publish("lab-result", [positive(1, 1)])
    live.settle()
    log = live.commands.start("log", "run", LIANFANG_LOG_POLICY=str(policy), LIANFANG_LOG_SECONDS="0.2")
    wanted = recorded(live)
    live.commands.wait(lambda: any(isinstance(entry.value, Checkpoint) and entry.value.size == wanted.total() for entry in live.entries("audit.checkpoint")), 60)
    assert log.end() == 0
    assert in_log(home) == wanted
    said = next(entry.value for entry in live.entries("audit") if isinstance(entry.value, Audit) and entry.value.agency == "daguan-county-cdc")
    release = next(entry.value for entry in live.entries("deliver.daguan-county-cdc") if entry.value and getattr(entry.value, "id", "") == said.release)
    (home / "release.json").write_text(release.model_dump_json())
    assert ended(live, live.commands.start("log", "export", "--release", said.release, "--out", str(home / "bundle"))) == 0
    shown = live.commands.start("verify", str(home / "bundle"), "--policy", str(policy), "--release", str(home / "release.json"), "--json", LIANFANG_BROKERS="nowhere:1")
    assert ended(live, shown) == 0, shown.said
    proved = json.loads(shown.said)
    assert (proved["release"], list(proved["witnesses"]), proved["size"]) == (said.release, ["county"], wanted.total())
    assert proved["entries"][0]["legal_basis"] == release.legal_basis  # type: ignore[attr-defined]
    content = json.loads((home / "release.json").read_text())
    (home / "release.json").write_text(json.dumps(content | {"expires": content["expires"] + 1}))
    changed = live.commands.start("verify", str(home / "bundle"), "--policy", str(policy), "--release", str(home / "release.json"))
    assert ended(live, changed) == 1
    assert "its content does not give its id" in changed.said


def test_killed_lost_and_taken_over(live: Live) -> None:
    """While messages come the log is killed, its folder lost, and a second one started beside it: each message is in once, and the log only ever grew."""
    home = live.bus.settings.home
    key = Private.new(NAME, Kind.LOG)
    key.save(home / "log.key")
    (home / "policy").write_text(f"log {key.public}\nquorum none\n")
    publisher = live.bus.publisher()
    quick = {"LIANFANG_LOG_SECONDS": "0.05"}
    log, number = live.commands.start("log", "run", **quick), 0
    try:
        for mishap in ("kill", "lose", "kill", "second", "none"):
            for _ in range(300):
                number += 1
                publisher.send("audit", f"{number}", audit(number))
                publisher.send("receipt", f"{number}", receipt(number))
            publisher.settle()
            size = max((one.value.size for one in live.entries("audit.checkpoint") if isinstance(one.value, Checkpoint)), default=0)
            live.commands.wait(lambda size=size: any(isinstance(one.value, Checkpoint) and one.value.size > size for one in live.entries("audit.checkpoint")), 60)  # type: ignore[misc]
            if mishap == "second":
                other = live.commands.start("log", "run", LIANFANG_LOG_FOLDER=str(home / "second"), **quick)
                other.says("entries")
                publisher.send("audit", "more", audit(number))
                publisher.settle()
                assert ended(live, log) == 1
                assert "another `lianfang log run` taken over" in log.said
                assert other.end() == 0
            if mishap in ("kill", "lose"):
                log.kill()
            if mishap == "lose":
                shutil.rmtree(home / "log")
            if mishap != "none":
                log = live.commands.start("log", "run", **quick)
        live.commands.wait(lambda: in_log_or_none(home) == recorded(live), 60)
        log.signal(signal.SIGTERM)
        assert ended(live, log) == 0
    finally:
        publisher.close()
    notes = [one.value.note for one in live.entries("audit.checkpoint") if isinstance(one.value, Checkpoint)]
    assert folder(home / "log", load(home / "policy"), notes).earlier == [read(note)[0].size for note in notes]
    assert sorted(read(note)[0].size for note in notes) == [read(note)[0].size for note in notes]
    with pytest.raises(NotProved):
        verify(b"{}", load(home / "policy"))


def in_log_or_none(home: Path) -> Counter[tuple[str, int, int]] | None:
    """As `in_log`; None while the folder is being written."""
    try:
        return in_log(home)
    except (OSError, ValueError):
        return None
