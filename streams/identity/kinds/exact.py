"""A word of a list, such as sex: equal or not."""

from __future__ import annotations

from streams.identity.kinds.kind import Kind


def _prepare(text: str) -> str | None:
    return text.strip().lower() or None


KIND = Kind(
    name="exact",
    levels=("equal", "different"),
    prepare=_prepare,
    level=lambda a, b: 0 if a == b else 1,
    term=str,
    keys={"whole": lambda word: (word,)},
)
