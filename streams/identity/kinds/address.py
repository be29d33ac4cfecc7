"""What an address says beside the division: streets or hamlets and the numbers of house, building, flat, which tell neighbours apart."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

from streams.identity.kinds.kind import Kind

_SAME, _NUMBERS, _SOME, _DIFFERENT = range(4)
_NUMBER, _NOT_WORD = re.compile(r"\d+"), re.compile(r"[\W\d]+")
_GENERIC = re.compile(r"村民小组|单元|小区|街道|村委会|[路街巷弄号栋幢楼层室户组村社区]")
"""Words of any address: one writes 栋, the other 幢 or nothing."""


class Address(NamedTuple):
    """The words that are its own, and its numbers in order."""

    words: str
    numbers: tuple[str, ...]


@lru_cache(2**14)
def _prepare(text: str) -> Address | None:
    words = _NOT_WORD.sub("", _GENERIC.sub("", text)).lower()
    numbers = tuple(number.lstrip("0") for number in _NUMBER.findall(text))
    return Address(words, numbers) if words or numbers else None


def _level(a: Address, b: Address) -> int:
    if a == b:
        return _SAME
    if a.numbers and b.numbers and a.words and b.words and _within(a.words, b.words):
        if _tail(a.numbers, b.numbers):
            return _NUMBERS
        return _SOME if set(a.numbers) & set(b.numbers) else _DIFFERENT
    return _DIFFERENT


def _within(a: str, b: str) -> bool:
    """Whether one has the other's words, as an address with its district has one without."""
    return a in b or b in a


def _tail(a: tuple[str, ...], b: tuple[str, ...]) -> bool:
    """Whether the numbers of one end, or begin, with those of the other."""
    short, long = sorted((a, b), key=len)
    return long[-len(short) :] == short or long[: len(short)] == short


KIND = Kind(
    name="address",
    levels=("same", "nearly", "some numbers", "different"),
    prepare=_prepare,
    level=_level,
    keys={"whole": lambda address: (address.words + "/".join(address.numbers),) if len(address.numbers) > 1 and address.words else ()},
)
