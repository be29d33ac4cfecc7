"""Zhengzhou on the real broker: every request without evidence is refused, who asked is named, and a bundle proves it without any broker."""

from __future__ import annotations

import json
import time
from pathlib import Path

from deploy.local import stack as local
from deploy.log.keys import Kind, Private
from schemas.models.log import Checkpoint
from schemas.models.measure import MeasureAlert, MeasureRefused
from tests.broker.live import QUICK, Live, opened
from tests.broker.people import scan

_MANY = 1317
_REQUEST = {"by": "OP-530624-9", "revision": "1", "measure": "红码", "reason": "病例", "from": "2020-02-10 10:00", "until": "2020-02-17 10:00", "region": "530624"}


def test_1317_requests_are_refused_named_and_proved(stack: local.Endpoints, tmp_path: Path) -> None:
    """1,317 requests in one file: each is refused (how soon is printed), one alert names the official, none stands; the log proves every refusal offline."""
    with opened(stack, "zhengzhou", tmp_path, **QUICK | {"partitions": 1}) as live:
        key = Private.new("example.org/test", Kind.LOG)
        key.save(tmp_path / "log.key")
        (tmp_path / "policy").write_text(f"log {key.public}\nquorum none\n")
        live.commands.worker()
        log = live.commands.start("log", "run", LIANFANG_LOG_SECONDS="0.2")
        live.publish("scan-code", [scan(1, 1)])
        live.settle()  # the worker has its partitions
        live.publish("measure-request", [_REQUEST | {"request_no": str(number), "openid": f"ox-{number}"} for number in range(_MANY)])
        start = time.monotonic()
        live.commands.wait(lambda: len(live.entries("measure.refused")) == _MANY, 120)
        print(f"{time.monotonic() - start:.1f} s from the last request to the last refusal")
        live.rest()
        refused = live.standing("measure.refused")
        assert {one.official for one in refused.values() if isinstance(one, MeasureRefused)} == {"OP-530624-9"}
        assert len(refused) == _MANY
        assert [one.official for one in live.standing("measure.alert").values() if isinstance(one, MeasureAlert)] == ["OP-530624-9"]
        assert live.entries("measure.standing") == []
        recorded = sum(len(live.entries(topic)) for topic in ("measure.refused", "measure.alert"))
        live.commands.wait(lambda: any(isinstance(one.value, Checkpoint) and one.value.size >= recorded for one in live.entries("audit.checkpoint")), 60)
        assert log.end() == 0
        _proved(live, tmp_path, sorted(refused))


def _proved(live: Live, folder: Path, ids: list[str]) -> None:
    """A bundle about these ids is verified where there is no broker, and has an entry of each."""
    (folder / "ids").write_text("\n".join(ids))
    for words in (("log", "export", "--each", str(folder / "ids"), "--out", str(folder / "bundle")),
                  ("verify", str(folder / "bundle"), "--policy", str(folder / "policy"), "--json")):  # fmt: skip
        command = live.commands.start(*words, LIANFANG_BROKERS="nowhere:1")
        live.commands.wait(lambda command=command: command.ended is not None, 60)  # type: ignore[misc]
        assert command.ended == 0, command.said
    entries = json.loads(command.said)["entries"]
    assert sorted(one["about"] for one in entries) == ids
    assert {(one["by"], one["decision"], one["reason"]) for one in entries} == {("OP-530624-9", "no_evidence", "red_code")}
