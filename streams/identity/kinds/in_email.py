"""A name against an e-mail address: many people make their address of their names. Read `of` the address and the name.

Speaks where one side gives the address and the other the name.
"""

from __future__ import annotations

import re

from streams.identity.kinds.kind import JOIN, NOTHING, Kind
from streams.identity.kinds.strings import words

_NAMED, _INITIAL, _DIFFERENT = range(3)
_WORDS = re.compile(r"[a-z]+")
_LONG = 3
"""Shorter names are in many addresses by chance."""
Told = tuple[str, str, str]
"""The words before the sign of the address, with spaces between; the first and last letters of these; and the name."""


def _prepare(text: str) -> Told:
    address, name = text.split(JOIN)
    told = _WORDS.findall(address.lower().partition("@")[0])
    return " ".join(told), "".join(word[0] + word[-1] for word in told), words(name).replace(" ", "")


def _level(a: Told, b: Told) -> int:
    if a[0] and b[2]:
        found = _within(a, b[2])
        return min(found, _within(b, a[2])) if b[0] and a[2] else found
    return _within(b, a[2]) if b[0] and a[2] else NOTHING


def _within(told: Told, name: str) -> int:
    if len(name) >= _LONG and name in told[0]:
        return _NAMED
    return _INITIAL if name[0] in told[1] else _DIFFERENT


KIND = Kind(name="in-email", levels=("named", "initial", "different"), prepare=_prepare, level=_level)
