"""Resident identity numbers (GB 11643-1999): what makes one valid, and what it implies.

Two other documents have numbers of this form: since 2018 the residence permit for residents of Hong Kong (810000), Macau (820000) and Taiwan (830000;
港澳台居民居住证申领发放办法), and since 2023 the permanent residence card of foreigners, which begins with 9, the province, and the ISO 3166-1 number
of the nationality (国家移民管理局: 新版外国人永久居留身份证适配性改造要点, table 1).
"""

from __future__ import annotations

import re
import unicodedata
from datetime import date
from typing import NamedTuple

from schemas.vocabulary import vocabulary
from streams.normalise.errors import Unusable

_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_DIGITS, _OLD = re.compile(r"[0-9]{17}[0-9X]"), re.compile(r"[0-9]{15}")
_CHECKS = "10X98765432"
_TAIWAN = "83"
_CENTENARIANS = {"996", "997", "998", "999"}
"""Sequences that GB 11643-1989 kept for people of a hundred years: 15 digits with one of them are of 18yy. GB 11643-1999 has the whole year and kept none."""


class Resident(NamedTuple):
    """A valid number, 18 digits (the last may be X), with the region, birth date and sex that it implies.

    `region` is the county where the number was given; of a foreigner's number it is the province, of Hong Kong, Macau and Taiwan the six digits alone.
    """

    number: str
    region: str
    born: date
    sex: str


def check_digit(first: str) -> str:
    """The check digit after 17 digits: ISO 7064 MOD 11-2, as GB 11643 prescribes."""
    return _CHECKS[sum(weight * int(digit) for weight, digit in zip(_WEIGHTS, first, strict=True)) % 11]


def misread(number: str) -> str:
    """The 18 signs of a number whose check digit does not fit: one that was misread or mistyped. '' for every other text."""
    try:
        text = _signs(number)
    except Unusable:
        return ""
    return text if check_digit(text[:17]) != text[17] else ""


def _signs(number: str) -> str:
    """18 digits, of which the last may be X; raises Unusable."""
    text = "".join(unicodedata.normalize("NFKC", number).split()).upper()
    if _OLD.fullmatch(text):
        text = text[:6] + ("18" if text[12:] in _CENTENARIANS else "19") + text[6:]
        text += check_digit(text)
    if not _DIGITS.fullmatch(text):
        raise Unusable("expected 18 digits, of which the last may be X, or 15 digits")
    return text


def resident(number: str) -> Resident:
    """Read a number of 18 digits, or of 15 as issued until 1999; raises Unusable with what is wrong."""
    text = _signs(number)
    if check_digit(text[:17]) != text[17]:
        raise Unusable("the check digit does not fit (GB 11643)")
    foreigner = text[0] == "9"
    province = text[1:3] if foreigner else text[:2]
    if province not in vocabulary("provinces") and (foreigner or province != _TAIWAN):
        raise Unusable("the first two digits (of a foreigner's number the second and third) are no province (GB/T 2260)")
    try:
        born = date(int(text[6:10]), int(text[10:12]), int(text[12:14]))
    except ValueError:
        raise Unusable("digits 7 to 14 are no date of birth") from None
    return Resident(text, province if foreigner else text[:6], born, "male" if int(text[16]) % 2 else "female")
