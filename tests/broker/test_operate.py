"""What commands say of themselves on the real broker: while they begin, while an input is held, while a receiver or the broker is away, and afterwards."""

from __future__ import annotations

import re
import resource
from pathlib import Path
from typing import Any

import httpx
import psutil

from deploy.demo.receiver import Receiver
from deploy.local import stack as local
from tests.broker.live import Live
from tests.broker.people import positive, scan
from tests.broker.processes import Command
from tests.broker.waiting import until


class Asked:
    """The endpoints of a command that was just started with a free port for them."""

    def __init__(self, command: Command) -> None:
        command.says("offers /metrics", 120)
        found = re.search(r"on (http://127\.0\.0\.1:\d+)", command.said)
        assert found
        self._command, self._url = command, found[1]

    def ready(self) -> dict[str, Any]:
        """What /ready answers; its status says the same."""
        answer = self._get("/ready")
        told: dict[str, Any] = answer.json()
        assert (answer.status_code == 200) == told["ready"] == (not told["why"])
        return told

    def until(self, why: str, patience: float = 120.0) -> None:
        """Wait until it is ready (''), or not ready for a reason that begins so."""
        until(lambda: any(one.startswith(why) for one in self.ready()["why"]) if why else self.ready()["ready"], patience,
              lambda: f"{why or 'ready'} did not come: {self.ready()}\n{self._command.said}")  # fmt: skip

    def value(self, series: str) -> float:
        """The sum of all series that begin so; 0 when there are none."""
        lines = self._get("/metrics").text.splitlines()
        return sum(float(line.rpartition(" ")[2]) for line in lines if line.startswith(series))

    def alive(self) -> bool:
        """What /health answers."""
        return self._get("/health").status_code == 200

    def _get(self, path: str) -> httpx.Response:
        return httpx.get(self._url + path, trust_env=False, timeout=20)


OFFER = {"LIANFANG_METRICS_PORT": "0"}


def county(folder: Path, receiver: Receiver, secret: str) -> dict[str, str]:
    """The environment in which the county's releases are delivered to a receiver, signed with a secret."""
    (folder / "webhook").write_text(secret)
    return OFFER | {"DAGUAN_CDC_URL": receiver.url, "DAGUAN_CDC_TOKEN_FILE": str(folder / "webhook")}


def test_what_is_not_well_is_told(live: Live) -> None:
    """A worker is not ready while it begins, ready when it reads, and not ready while it holds an input.

    A receiver that refuses the signature leaves `deliver` ready, which says who does not answer, for how long and how much waits; with the right secret all is
    delivered.
    """
    receiver = Receiver(b"right")
    words = ("deliver", "--agency", "daguan-county-cdc")
    try:
        path = Asked(live.commands.start("worker", **OFFER))
        assert path.ready()["why"]
        deliverer = live.commands.start(*words, **county(live.bus.settings.home, receiver, "wrong"))
        deliver = Asked(deliverer)
        path.until("")
        live.publish("scan-code", [scan(1, 1), scan(2, 2)])
        live.publish("lab-result", [positive(1, 1)])
        until(lambda: deliver.value("lianfang_deliveries_oldest_seconds") > 0, 120)
        assert deliver.value("lianfang_deliveries_outstanding") >= 1
        told = deliver.ready()
        assert (told["ready"], list(told["not_answering_for_seconds"])) == (True, ["daguan-county-cdc"])
        assert deliverer.end() == 0
        deliver = Asked(live.commands.start(*words, **county(live.bus.settings.home, receiver, "right")))
        live.publish("scan-code", [scan(number, number, place_code="") for number in range(1000, 2000)])
        path.until("stage normalise has stopped reading raw.scan-code on partition 0")
        assert path.value('lianfang_inputs_held{partition="0",stage="normalise",topic="raw.scan-code"}') == 1
        assert path.value('lianfang_stage_rejects_total{reason="field",stage="normalise"') > 0
        live.commands.wait(lambda: sum(not release["bulletin"] for release in receiver.held.values()) == 2, 120)
        until(lambda: deliver.value("lianfang_deliveries_outstanding") == 0, 120)
    finally:
        receiver.close()


def test_broker_away_is_told(live: Live, home: Path) -> None:
    """While the broker is away worker, serve and deliver live and are not ready, and say why; when it is back they are ready by themselves."""
    receiver = Receiver(b"right")
    try:
        started = [live.commands.start("worker", "--stages", "normalise", **OFFER), live.commands.start("serve", "--port", "0", **OFFER, LIANFANG_HTTP_PATIENCE="3"),
                   live.commands.start("deliver", "--agency", "daguan-county-cdc", **county(live.bus.settings.home, receiver, "right"))]  # fmt: skip
        asked = [Asked(command) for command in started]
        for one in asked:
            one.until("")
        local.kill_broker(home)
        try:
            for one in asked:
                one.until("the broker has not answered for")
                assert one.alive()
        finally:
            local.up(home, print)
        for one in asked:
            one.until("")
    finally:
        receiver.close()


def test_registry_away(live: Live, home: Path) -> None:
    """Without the registry a worker that runs goes on with the schemas that it knows; one that starts ends and says what is away; with it, it starts."""
    running = live.commands.worker()
    live.publish("scan-code", [scan(1, 1)])
    live.settle()
    local.kill(home, "registry")
    try:
        live.publish("scan-code", [scan(2, 2)])
        live.commands.wait(lambda: len(live.standing("record.scan")) == 2, 120)
        starting = live.commands.worker()
        starting.says("does not answer", 120)
        until(lambda: starting.ended == 1, 120)
    finally:
        local.up(home, print)
    assert running.ended is None
    live.commands.worker().says("is ready", 120)


def test_another_secret(live: Live, tmp_path: Path) -> None:
    """A worker that was given another secret ends before it writes anything, and says whose it needs; with the right one it goes on."""
    first = live.commands.worker()
    live.publish("scan-code", [scan(1, 1), scan(2, 2)])
    live.settle()
    assert first.end() == 0
    before = len(live.entries("identity.mention"))
    (tmp_path / "other").write_bytes(bytes(32))
    wrong = live.commands.start("worker", "--stages", "normalise", LIANFANG_SECRET_FILE=str(tmp_path / "other"))
    live.publish("scan-code", [scan(3, 3)])
    wrong.says("was written under another secret", 120)
    until(lambda: wrong.ended == 1, 120)
    assert len(live.entries("identity.mention")) == before
    live.commands.worker()
    live.settle()
    assert len(live.standing("record.scan")) == 3


def test_disk_that_is_full(live: Live, tmp_path: Path) -> None:
    """A worker that cannot write its state ends and says where; one with room takes over, and nothing is lost or doubled."""
    full = live.commands.start("worker", LIANFANG_HOME=str(tmp_path / "small"), LIANFANG_SECRET_FILE=str(live.bus.settings.secret_file))
    full.says("is ready", 120)
    psutil.Process(full.pid).rlimit(resource.RLIMIT_FSIZE, (20_000, 20_000))
    live.publish("scan-code", [scan(number, number) for number in range(400)])
    full.says("cannot go on", 120)
    until(lambda: full.ended == 1, 120)
    live.commands.worker()
    rows = live.settle()
    assert not [row for row in rows if row.problems]
    assert len(live.standing("record.scan")) == 400
