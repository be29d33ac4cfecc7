"""Invented records as mentions, as normalise writes them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from deploy.simulation.linkage.aliases import handles
from deploy.simulation.linkage.written import Written
from schemas.models.identity import Handle, Mention
from schemas.tokens import Keys


def alias(keys: Keys, handle: str) -> str:
    """The token of a handle."""
    return keys.token("handle", handle)


def mention(keys: Keys, written: Written, at: int) -> Mention:
    """What one record says, at a moment (UTC milliseconds)."""
    first, *further = handles(written)
    own = alias(keys, first)
    shared = [Handle(alias=alias(keys, handle), reason="same phone and name") for handle in further]
    only = "resident" if first.startswith("resident:") else ""
    return Mention.of(causes=[], at=at, alias=own, source=written.source, handles=shared, only=only, sealed=keys.seal(own, written.says))


def by_alias(records: Iterable[Written]) -> Iterator[tuple[str, list[Written]]]:
    """Records one household after another, gathered under the strongest handle of each; those of one handle lie close together."""
    waiting: dict[str, list[Written]] = {}
    for record in records:
        waiting.setdefault(handles(record)[0], []).append(record)
        if len(waiting) > _NEAR:
            first = next(iter(waiting))
            yield first, waiting.pop(first)
    yield from waiting.items()


_NEAR = 200
"""Handles whose records may still come."""
