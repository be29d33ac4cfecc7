"""A short code or number that a clerk types, such as a postcode or the number of a house."""

from __future__ import annotations

from streams.identity.kinds.kind import Kind
from streams.identity.kinds.strings import distance, words

_EQUAL, _ONE, _TWO, _DIFFERENT = range(4)


def _prepare(text: str) -> str | None:
    return words(text).replace(" ", "") or None


def _level(a: str, b: str) -> int:
    if a == b:
        return _EQUAL
    off = distance(a, b)
    if off > 2:
        return _DIFFERENT
    shorter = min(len(a), len(b))
    if off == 1:
        return _ONE if shorter > 1 else _DIFFERENT
    return _TWO if shorter > 3 else _DIFFERENT


KIND = Kind(
    name="code",
    levels=("equal", "one sign", "two signs", "different"),
    prepare=_prepare,
    level=_level,
    term=str,
    keys={"whole": lambda code: (code,)},
)
