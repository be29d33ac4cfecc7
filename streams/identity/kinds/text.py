"""Some words, such as a line of an address: spaces come and go, letters are mistyped, words are left out."""

from __future__ import annotations

from rapidfuzz.distance import OSA

from streams.identity.kinds.kind import Kind
from streams.identity.kinds.strings import words

_EQUAL, _ALIKE, _CLOSE, _SHARED, _DIFFERENT = range(5)
Text = tuple[str, frozenset[str]]
"""The letters without spaces, and the words."""


def _prepare(text: str) -> Text | None:
    plain = words(text)
    return (plain.replace(" ", ""), frozenset(plain.split())) if plain else None


def _level(a: Text, b: Text) -> int:
    if a[0] == b[0]:
        return _EQUAL
    like = OSA.normalized_similarity(a[0], b[0], score_cutoff=0.6)
    if like >= 0.85:
        return _ALIKE
    if like >= 0.7:
        return _CLOSE
    return _DIFFERENT if a[1].isdisjoint(b[1]) else _SHARED


KIND = Kind(
    name="text",
    levels=("equal", "alike", "close", "a word shared", "different"),
    prepare=_prepare,
    level=_level,
    term=lambda text: text[0],
    keys={
        "whole": lambda text: (text[0],),
        "start": lambda text: (text[0][:6],),
        "words": lambda text: text[1],
    },
)
