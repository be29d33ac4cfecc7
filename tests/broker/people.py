"""A few invented people and what sources say of them, for tests that need little."""

from __future__ import annotations

from typing import Any


def scan(number: int, person: int, place: str = "MKT-530624-07", at: str = "2020-01-22T09:30:00+08:00", **more: Any) -> dict[str, Any]:
    """A scan by a person at a place."""
    return {
        "scan_no": f"S-{number}", "revision": 1, "openid": f"ox-{person}", "phone": f"139{person:08d}", "name": "杨测试", "place_code": place,
        "region": "530624100001", "direction": "", "scanned_at": at,
    } | more  # fmt: skip


def positive(number: int, person: int, **more: Any) -> dict[str, Any]:
    """A positive result of a person."""
    return {
        "lab": "LAB-530602-01", "specimen_no": f"X-{number}", "revision": 1, "phone": f"139{person:08d}", "name": "杨测试", "region": "530602",
        "sampled_at": "2020-01-23T11:00:00+08:00", "reported_at": "2020-01-24T08:00:00+08:00", "result": "阳性", "method": "RT-PCR",
    } | more  # fmt: skip
