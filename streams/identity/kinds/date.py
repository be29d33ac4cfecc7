"""A whole date of the Gregorian calendar, as people mistype it."""

from __future__ import annotations

import re

from streams.identity.kinds.kind import Kind
from streams.identity.kinds.strings import distance

_DIGITS = re.compile(r"[0-9]")
_EQUAL, _ONE, _SWAPPED, _TWO, _THREE, _DIFFERENT = range(6)


def _prepare(text: str) -> str | None:
    """The digits of year, month and day. Some may be too many or missing, when they were mistyped."""
    return "".join(_DIGITS.findall(text)) or None


def _level(a: str, b: str) -> int:
    if a == b:
        return _EQUAL
    off = distance(a, b)
    if off == 1:
        return _ONE
    if off <= _LONG // 2 and len(a) == len(b) == _LONG and a[:4] == b[:4] and a[4:6] == b[6:] and a[6:] == b[4:6]:
        return _SWAPPED
    return {2: _TWO, 3: _THREE}.get(off, _DIFFERENT)


_LONG = 8
"""Digits of a whole date."""


KIND = Kind(
    name="date",
    levels=("equal", "one digit", "day and month swapped", "two digits", "three digits", "different"),
    prepare=_prepare,
    level=_level,
    term=None,
    keys={
        "whole": lambda date: (date,),
        "year": lambda date: (date[:4],),
        "two of three": lambda date: ("ym" + date[:6], "md" + date[4:], "yd" + date[:4] + date[6:]),
    },
)
