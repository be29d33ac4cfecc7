"""Entries: what the log keeps of a message on the bus. One line of JSON that names nobody.

Of each topic only the fields in `SAYS` are taken: ids, agencies, purposes, legal bases, names of fields, staff codes, words of vocabularies. Everything else,
also the person's key, is in the log only as the digest of the message; so an entry can stay for ever when a person is erased from the bus.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from hashlib import sha256
from typing import Any

from pydantic import BaseModel

FORM = 1
"""Number of the form below. An entry never changes: whoever changes what entries say keeps the old form beside the new one, under its number."""
SAYS: dict[str, dict[str, str]] = {
    "audit": {"about": "release", "agency": "agency", "purpose": "purpose", "legal_basis": "legal_basis", "decision": "decision", "fields": "fields"},
    "receipt": {"about": "release", "agency": "agency", "decision": "answer", "retracted": "retracted", "at": "answered_at"},
    "case.look": {"about": "case", "by": "by", "reason": "reason", "at": "at"},
    "identity.decision": {"about": "id", "decision": "verdict", "by": "decider", "reason": "reason", "retracted": "retracted", "at": "at"},
    "identity.look": {"about": "id", "by": "by", "reason": "reason", "at": "at"},
    "identity.model": {"about": "version"},
    "reject.look": {"about": "reject", "by": "by", "reason": "reason", "at": "at"},
    "repair.proposal": {"about": "id", "by": "by", "reason": "reason", "at": "at"},
    "repair.approval": {"about": "repair", "by": "by", "at": "at"},
    "agency.proposal": {"about": "id", "agency": "agency", "by": "by", "reason": "reason", "at": "at"},
    "agency.approval": {"about": "proposal", "agency": "agency", "by": "by", "at": "at"},
    "measure.standing": {"about": "id", "by": "official", "decision": "kind", "reason": "reason", "region": "region", "at": "at", "retracted": "retracted"},
    "measure.refused": {"about": "id", "by": "official", "decision": "why", "reason": "kind", "region": "region", "at": "at", "retracted": "retracted"},
    "measure.beyond": {"about": "id", "by": "official", "decision": "kind", "reason": "reason", "region": "region", "at": "at", "retracted": "retracted"},
    "measure.alert": {"about": "id", "by": "official", "at": "at", "retracted": "retracted"},
    "control.erasure": {"about": "cause"},
    "erasure.proposal": {"about": "id", "by": "by", "reason": "reason", "at": "at"},
    "erasure.approval": {"about": "proposal", "by": "by", "at": "at"},
    "rotation.proposal": {"about": "id", "by": "by", "reason": "reason", "at": "at"},
    "rotation.approval": {"about": "proposal", "by": "by", "at": "at"},
    "control.level": {"about": "id", "region": "region", "decision": "level", "legal_basis": "legal_basis", "by": "by", "retracted": "retracted", "at": "at"},
    "level.proposal": {"about": "id", "region": "region", "decision": "level", "legal_basis": "legal_basis", "by": "by", "reason": "reason", "at": "at"},
    "level.approval": {"about": "proposal", "region": "region", "by": "by", "at": "at"},
    "level.end": {"about": "proposal", "region": "region", "by": "by", "reason": "reason", "at": "at"},
    "control.area": {"about": "id", "region": "region", "legal_basis": "legal_basis", "by": "by", "retracted": "retracted", "at": "at"},
    "area.proposal": {"about": "id", "region": "region", "legal_basis": "legal_basis", "by": "by", "reason": "reason", "at": "at"},
    "area.approval": {"about": "proposal", "region": "region", "by": "by", "at": "at"},
    "area.end": {"about": "proposal", "region": "region", "by": "by", "reason": "reason", "at": "at"},
}
"""The topics that the log records, and of each what an entry says: its own word, and the field of the message."""


@dataclass(frozen=True, order=True, slots=True)
class Said:
    """One committed message of a recorded topic: where it is, and its bytes."""

    topic: str
    partition: int
    offset: int
    value: bytes


def entry(said: Said, value: BaseModel | None) -> bytes:
    """The entry of a message; `value` is what its bytes mean, or None when they mean nothing: then the entry says where they are and their digest.

    What is empty is left out, so that a field that messages get later changes no entry of those before.
    """
    content: dict[str, Any] = {"topic": said.topic, "partition": said.partition, "offset": said.offset, "sha256": sha256(said.value).hexdigest()}
    if value is not None:
        content |= {word: found for word, field in SAYS[said.topic].items() if (found := _plain(getattr(value, field))) not in ("", [], False)}
    return text(content).encode()


def text(content: Mapping[str, Any]) -> str:
    """JSON in its one form: names sorted, no spaces, nothing escaped that need not be (RFC 8785 for what is in entries)."""
    return json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def read(data: bytes) -> dict[str, Any]:
    """What an entry says; raises ValueError when it is not in its one form."""
    content = json.loads(data.decode("utf-8"))
    if not isinstance(content, dict) or text(content).encode() != data:
        raise ValueError("an entry in another form than the log writes")
    return content


def about(data: bytes) -> str | None:
    """What an entry is about: the id by which it is found. Takes an entry of our own, whose form needs no look."""
    found = json.loads(data).get("about")
    return None if found is None else str(found)


def _plain(value: Any) -> Any:
    return value.value if isinstance(value, Enum) else value
