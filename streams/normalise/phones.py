"""Phone numbers in one form: + and the country code."""

from __future__ import annotations

import re
import unicodedata

from streams.normalise.errors import Unusable

_CHINESE = re.compile(r"^(?:1[3-9]\d{9}|0\d{9,11})$")
_NEIGHBOURS = re.compile(r"^\+(?:95|84|856)\d{7,10}$")


def phone(number: str) -> str:
    """The number as +86… (mobile or landline with area code), or +95, +84, +856 for the neighbours; raises Unusable."""
    text = re.sub(r"[\s\-()]", "", unicodedata.normalize("NFKC", number))
    text = re.sub(r"^00", "+", text)
    local = re.sub(r"^\+?86(?=1[3-9]\d{9}$|0\d{9,11}$)", "", text)
    if _CHINESE.match(local):
        return "+86" + local.removeprefix("0") if local[0] == "0" else "+86" + local
    if _NEIGHBOURS.match(text):
        return text
    raise Unusable("expected a phone number such as 13800000000, 0870-2345678 or +95…")
