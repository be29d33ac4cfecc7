"""Names in Latin letters."""

from __future__ import annotations

import pytest

from streams.identity.kinds.strings import sound
from tests.streams.identity.kinds.cases import keys, level


@pytest.mark.parametrize(
    ("a", "b", "found"),
    [
        ("Anna", "anna", "equal"),
        ("José", "jose", "equal"),
        ("O'Neil", "oneil", "equal"),
        ("walker", "walkre", "one letter"),
        ("walker", "waker", "one letter"),
        ("walker", "wakre", "alike"),
        ("stephen", "stevens", "close"),
        ("rob", "robertsonian", "close"),
        ("jo", "jonathanlee", "begins"),
        ("walker", "smith", "different"),
        ("amy", "ami", "close"),
    ],
)
def test_levels(a: str, b: str, found: str) -> None:
    """Case, accents and signs do not count; one letter, a few, a beginning; short names are not alike for want of letters."""
    assert level("latin-name", a, b) == found


def test_keys_get_past_spelling() -> None:
    """Names that sound alike share a key, and a name has its initial and its start."""
    assert keys("latin-name", "sound", "Stephen") == keys("latin-name", "sound", "Steven")
    assert keys("latin-name", "initial", "Anna") == ["a"]
    assert keys("latin-name", "start", "Anna") == ["ann"]
    assert keys("latin-name", "whole", "Anna Lee") == ["annalee"]


@pytest.mark.parametrize(("a", "b"), [("smith", "smyth"), ("griffiths", "griffths"), ("philip", "phillip")])
def test_sound_keeps_homophones_together(a: str, b: str) -> None:
    """Vowels, silent letters and doubles do not change a sound."""
    assert sound(a) == sound(b)


def test_sound_parts_other_consonants() -> None:
    """Another consonant is another sound; nothing has none."""
    assert sound("mason") != sound("marden")
    assert sound("") == ""
