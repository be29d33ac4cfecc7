"""Refused records on the real broker: one repaired by two people, and a source whose file was corrected."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from connectors.registry import sources
from deploy.local.stack import Endpoints
from schemas.models.fact import Fact
from schemas.models.raw import Raw
from tests.broker.live import QUICK, Live, opened
from tests.broker.people import scan
from tests.broker.test_commands import command

BY = {"one": ("--by", "OP-1"), "other": ("--by", "OP-2")}


def _door(folder: Path, place: str) -> None:
    """The file of a source, whose records have their place in a field."""
    source = sources()["scan-code"].model_dump(by_alias=True, exclude_defaults=True)
    mapped = source["map"] | {"place": {"path": place, "as": "code"}}
    document: dict[str, Any] = source | {"name": "door", "map": mapped, "examples": [{"given": {"scan_no": "S"}, "refuses": []}]}
    folder.mkdir(exist_ok=True)
    (folder / "door.yaml").write_text(yaml.safe_dump(document, allow_unicode=True), "utf-8")


@pytest.fixture
def live(stack: Endpoints, tmp_path: Path) -> Iterator[Live]:
    """An empty bus with the source `door`, whose file looks for the place in a field that records do not have."""
    _door(tmp_path / "sources", "placecode")
    with opened(stack, "repair", tmp_path, sources=tmp_path / "sources", **QUICK) as live:
        yield live


def test_repair_and_replay(live: Live) -> None:
    """A record with a wrong code is repaired and stands, with a pointer to its bytes; of a source with a wrong mapping all records stand after its replay.

    What was refused is no longer, everything adds up, and nothing that is not concerned is written again.
    """
    worker = live.commands.worker()
    live.publish("scan-code", [scan(1, 1), scan(2, 2, place_code="东门")])
    live.publish("door", [scan(number, number) for number in range(5)])
    live.settle()
    refused = command(live, "rejects", "list", "--source", "scan-code")
    assert len(command(live, "rejects", "list")) == 6
    (one,) = refused
    repair = command(live, "rejects", "repair", one["record"], "--set", "place_code=MKT-530624-07", "--reason", "wrong-code", *BY["one"])["repair"]
    command(live, "rejects", "approve", repair, *BY["other"])
    live.settle()
    assert len(live.standing("record.scan")) == 2
    mended = [entry.value for entry in live.entries("raw.scan-code") if isinstance(entry.value, Raw) and entry.value.repair == repair]
    assert [raw.original and raw.original.model_dump() for raw in mended] == [one["pointer"]]
    assert [row["state"] for row in command(live, "rejects", "list", "--source", "scan-code")] == ["repaired"]
    assert worker.end() == 0
    _door(live.bus.settings.home / "sources", "place_code")
    live.commands.worker()
    assert command(live, "replay", "door") == {"source": "door", "records": 5, "replay": 1}
    rows = live.settle()
    assert not [row for row in rows if row.problems]
    assert command(live, "rejects", "list", "--source", "door") == []
    assert len(live.standing("record.scan")) == 7
    before = len(live.entries("record.scan"))
    assert command(live, "replay", "door")["replay"] == 2
    live.settle()
    assert len(live.entries("record.scan")) == before
    assert all(isinstance(value, Fact) for value in live.standing("record.scan").values())
