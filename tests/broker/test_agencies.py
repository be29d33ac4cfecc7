"""An agency file on the real broker: refused until a second person approved it, tried against what was released, and refused again when it changed."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

from connectors.registry import agencies
from deploy.local.stack import Endpoints
from tests.broker.live import QUICK, opened
from tests.broker.people import positive, scan
from tests.broker.test_commands import command

NAME = "daguan-county-cdc"


def _file(folder: Path, *more: str) -> Path:
    """The file of a shipped agency in a folder, with further fields of contacts."""
    content: dict[str, Any] = agencies()[NAME].model_dump(mode="json", exclude_defaults=True) | {"deliver": {"kind": "topic"}}
    for want in content["wants"]:
        want["fields"] += more if want["role"] == "contact" else ()
    folder.mkdir()
    path = folder / f"{NAME}.yaml"
    path.write_text(yaml.safe_dump(content, allow_unicode=True), "utf-8")
    return path


def test_a_second_person_lets_a_file_count(stack: Endpoints, tmp_path: Path) -> None:
    """No worker routes before the approval. Then the trial agrees with what the stage released, release by release; a changed file is counted, and does not start."""
    live_file, wider = _file(tmp_path / "agencies"), _file(tmp_path / "wider", "documents")
    with opened(stack, "agencies", tmp_path, agencies=live_file.parent, approved_agencies=True, **QUICK) as live:
        refused = live.commands.worker()
        refused.says(f"{NAME}: nobody approved any file of it")
        digest = command(live, "agencies", "propose", str(live_file), "--by", "OP-1", "--reason", "new-agency")["digest"]
        command(live, "agencies", "approve", digest, "--by", "OP-2")
        live.commands.worker()
        live.publish("scan-code", [scan(1, 1), scan(2, 2)])
        live.publish("lab-result", [positive(1, 1)])
        live.settle()
        assert len(live.releases(NAME)) == 2
        (row,) = command(live, "agencies", "list")
        assert (row["file"], row["approved"], row["approved_by"]) == (digest, digest, "OP-2")
        same = command(live, "agencies", "dry-run", str(live_file))["purposes"]["investigation"]
        assert [same[key] for key in ("releases", "new", "changed", "same", "ended")] == [2, 0, 0, 2, 0]
        changed = command(live, "agencies", "dry-run", str(wider))["purposes"]["investigation"]
        assert [changed[key] for key in ("releases", "new", "changed", "same", "ended")] == [2, 0, 1, 1, 0]
        assert len(live.entries("agency.approval")) == 1
        other = live.commands.start("worker", "--stages", "routing", LIANFANG_AGENCIES=str(wider.parent))
        other.says(f"and {digest[:12]} was approved by OP-2")
        live.commands.wait(lambda: other.ended == refused.ended == 1, 20)
