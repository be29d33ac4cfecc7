"""Division codes (GB/T 2260, GB/T 10114): as short as what they name, so that a region lies in another when its code begins with the other's."""

from __future__ import annotations

import itertools
import re
import unicodedata
from functools import cache

from schemas.vocabulary import vocabulary
from streams.normalise.errors import Unusable

_LEVELS = (2, 4, 6, 9, 12, 15)
"""Digits of province, prefecture, county, township, community, grid cell."""
_KINDS = re.compile(r"(?:省|市|(?:壮族|回族|维吾尔)?自治区|特别行政区)$")


def region(value: str) -> str:
    """The code without the zeros that mean 'all of it', or the code of a province by its name (云南省, 云南); raises Unusable."""
    text = "".join(unicodedata.normalize("NFKC", value).split())
    if text in _by_name():
        return _by_name()[text]
    if not re.fullmatch(r"[0-9]{2,15}", text) or len(text) not in _LEVELS:
        raise Unusable("expected a division code of 2, 4, 6, 9, 12 or (with the grid cell) 15 digits")
    if text[:2] not in vocabulary("provinces"):
        raise Unusable("the first two digits are no province (GB/T 2260)")
    for shorter, longer in reversed(list(itertools.pairwise(_LEVELS))):
        if len(text) == longer and not text[shorter:].strip("0"):
            text = text[:shorter]
    return text


@cache
def _by_name() -> dict[str, str]:
    names: dict[str, str] = {name: code for code, name in vocabulary("provinces").items()}
    return names | {_KINDS.sub("", name): code for name, code in names.items()}
