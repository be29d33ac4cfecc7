"""What a source sent, sealed before it is on the bus, and opened for whoever has the vault.

Sealed are the body and the columns, under the key of everybody whom the record names, as normalise would read them; where it reads nobody, under a key of the
source and the day (UTC). Both are bound to all that the envelope says of the record, so that no body can be put into another's envelope.
"""

from __future__ import annotations

import json
import struct
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from schemas.models.raw import Raw
from schemas.sealed import unwrapped, wrapped
from schemas.tokens import Keys
from schemas.trusted import construct

ERASED = "erased: the key of a person in it was destroyed"
"""Fault of a raw message that nobody can open any more."""
Persons = Callable[[Raw], Sequence[str]]
"""The aliases of the persons whom a raw message names."""
_LENGTH = struct.Struct(">I")
_NONE = b"\xff" * _LENGTH.size
_LINE = json.JSONEncoder(ensure_ascii=False)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_LATEST = 4_102_444_800_000


class Raws:
    """Seals and opens raw messages."""

    def __init__(self, keys: Keys, persons: Persons) -> None:
        """Take the keys, and what reads persons."""
        self._keys, self._persons = keys, persons
        self._foreseen: dict[tuple[str, str, int, bool, str], list[str]] = {}

    def foresee(self, raws: Iterable[Raw]) -> None:
        """Make the keys that these will need, all in one commit."""
        self._foreseen = {_which(raw): self._under(raw) for raw in raws}
        self._keys.vault.current([subject for under in self._foreseen.values() for subject in under])

    def closed(self, raw: Raw) -> Raw:
        """The raw message as it is on its topic; what is erased stays so."""
        if raw.fault == ERASED:
            return raw
        under = self._foreseen.pop(_which(raw), None) or self._under(raw)
        return _with(raw, {"body": wrapped(self._keys, under, _content(raw), _bound(raw)), "fields": None, "under": under})

    def expect(self, raws: Iterable[Raw]) -> None:
        """Have the keys at hand that these were sealed under."""
        self._keys.vault.look(subject for raw in raws for subject in raw.under)

    def opened(self, raw: Raw) -> Raw:
        """The raw message as it came; with nothing in it and ERASED as its fault when a key was destroyed. Raises OtherKeys.

        `under` then says the generation of each key too, as far as it can be read: `alias.1`. One that was never sealed is as it is.
        """
        if not raw.under or raw.fault == ERASED:
            return raw
        plain, generations = unwrapped(self._keys, raw.under, raw.body, _bound(raw))
        under = [f"{subject}.{generation}" for subject, generation in zip(raw.under[-len(generations) :], generations, strict=True)]
        if plain is None:
            return _with(raw, {"body": b"", "fields": None, "fault": ERASED, "under": under})
        fields, body = _parts(plain)
        return _with(raw, {"body": body, "fields": fields, "under": under})

    def _under(self, raw: Raw) -> list[str]:
        return list(dict.fromkeys(self._persons(raw))) or [f"{raw.source} {_day(raw.received_at)}"]


def _with(raw: Raw, told: dict[str, Any]) -> Raw:
    """The raw message that says this instead, without pydantic's copy of what no one changes."""
    return construct(Raw, raw.__dict__ | told, raw.__pydantic_fields_set__ | told.keys())


def _which(raw: Raw) -> tuple[str, str, int, bool, str]:
    return raw.source, raw.record, raw.version, raw.retracts, raw.digest


def generations(raw: Raw) -> dict[str, int]:
    """The generation of the key of each person in an opened raw message."""
    return {alias: int(generation) for alias, _, generation in (one.partition(".") for one in raw.under) if generation}


def _day(at: int) -> str:
    return (_EPOCH + timedelta(milliseconds=at if 0 <= at < _LATEST else 0)).date().isoformat()


def _bound(raw: Raw) -> bytes:
    """All that says which record it is, and which version of it."""
    return _LINE.encode(["raw", raw.source, raw.record, raw.version, raw.retracts, raw.digest, raw.fault]).encode()


def _content(raw: Raw) -> bytes:
    """The number of columns with their names and cells, or the mark of none; then the body. Each text stands behind its length."""
    if raw.fields is None:
        return _NONE + raw.body
    texts = [text.encode() for pair in raw.fields.items() for text in pair]
    return _LENGTH.pack(len(texts)) + b"".join([_LENGTH.pack(len(text)) + text for text in texts]) + raw.body


def _parts(content: bytes) -> tuple[dict[str, str] | None, bytes]:
    if content.startswith(_NONE):
        return None, content[_LENGTH.size :]
    (count,), at = _LENGTH.unpack_from(content), _LENGTH.size
    texts = []
    for _ in range(count):
        start = at + _LENGTH.size
        at = start + _LENGTH.unpack_from(content, at)[0]
        texts.append(content[start:at].decode())
    return dict(zip(texts[::2], texts[1::2], strict=True)), content[at:]
