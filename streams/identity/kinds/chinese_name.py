"""Names as they are written in China: in simplified or traditional characters, by their sound, in Latin letters, with a dot or in short.

Names of one sound are one name typed twice or two names, so a sound alone weighs less than the characters. A name in Latin letters is compared by its sound
with one in Chinese; which word of it is the surname is not known, so words may stand in any order. Where its letters cannot spell a Chinese name, the two say
nothing of each other.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

from streams.identity.kinds.kind import NOTHING, Kind
from streams.identity.kinds.strings import likeness
from streams.normalise.names import converter, is_simplified, normal, reading, spelled

_SAME, _SOUND, _SHORT, _EAR, _PART, _FAMILY, _DIFFERENT = range(7)
_KEPT = 2**16
"""Prepared names that are kept, in the memory of the process only: they come again and again, and each costs a search in the phrases of pypinyin."""
_HAN = re.compile(r"[㐀-䶿一-鿿〇𠀀-𯿿·]+")
_TITLES = frozenset({"u", "daw", "ko", "maung", "mg", "ma", "mr", "mrs", "ms"})
"""Words before a Burmese name that are no part of it, and those of English."""
_SPOKEN = (
    (re.compile(r"zh|tc|ts|ch|q|dj|tj"), "c"), (re.compile(r"sh|x|hs"), "s"), (re.compile(r"(?<=[aeiou])[nm]g?(?![aeiou])"), "n"),
    (re.compile(r"ph|p|b"), "b"), (re.compile(r"th|t|d"), "t"), (re.compile(r"kh|k|g"), "k"), (re.compile(r"[zj]"), "c"), (re.compile(r"[lr]"), "l"),
    (re.compile(r"[fvw]|hw|hu(?=[aeio])"), "f"), (re.compile(r"h|(?<![aeiou])y|y(?![aeiou])"), ""), (re.compile(r"(.)\1+"), r"\1"),
)  # fmt: skip
"""Consonants that are heard as one: dialects of Yunnan, and spellings of Burmese, do not tell them apart."""
_VOWELS = re.compile(r"[aeiou]+")
"""Vowels are heard too differently for a key: there they say only that there is one."""
_NEAR, _NEAR_WORD = 0.9, 0.8
"""Likeness (Jaro-Winkler) from which two spellings in Latin letters are one name heard twice: whole, or each of as many words."""
_PINYIN = re.compile(r"(?:(?:[zcs]h?|[bpmfdtnlgkhjqxryw])?(?:[iu]?a(?:ng?|i|o)?|[iuv]?e(?:i|ng?|r)?|i(?:ng?|u|ong)?|u(?:i|n|o)?|o(?:ng|u)?|v))+")
"""Letters that may spell a Chinese name. A name that is not Chinese is written in Chinese by many signs, and by none that say how it is spelled."""


class Name(NamedTuple):
    """A name ready to compare. `han` is simplified and without dots, '' in Latin letters; `parts` are what stands between dots, or the words."""

    han: str
    letters: str
    parts: tuple[str, ...]
    sorted: str
    """The letters of its sound in the order of the alphabet, so that no order of words shows."""


@lru_cache(_KEPT)
def _prepare(text: str) -> Name | None:
    form = normal(text)
    if not form:
        return None
    if _HAN.fullmatch(form):
        simple = form if is_simplified(form) else converter().convert(form)
        parts, han = tuple(simple.split("·")), simple.replace("·", "")
        letters = spelled(form)
    else:
        words = form.split()
        parts = tuple(word for word in words if word not in _TITLES) or tuple(words)
        han, letters = "", reading(" ".join(parts))
    return Name(han, letters, parts, "".join(sorted(letters)))


def _level(a: Name, b: Name) -> int:
    if a.letters == b.letters:
        return _SAME if a.han == b.han else _SOUND
    if a.sorted == b.sorted and not (a.han and b.han) and _turned(a, b):
        return _SOUND
    if a.han and b.han:
        return _of_han(a, b)
    return _of_letters(a, b)


def _turned(a: Name, b: Name) -> bool:
    """Whether the words of one, the last first, sound like the other: Fang Wang and 王芳."""
    pairs = ((one, other.parts) for one, other in ((a, b), (b, a)) if not other.han)
    return any(one.letters == "".join(parts[place:] + parts[:place]) for one, parts in pairs for place in range(len(parts)))


def _of_han(a: Name, b: Name) -> int:
    if len(a.han) != len(b.han):
        short, long = (a, b) if len(a.han) < len(b.han) else (b, a)
        if len(short.han) > 1 and (short.han in long.parts or (long.han.endswith(short.han) and len(long.han) > 2)):
            return _SHORT
    if _spoken(a.letters) == _spoken(b.letters):
        return _EAR
    if a.han[1:] == b.han[1:] or sum(x == y for x, y in zip(a.han, b.han, strict=False)) > 1:
        return _PART  # a slip of the pen; but brothers and sisters have as much in common
    return _FAMILY if a.han[0] == b.han[0] else _DIFFERENT


def _of_letters(a: Name, b: Name) -> int:
    common = 0 if a.han or b.han else len(set(a.parts) & set(b.parts))
    if len(a.parts) != len(b.parts) and 1 < common == min(len(a.parts), len(b.parts)):
        return _SHORT
    if any(_spoken(one) == _spoken(other) or likeness(one, other) >= _NEAR for one in _orders(a) for other in _orders(b)):
        return _EAR
    if a.han or b.han:
        return _DIFFERENT if _PINYIN.fullmatch(b.letters if a.han else a.letters) else NOTHING
    if len(a.parts) == len(b.parts) and all(_spoken(x) == _spoken(y) or likeness(x, y) >= _NEAR_WORD for x, y in zip(a.parts, b.parts, strict=True)):
        return _EAR
    return _PART if common else _DIFFERENT


def _orders(name: Name) -> tuple[str, ...]:
    """The sounds of a name with its words in their order, and with the first last."""
    return (name.letters,) if name.han or len(name.parts) < 2 else (name.letters, "".join(name.parts[1:] + name.parts[:1]))


@lru_cache(_KEPT)
def _spoken(letters: str) -> str:
    for sound, one in _SPOKEN:
        letters = sound.sub(one, letters)
    return letters


def _ear_key(name: Name) -> tuple[str, ...]:
    """How it sounds to somebody who does not know it, in any order of its words; none when nothing of it is heard."""
    heard = _heard(name.letters)
    return (heard,) if heard else ()


@lru_cache(_KEPT)
def _heard(letters: str) -> str:
    return "".join(sorted(_VOWELS.sub("a", _spoken(letters))))


KIND = Kind(
    name="chinese-name",
    levels=("same", "same sound", "short form", "by ear", "part", "family", "different"),
    prepare=_prepare,
    level=_level,
    term=lambda name: name.sorted,
    keys={"sound": lambda name: (name.sorted,) if name.sorted else (), "ear": _ear_key},
)
