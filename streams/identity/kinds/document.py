"""Passports, border certificates and other documents, which people have several of one after another; resident numbers say nothing here."""

from __future__ import annotations

from typing import NamedTuple

from streams.identity.kinds.kind import NOTHING, Kind
from streams.identity.kinds.strings import distance

_SAME, _SIGN, _DIFFERENT = range(3)


class Document(NamedTuple):
    """Its kind and number."""

    kind: str
    number: str


def _prepare(text: str) -> Document | None:
    kind, _, number = text.partition(":")
    return Document(kind, number) if number and kind not in {"resident", "resident?"} else None


def _level(a: Document, b: Document) -> int:
    if a == b:
        return _SAME
    if a.kind != b.kind:
        return NOTHING
    return _SIGN if distance(a.number, b.number, score_cutoff=1) <= 1 else _DIFFERENT


KIND = Kind(
    name="document",
    levels=("same", "one sign", "different"),
    prepare=_prepare,
    level=_level,
    keys={"whole": lambda document: (f"{document.kind}:{document.number}",)},
)
