"""From one decoded item to raw messages: a connector decodes and never interprets."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from schemas.document import load
from schemas.models.raw import Raw
from schemas.source import Source, Unidentified
from schemas.tokens import Keys

LONGEST = 256 * 1024
"""Bytes of the longest body that is one message, and half of those of its columns; together they stay under what brokers take by default (1 MiB)."""


@dataclass(frozen=True, slots=True)
class Item:
    """One record as it arrived: its bytes, its columns when it is a CSV row, and why it could not be decoded, if so."""

    body: bytes
    fields: dict[str, str] | None = None
    fault: str | None = None


def envelopes(source: Source, item: Item, keys: Keys) -> Iterator[Raw]:
    """The raw messages of an item, one for each record in it.

    What has no usable identity goes on too, named by its digest, and normalise refuses it; so does what is too long for one message, in several.
    """
    try:
        if item.fault is not None:
            raise ValueError(item.fault)
        found = _records(source, item)
    except ValueError as error:
        yield from _faulty(source, item.body, str(error), keys)
        return
    for record, body, fields in found:
        try:
            if len(body) > LONGEST:
                raise ValueError(f"longer than {LONGEST} bytes")
            if fields and _long(fields):
                raise ValueError(f"its columns with their names are longer than {2 * LONGEST} bytes")
            token, version, retracts = source.identify(record, keys)
        except (ValueError, Unidentified) as error:
            yield from _faulty(source, body, str(error), keys)
        else:
            digest = keys.digest(body)
            yield Raw(source=source.name, record=token, version=version, retracts=retracts, digest=digest, body=body, fields=fields, received_at=_now())


def _records(source: Source, item: Item) -> list[tuple[dict[str, Any], bytes, dict[str, str] | None]]:
    """Each record with its bytes and columns; raises ValueError when there is none."""
    fields: dict[str, Any] = dict(item.fields) if item.fields is not None else load(item.body)
    try:
        records = source.items(fields)
        bodies = [item.body if one is fields else json.dumps(one, ensure_ascii=False, sort_keys=True, allow_nan=False).encode() for one in records]
    except Exception as error:  # noqa: BLE001 - a source's own function may fail in any way, on what nobody foresaw
        raise ValueError(f"the source's own function failed on it ({type(error).__name__})") from None
    if not records:
        raise ValueError("the source's own function found no record in it")
    return [(one, body, item.fields if one is fields else None) for one, body in zip(records, bodies, strict=True)]


def _long(fields: dict[str, str]) -> bool:
    """Whether columns are too long for a message; each text has its length before it."""
    if 4 * sum(len(name) + len(cell) + 2 for name, cell in fields.items()) <= 2 * LONGEST:
        return False
    return sum(len(name.encode()) + len(cell.encode()) + 8 for name, cell in fields.items()) > 2 * LONGEST


def _faulty(source: Source, body: bytes, fault: str, keys: Keys) -> Iterator[Raw]:
    parts = [body[start : start + LONGEST] for start in range(0, len(body), LONGEST)] or [b""]
    for number, part in enumerate(parts, 1):
        why = fault if len(parts) == 1 else f"{fault} (part {number} of {len(parts)})"
        digest = keys.digest(part)
        token = keys.token("record", source.name, "digest", digest)
        yield Raw(source=source.name, record=token, version=1, digest=digest, body=part, fault=why, received_at=_now())


def _now() -> int:
    return time.time_ns() // 1_000_000
