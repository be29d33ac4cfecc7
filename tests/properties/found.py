"""Worlds that once gave a wrong answer, each with what was wrong; they are tried first, every time."""

from __future__ import annotations

from tests.oracle.facts import Sent
from tests.properties.worlds import EVERY, World


def _world(*sent: Sent) -> World:
    return World([list(sent)], [1], list(EVERY))


def _scan(number: str, hour: str, **more: object) -> Sent:
    who = {"name": "杨测试", "phone": "13800000001", "place_code": "MKT-1", "region": "530624", "direction": "in"}
    return "scan-code", who | {"scan_no": number, "revision": "1", "scanned_at": f"2020-01-20T{hour}:00:00+08:00"} | more


LATE_SCAN = _world(_scan("1", "12"), _scan("2", "15"), _scan("3", "09"))
"""A late scan took back the presence of the scan after its next one."""
COMPANION_TWICE = _world(_scan("1", "12", companions=[{"name": "李样本", "phone": "13800000002"}, {"name": "李样本", "phone": "13800000002"}]))
"""A companion who was named twice in one record was the same fact, asserted twice."""
