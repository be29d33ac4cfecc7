"""Names in a normal form, so that one person's name written twice is equal: for handles, not for display."""

from __future__ import annotations

import re
import unicodedata

from pypinyin import lazy_pinyin

_DOTS = re.compile(r"[·•・‧∙⋅.．]")
_SPACES = re.compile(r"\s+")
_HAN = re.compile(r"^[㐀-䶿一-鿿〇𠀀-𯿿·]+$")


def normal(name: str) -> str:
    """The normal form: width folded (NFKC), one dot (·) in long minority names, no spaces in Chinese names, Latin names lower-case without marks.

    '' for a name that is nothing but spaces and signs.
    """
    folded = unicodedata.normalize("NFKC", name).strip()
    chinese = _DOTS.sub("·", _SPACES.sub("", folded)).strip("·")
    if _HAN.match(chinese):
        return chinese
    bare = "".join(mark for mark in unicodedata.normalize("NFD", folded.lower()) if not unicodedata.combining(mark))
    return " ".join(re.findall(r"[^\W_]+", bare))


def reading(name: str) -> str:
    """How a name is written in a passport or typed without Chinese: its letters without tones, marks, spaces and dots.

    王芳, `Wang Fang` and `WANG,FANG` give the same. So do homophones, which is why a reading counts only beside something stronger, such as the same phone.
    """
    form = normal(name)
    return re.sub(r"[\s·]", "", "".join(lazy_pinyin(form)) if _HAN.match(form) else form)
