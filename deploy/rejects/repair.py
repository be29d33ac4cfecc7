"""Repair: one person proposes how a refused record should read, another approves, and the record is published with a pointer to the bytes as they arrived.

The proposal is sealed on the bus under the token of the record. What is published is a raw message like any other: normalise judges it, and the original stays
where it is, refused.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

from deploy.rejects.shown import fields_of
from schemas.document import load
from schemas.models.fact import Millis
from schemas.models.raw import Approval, Raw, Reason, Reject, Repair
from schemas.source import Source, Unidentified
from schemas.tokens import Keys
from streams.normalise.interpret import check


class NotRepaired(Exception):
    """A repair is not possible so; the message says why, and holds no value of the record."""


def with_changes(raw: Raw, sets: Iterable[tuple[str, str]]) -> dict[str, Any]:
    """The fields of a raw message with some set to a text, by their top-level name; raises NotRepaired when its bytes hold no fields."""
    fields = fields_of(raw)
    if fields is None:
        raise NotRepaired("these bytes hold no fields that could be set: give the whole record with --file")
    return fields | dict(sets)


def whole(body: bytes) -> dict[str, Any]:
    """The fields of a record that is given whole, as one JSON object; raises NotRepaired."""
    try:
        return load(body)
    except ValueError as error:
        raise NotRepaired(f"the repaired record cannot be read: {error}") from None


def proposed(reject: Reject, raw: Raw, source: Source, fields: Mapping[str, Any], keys: Keys, by: str, reason: str, now: Millis) -> Repair:
    """The proposal; raises NotRepaired when the record would be refused again, or would be another record than the one that was refused."""
    _judged(raw, source, fields, keys)
    return Repair.of(
        causes=[reject.id], at=now, source=reject.source, record=reject.record, version=reject.version, digest=reject.digest, pointer=reject.pointer,
        sealed=keys.encrypt(reject.record, dict(fields)), by=by, reason=reason,
    )  # fmt: skip


def approved(repair: Repair, before: Iterable[Approval], by: str, now: Millis) -> Approval:
    """The approval by another person; that of who approved it before is the same again. Raises NotRepaired for who proposed it."""
    if by == repair.by:
        raise NotRepaired("a repair is approved by another person than the one who proposed it")
    mine = next((approval for approval in before if approval.by == by), None)
    return mine or Approval.of(causes=[repair.id], at=now, repair=repair.id, by=by)


def resubmitted(repair: Repair, raw: Raw, source: Source, keys: Keys) -> Raw:
    """The raw message of a repaired record. Raises NotRepaired when the record would be refused, which a corrected source file may be the cause of."""
    fields = opened(repair, keys)
    token, version, retracts = _judged(raw, source, fields, keys)
    body = json.dumps(fields, ensure_ascii=False, sort_keys=True).encode()
    return Raw(source=source.name, record=token, version=version, retracts=retracts, digest=keys.digest(body), body=body, received_at=repair.at,
               original=repair.pointer, repair=repair.id)  # fmt: skip


def opened(repair: Repair, keys: Keys) -> dict[str, Any]:
    """The repaired record; raises NotRepaired when its key was destroyed."""
    fields: dict[str, Any] | None = keys.decrypt(repair.record, repair.sealed)
    if fields is None:
        raise NotRepaired("its person was erased, and nobody can read the proposal any more")
    return fields


def _judged(raw: Raw, source: Source, fields: Mapping[str, Any], keys: Keys) -> tuple[str, int, bool]:
    """Token, version, and whether it takes itself back; raises NotRepaired."""
    try:
        token, version, retracts = source.identify(fields, keys)
    except Unidentified as error:
        raise NotRepaired(_told(error.reasons)) from None
    if raw.fault is None and (token, version) != (raw.record, raw.version):
        raise NotRepaired(f"a repair leaves what identifies the record as it is: {', '.join([*source.id, *([source.version.path] if source.version else [])])}")
    if not retracts and (reasons := check(source, fields, keys)):
        raise NotRepaired(_told(reasons))
    return token, version, retracts


def _told(reasons: Iterable[Reason]) -> str:
    return "it would be refused again: " + "; ".join(f"{reason.field or 'the record'}: {reason.problem}" for reason in reasons)
