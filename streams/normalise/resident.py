"""Resident identity numbers (GB 11643-1999): what makes one valid, and what it implies."""

from __future__ import annotations

import unicodedata
from datetime import date
from typing import NamedTuple

from schemas.vocabulary import vocabulary
from streams.normalise.errors import Unusable

_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECKS = "10X98765432"


class Resident(NamedTuple):
    """A valid number, 18 digits (the last may be X), with the region, birth date and sex that it implies."""

    number: str
    region: str
    born: date
    sex: str


def check_digit(first: str) -> str:
    """The check digit after 17 digits: ISO 7064 MOD 11-2, as GB 11643 prescribes."""
    return _CHECKS[sum(weight * int(digit) for weight, digit in zip(_WEIGHTS, first, strict=True)) % 11]


def resident(number: str) -> Resident:
    """Read a number of 18 digits, or of 15 as issued until 1999; raises Unusable with what is wrong."""
    text = unicodedata.normalize("NFKC", number).replace(" ", "").upper()
    if len(text) == 15 and text.isascii() and text.isdigit():
        text = text[:6] + "19" + text[6:]
        text += check_digit(text)
    if len(text) != 18 or not text.isascii() or not text[:17].isdigit():
        raise Unusable("expected 18 digits, of which the last may be X, or 15 digits")
    if check_digit(text[:17]) != text[17]:
        raise Unusable("the check digit does not fit (GB 11643)")
    if text[:2] not in vocabulary("provinces"):
        raise Unusable("the first two digits are no province (GB/T 2260)")
    try:
        born = date(int(text[6:10]), int(text[10:12]), int(text[12:14]))
    except ValueError:
        raise Unusable("digits 7 to 14 are no date of birth") from None
    return Resident(text, text[:6], born, "male" if int(text[16]) % 2 else "female")
