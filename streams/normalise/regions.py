"""Division codes (GB/T 2260, GB/T 10114): as short as what they name, so that a region lies in another when its code begins with the other's."""

from __future__ import annotations

import itertools
import re
import unicodedata

from schemas.vocabulary import vocabulary
from streams.normalise.errors import Unusable

_LEVELS = (2, 4, 6, 9, 12, 15)
"""Digits of province, prefecture, county, township, community, grid cell."""


def region(value: str) -> str:
    """The code without the zeros that mean 'all of it', or the code of a province given by name; raises Unusable."""
    text = unicodedata.normalize("NFKC", value).strip()
    by_name = {name: code for code, name in vocabulary("provinces").items()}
    if text in by_name:
        return by_name[text]
    if not re.fullmatch(r"\d{2,15}", text) or len(text) not in _LEVELS:
        raise Unusable("expected a division code of 2, 4, 6, 9, 12 or (with the grid cell) 15 digits")
    if text[:2] not in vocabulary("provinces"):
        raise Unusable("the first two digits are no province (GB/T 2260)")
    for shorter, longer in reversed(list(itertools.pairwise(_LEVELS))):
        if len(text) == longer and not text[shorter:].strip("0"):
            text = text[:shorter]
    return text
