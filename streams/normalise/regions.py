"""Division codes (GB/T 2260, GB/T 10114): as short as what they name, so that a region lies in another when its code begins with the other's."""

from __future__ import annotations

import itertools
import re
import unicodedata
from functools import cache, lru_cache

from schemas.vocabulary import vocabulary
from streams.normalise.errors import Unusable

_LEVELS = (2, 4, 6, 9, 12, 15)
"""Digits of province, prefecture, county, township, community, grid cell."""
_CODE = re.compile(r"[0-9]{2,15}")
_KEPT, _SHORT = 2**14, 32
"""How many texts are kept with the code they mean, in the memory of the process (a province has some ten thousand townships and communities), and the signs
of the longest: spaces within a code do not count, and so there are texts of any length."""
_KINDS = re.compile(r"(?:省|市|(?:壮族|回族|维吾尔)?自治区|特别行政区)$")


def region(value: str) -> str:
    """The code without the zeros that mean 'all of it', or the code of a province by its name (云南省, 云南); raises Unusable."""
    return _kept(value) if len(value) <= _SHORT else _region(value)


def _region(value: str) -> str:
    text = "".join(unicodedata.normalize("NFKC", value).split())
    if text in _by_name():
        return _by_name()[text]
    if not _CODE.fullmatch(text) or len(text) not in _LEVELS:
        raise Unusable("expected a division code of 2, 4, 6, 9, 12 or (with the grid cell) 15 digits")
    if text[:2] not in vocabulary("provinces"):
        raise Unusable("the first two digits are no province (GB/T 2260)")
    for shorter, longer in reversed(list(itertools.pairwise(_LEVELS))):
        if len(text) == longer and not text[shorter:].strip("0"):
            text = text[:shorter]
    return text


_kept = lru_cache(_KEPT)(_region)


@cache
def _by_name() -> dict[str, str]:
    names: dict[str, str] = {name: code for code, name in vocabulary("provinces").items()}
    return names | {_KINDS.sub("", name): code for name, code in names.items()}
