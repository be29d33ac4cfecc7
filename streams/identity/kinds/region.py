"""Where somebody lives, as a division code (GB/T 2260, GB/T 10114): as far as both codes go, they agree or not."""

from __future__ import annotations

import re

from streams.identity.kinds.kind import Kind

_LENGTHS = (12, 9, 6, 4, 2)
"""Digits of a community, township, county, prefecture and province, in the order of the levels."""
_CODE = re.compile(r"\d{2,15}")


def _level(a: str, b: str) -> int:
    for level, length in enumerate(_LENGTHS):
        if a[:length] == b[:length] and len(a) >= length <= len(b):
            return level
    return len(_LENGTHS)


def _to(length: int, code: str) -> tuple[str, ...]:
    return (code[:length],) if len(code) >= length else ()


KIND = Kind(
    name="region",
    levels=("same community", "same township", "same county", "same prefecture", "same province", "different"),
    prepare=lambda text: text.strip() if _CODE.fullmatch(text.strip()) else None,
    level=_level,
    keys={"county": lambda code: _to(6, code), "township": lambda code: _to(9, code), "community": lambda code: _to(12, code)},
)
