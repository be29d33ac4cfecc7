"""From one decoded item to raw messages: a connector decodes and never interprets."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from schemas.document import load
from schemas.models.fact import digest_of
from schemas.models.raw import Raw
from schemas.source import Source, Unidentified
from schemas.tokens import Keys


@dataclass(frozen=True, slots=True)
class Item:
    """One record as it arrived: its bytes, its columns when it is a CSV row, and why it could not be decoded, if so."""

    body: bytes
    fields: dict[str, str] | None = None
    fault: str | None = None


def envelopes(source: Source, item: Item, keys: Keys) -> Iterator[Raw]:
    """One raw message for each record in an item; what has no usable identity goes on too, named by its digest, and normalise refuses it."""
    if item.fault is not None:
        yield _faulty(source, item.body, item.fault, keys)
        return
    try:
        fields: dict[str, Any] = dict(item.fields) if item.fields is not None else load(item.body)
    except ValueError as error:
        yield _faulty(source, item.body, str(error), keys)
        return
    for record in source.items(fields):
        body = item.body if record is fields else json.dumps(record, ensure_ascii=False, sort_keys=True).encode()
        yield _envelope(source, record, body, item.fields if record is fields else None, keys)


def _envelope(source: Source, record: dict[str, Any], body: bytes, fields: dict[str, str] | None, keys: Keys) -> Raw:
    try:
        token, version, retracts = source.identify(record, keys)
    except Unidentified as error:
        return _faulty(source, body, str(error), keys)
    return Raw(source=source.name, record=token, version=version, retracts=retracts, digest=digest_of(body), body=body, fields=fields, received_at=_now())


def _faulty(source: Source, body: bytes, fault: str, keys: Keys) -> Raw:
    digest = digest_of(body)
    token = keys.token("record", source.name, "digest", digest)
    return Raw(source=source.name, record=token, version=1, digest=digest, body=body, fault=fault, received_at=_now())


def _now() -> int:
    return time.time_ns() // 1_000_000
