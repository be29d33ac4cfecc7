"""How alike two texts are: what several kinds share. Not a kind itself."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from rapidfuzz.distance import OSA, JaroWinkler

_KEPT = 2**14
"""Sounds that are kept, in the memory of the process only: names come again and again."""
_NOT_WORDS = re.compile(r"[^a-z0-9]+")
_SOUNDS = str.maketrans("bfpvcgjkqsxzdtlmnr", "111122222222334556")
_SILENT = re.compile(r"[aeiouyhw]")
_DOUBLE = re.compile(r"(.)\1+")

distance = OSA.distance
"""Letters inserted, left out, changed or swapped with their neighbour (optimal string alignment; Damerau 1964)."""
likeness = JaroWinkler.similarity
"""From 0 to 1 (Winkler, String comparator metrics and enhanced decision rules in the Fellegi-Sunter model, 1990)."""


def words(text: str) -> str:
    """Lower-case words of Latin letters and digits, with single spaces between."""
    if not text.isascii():
        text = unicodedata.normalize("NFKD", text)
        text = "".join(sign for sign in text if not unicodedata.combining(sign))
    return _NOT_WORDS.sub(" ", text.lower().replace("'", "")).strip()


@lru_cache(_KEPT)
def sound(text: str) -> str:
    """How a word sounds, roughly: its first letter and the classes of its first three consonants (Russell's Soundex, 1918; vowels do not part doubles)."""
    if not text:
        return ""
    coded = _DOUBLE.sub(r"\1", _SILENT.sub("", text[1:].translate(_SOUNDS)))
    return (text[0] + coded)[:4]
