"""What stands released follows the agency files, on the real broker."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

from connectors.registry import agencies
from deploy.local.stack import Endpoints
from tests.broker.live import QUICK, Live, opened
from tests.broker.people import positive, scan

NAME = "daguan-county-cdc"


def _file(folder: Path, **changes: Any) -> Path:
    """The file of a shipped agency in a folder of its own, with other content."""
    content: dict[str, Any] = agencies()[NAME].model_dump(mode="json", exclude_defaults=True) | {"deliver": {"kind": "topic"}} | changes
    folder.mkdir()
    (folder / f"{NAME}.yaml").write_text(yaml.safe_dump(content, allow_unicode=True), "utf-8")
    return folder


def _fields(live: Live) -> set[str]:
    return {name for one in live.releases(NAME) for name, value in one.view if value is not None}


def test_standing_cases_follow_a_changed_file(stack: Endpoints, tmp_path: Path) -> None:
    """A worker with fewer fields, killed in the middle and started again, leaves each copy with these; one whose agency is retired takes all back."""
    whole = _file(tmp_path / "whole")
    wants = [want.model_dump(mode="json", exclude_defaults=True) | {"fields": ["status"], "needs": {}} for want in agencies()[NAME].wants]
    fewer, retired = _file(tmp_path / "fewer", wants=wants), _file(tmp_path / "retired", retired=True)
    with opened(stack, "follow", tmp_path, agencies=whole, **QUICK) as live:
        worker = live.commands.worker()
        live.publish("scan-code", [scan(1, 1), scan(2, 2)])
        live.publish("lab-result", [positive(1, 1)])
        live.settle()
        assert (len(live.releases(NAME)), {"names", "status"} <= _fields(live)) == (2, True)
        worker.end()
        worker = live.commands.start("worker", "--stages", "routing", LIANFANG_AGENCIES=str(fewer))
        worker.says("decided again in 128 pieces")
        worker.kill()
        worker = live.commands.start("worker", "--stages", "routing", LIANFANG_AGENCIES=str(fewer))
        rows = live.settle()
        assert not [problem for row in rows for problem in row.problems]
        assert (len(live.releases(NAME)), _fields(live)) == (2, {"status"})
        worker.end()
        worker = live.commands.start("worker", "--stages", "routing", LIANFANG_AGENCIES=str(retired))
        worker.says("decided again in 128 pieces")
        live.settle()
        assert live.standing(f"deliver.{NAME}") == {}
        assert live.repeated(f"deliver.{NAME}") == []
        assert len(live.entries("audit")) == len(live.entries(f"deliver.{NAME}"))
