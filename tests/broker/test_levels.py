"""The level in force on the real broker: nobody is traced in peace, and a level that is declared or ended later reaches the cases that stand."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from deploy.local import stack as local
from tests.broker.live import QUICK, Live, opened
from tests.broker.people import positive, scan

BASIS = "突发公共卫生事件应急条例, art. 27"


def test_contacts_are_traced_only_under_a_level(stack: local.Endpoints, tmp_path: Path) -> None:
    """In peace: no contact; one when two people have declared an emergency; none again when it ends before the case was found."""
    with opened(stack, "levels", tmp_path, levels=(), **QUICK) as live:
        live.commands.worker()
        live.publish("scan-code", [scan(1, 1), scan(2, 2)])
        live.publish("lab-result", [positive(1, 1)])
        live.settle()
        assert (live.standing("trace.order"), live.standing("contact")) == ({}, {})
        proposal = _ran(live, "propose", "53", "emergency", "--basis", BASIS, "--since", "2020-01-20", "--until", "2020-02-10", "--past", "--reason", "outbreak")["id"]
        _ran(live, "approve", proposal, by="OP-2")
        live.settle()
        assert len(live.standing("contact")) == 1
        assert {role for case in live.standing("case.linked").values() for role in case.roles} == {"case", "contact"}  # type: ignore[attr-defined]
        _ran(live, "end", proposal, "--until", "2020-01-21", "--reason", "mistake")
        rows = live.settle()
        assert (live.standing("trace.order"), live.standing("contact")) == ({}, {})
        assert [problem for row in rows for problem in row.problems] == []


def _ran(live: Live, *words: str, by: str = "OP-1") -> dict[str, Any]:
    said = live.commands.start("levels", *words, "--by", by, "--json")
    live.commands.wait(lambda: said.ended is not None, 90)
    assert said.ended == 0, said.said
    found: dict[str, Any] = json.loads(said.said[said.said.index("{") :])
    return found
