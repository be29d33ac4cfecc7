"""Of the records that say the same of somebody the one that stands for all."""

from __future__ import annotations

from collections.abc import Iterable

from schemas.models.fact import fact_id
from schemas.models.identity import Handle, Mention
from schemas.source import KINDS
from tests.oracle.facts import Told
from tests.oracle.persons import REASONS


def one_for_all(told: Iterable[Told]) -> list[Told]:
    """Of those that say the same the one whose mention has the smallest id, in the order of these ids."""
    found: dict[tuple[object, ...], Told] = {}
    for one in sorted(told, key=_id):
        found.setdefault(saying(one), one)
    return list(found.values())


def saying(one: Told) -> tuple[object, ...]:
    """What a record says of somebody, without when."""
    return one.source, one.only, tuple(one.tokens.items()), one.identifiers


def _id(one: Told) -> str:
    """The id of the mention of somebody in a record: by the contract of facts, that of its cause and its content."""
    raw = fact_id("raw", one.source, one.record, one.version)
    who = {"source": one.source, "alias": one.alias, "sealed": one.seal}
    record = KINDS[one.kind].of(causes=[raw], record=one.record, companion_of=one.companion_of, **who, **one.says)
    handles = [Handle(alias=token, reason=REASONS[kind]) for kind, token in one.tokens.items() if token != one.alias]
    return Mention.of(causes=[record.id], at=one.at, handles=handles, only=one.only, **who).id
