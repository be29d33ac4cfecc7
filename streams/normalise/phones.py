"""Phone numbers in one form (E.164): + and the country code."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

import phonenumbers

from streams.normalise.errors import Unusable

_SIGNS = re.compile(r"[\s\-‐-―−().·/;]")
_MOBILE = re.compile(r"(?:\+?86)?0?(1[3-9]\d{9})")
_ABROAD = re.compile(r"^00")
_FORM = re.compile(r"\+?\d{7,18}")
_OTHERS = 2**12
"""Landlines and foreign numbers that are kept with what they are, in the memory of the process only."""
_EXTENSION = re.compile(r"(?:转接?|转分机|分机|内线|#|[,，]\s*|ext\.?|extension|x)[\s:：.=]*(\d{1,6})$", re.IGNORECASE)


def phone(number: str) -> str:
    """The number as +8613800000001, with `;ext=801` (RFC 3966) where it has an extension; raises Unusable.

    A number without + or 00 is Chinese: a mobile number, or a landline with its area code. Others need their country code (+95, 0084 …); there, a
    length that the country has is enough, for new ranges are in use before any list knows them.
    """
    if number.isascii() and (mobile := _MOBILE.fullmatch(number)):
        return f"+86{mobile[1]}"  # most numbers: nothing to take off
    text = unicodedata.normalize("NFKC", number).strip()
    extension = _EXTENSION.search(text)
    bare = _ABROAD.sub("+", _SIGNS.sub("", text[: extension.start()] if extension else text))
    mobile = _MOBILE.fullmatch(bare)
    return ("+86" + mobile[1] if mobile else _other(bare)) + (f";ext={extension[1]}" if extension else "")


@lru_cache(_OTHERS)
def _other(bare: str) -> str:
    wrong = "expected a phone number such as 13800000000 or 0870-2345678, or with its country code: +95…"
    if not _FORM.fullmatch(bare):
        raise Unusable(wrong)
    try:
        found = phonenumbers.parse(bare, "CN")
    except phonenumbers.NumberParseException:
        raise Unusable(wrong) from None
    landline = phonenumbers.number_type(found) in (phonenumbers.PhoneNumberType.FIXED_LINE, phonenumbers.PhoneNumberType.VOIP)
    if not (landline if found.country_code == 86 else phonenumbers.is_possible_number(found)):
        raise Unusable(wrong)
    return str(phonenumbers.format_number(found, phonenumbers.PhoneNumberFormat.E164))
