"""A given name or a surname in Latin letters: spelt alike, shortened, or another."""

from __future__ import annotations

from streams.identity.kinds.kind import Kind
from streams.identity.kinds.strings import distance, likeness, sound, words

_EQUAL, _ONE, _ALIKE, _CLOSE, _BEGINS, _DIFFERENT = range(6)
_SHORT = 3
"""Shorter names do not count as alike: most names of three letters are one or two letters from another."""


def _prepare(text: str) -> str | None:
    return words(text).replace(" ", "") or None


def _level(a: str, b: str) -> int:
    if a == b:
        return _EQUAL
    like = likeness(a, b)
    if like < 0.8:
        return _BEGINS if a.startswith(b) or b.startswith(a) else _DIFFERENT
    if len(a) > _SHORT and len(b) > _SHORT and distance(a, b) == 1:
        return _ONE
    return _ALIKE if like >= 0.9 and len(a) >= _SHORT and len(b) >= _SHORT else _CLOSE


KIND = Kind(
    name="latin-name",
    levels=("equal", "one letter", "alike", "close", "begins", "different"),
    prepare=_prepare,
    level=_level,
    term=str,
    keys={
        "whole": lambda name: (name,),
        "sound": lambda name: (sound(name),),
        "initial": lambda name: (name[0],),
        "start": lambda name: (name[:3],),
    },
)
