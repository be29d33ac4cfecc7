"""Names in a normal form, so that one person's name written twice is equal: for handles, not for display."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable
from functools import cache, lru_cache

from opencc import OpenCC

from schemas.vocabulary import vocabulary

_DOTS = re.compile(r"[-·•・‧∙⋅᛫●.。—]+")
_HAN = re.compile(r"[㐀-䶿一-鿿〇𠀀-𯿿·]+")
_UNIFIED = re.compile(r"[㐀-䶿一-鿿]+")
"""Characters that NFKC leaves as they are: most names have no others."""
_WORDS = re.compile(r"[a-z0-9]+")
_DIAERESIS = re.compile(r"(?<=[ln])u\u0308")
_UE, _V = re.compile(r"(?<=[ln])(?:v|yu)(?=e)"), re.compile(r"(?<=[ln])v")
_WORDS_KEPT = 2**14
"""Readings of signs and phrases that are kept, in the memory of the process only: there are not many in given names, and pypinyin takes long for each."""
_MARKS = re.compile(r"[\u0300-\u036f]")
"""Accents. Vowel and tone signs of other scripts (Burmese, Lao, Thai) are no accents: without them, other names would be the same."""
_WHOLE = str.maketrans({"đ": "d", "ð": "d", "ħ": "h", "ı": "i", "ł": "l", "ŋ": "n", "ø": "oe", "œ": "oe", "ŧ": "t", "æ": "ae", "þ": "th"})
"""Latin letters that are not a letter with an accent, as passports write them (ICAO Doc 9303, part 3, section 6)."""


def normal(name: str) -> str:
    """The normal form: width folded (NFKC), one dot (·) in long minority names, no spaces in Chinese names, Latin names lower-case without accents.

    '' for a name that is nothing but spaces and signs.
    """
    if _UNIFIED.fullmatch(name):
        return name
    folded = "".join(sign for sign in unicodedata.normalize("NFKC", name) if unicodedata.category(sign) != "Cf")
    chinese = _DOTS.sub("·", "".join(folded.split())).strip("·")
    return chinese if _HAN.fullmatch(chinese) else _letters(folded)


def reading(name: str) -> str:
    """How a name is written in a passport or typed without Chinese: its letters without tones, accents, spaces and dots.

    王芳, `Wang Fang` and `WANG,FANG` give the same, and so do 張 and 张, and 吕 and its spellings LÜ, LV and LYU; not LU, as passports had it until 2012, for
    that is 陆 too. So do homophones, which is why a reading counts only beside something stronger, such as the same phone. '' only for what has no normal form.
    """
    return spelled(normal(name))


def spelled(form: str) -> str:
    """The reading of a name that is in its normal form."""
    letters = _letters(_pinyin(_simplified(form.replace("·", ""))) if _HAN.fullmatch(form) else form).replace(" ", "")
    # GB/T 28039-2011 writes ü as YU after L and N in passports; the exit and entry administration leaves it U in LÜE and NÜE. Keyboards have V for it.
    return _V.sub("yu", _UE.sub("u", letters)) or form  # a sign that Unicode has not assigned is no letter and has no reading


def _letters(text: str) -> str:
    """Words of letters and digits of any script, lower-case, Latin without accents, with single spaces between; ü after l or n as v."""
    if text.isascii():
        return " ".join(_WORDS.findall(text.lower()))
    bare = _MARKS.sub("", _DIAERESIS.sub("v", unicodedata.normalize("NFD", text.casefold()))).translate(_WHOLE)
    spaced = "".join(sign if unicodedata.category(sign)[0] in "LMN" else " " for sign in bare)
    return unicodedata.normalize("NFC", " ".join(spaced.split()))


def _pinyin(name: str) -> str:
    """The syllables of a simplified Chinese name, its surname read as a surname."""
    surnames: dict[str, str] = vocabulary("surnames")
    surname = name[:2] if name[:2] in surnames and len(name) > 2 else name[:1]
    return surnames[surname] + _syllables(name[len(surname) :]) if surname in surnames else _syllables(name)


def _syllables(name: str) -> str:
    return "".join(map(_word, _cut()(name)))


@cache
def _cut() -> Callable[[str], Iterable[str]]:
    """What divides a name into the phrases of pypinyin. They take a quarter of a second to load, for which a command that reads no name does not wait."""
    from pypinyin.contrib.mmseg import seg

    cut: Callable[[str], Iterable[str]] = seg.cut
    return cut


@lru_cache(_WORDS_KEPT)
def _word(word: str) -> str:
    """The syllables of a phrase of pypinyin, or of a sign that is in none with what stands beside it."""
    from pypinyin import lazy_pinyin

    return "".join(lazy_pinyin(word))


def _simplified(name: str) -> str:
    """The name with its traditional characters simplified, so that pypinyin knows its phrases; it has no readings for simplified forms as rare as 𫄶 (of 繈).

    Characters of GB 2312 stay, also where they can stand for another: 乾 is a name, 干 is none.
    """
    if is_simplified(name):
        return name
    simple = ((sign, sign if is_simplified(sign) else converter().convert(sign)) for sign in name)
    return "".join(new if is_simplified(new) else old for old, new in simple)


def is_simplified(text: str) -> bool:
    """Whether all characters are of GB 2312, and so simplified."""
    try:
        text.encode("gb2312")
    except UnicodeEncodeError:
        return False
    return True


@cache
def converter() -> OpenCC:
    """What makes traditional characters simplified ones."""
    return OpenCC("t2s")
