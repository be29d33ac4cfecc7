"""A refused scan, for tests about what people do with it."""

from __future__ import annotations

import json
from typing import Any

from connectors.envelope import Item, envelopes
from connectors.registry import sources
from schemas.models.raw import Pointer, Raw, Reject
from schemas.tokens import Keys
from streams.normalise.interpret import check

KEYS = Keys(bytes(32))
SCAN = sources()["scan-code"]
FIELDS: dict[str, Any] = {
    "scan_no": "S-1", "revision": 1, "openid": "ox-1", "phone": "13900000001", "name": "杨测试", "id_no": "530624198001010010", "place_code": "李样本",
    "region": "530624100001", "direction": "进", "scanned_at": "2020-01-22T09:30:00+08:00", "companions": [{"name": "罗例子"}], "remark": "杨样本也在",
}  # fmt: skip
"""Somebody's name stands where the code of the place belongs."""
POINTER = Pointer(topic="raw.scan-code", partition=1, offset=7)


def raw(body: bytes | None = None, **more: Any) -> Raw:
    """The raw message of the scan with some fields changed, or of other bytes."""
    (found,) = envelopes(SCAN, Item(body or json.dumps(FIELDS | more, ensure_ascii=False).encode()), KEYS)
    return found.model_copy(update={"received_at": 1579921200000})


def reject(of: Raw) -> Reject:
    """Its reject."""
    reasons = check(SCAN, json.loads(of.body), KEYS) if of.fault is None else [{"field": "", "problem": of.fault}]
    return Reject.of(causes=[], at=of.received_at, source=of.source, record=of.record, version=of.version, digest=of.digest, reasons=reasons, pointer=POINTER)
