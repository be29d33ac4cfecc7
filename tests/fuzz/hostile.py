"""Values that break programs, for any field of a record."""

from __future__ import annotations

import random
from collections.abc import Callable
from copy import deepcopy
from typing import Any

_TIMES = (
    "9999-12-31T23:59:59+08:00", "0001-01-01", "0000-00-00", "1899-12-31", "1900-01-01", "2020-02-30", "2020-13-01", "2020-01-20T25:61:61", "-2020-01-20",
    "2020-01-20T08:05:00+99:99", "99999999999999999999", "-1", "1579656600", "1579656600000", "253402300800000", "1e309", "20200120080500", "2020年1月20日上午8时",
    "²⁰²⁰-01-20", "٢٠٢٠-٠١-٢٠", "2020/1/20 24:00", "2020-01-20T08:05:60Z", "2019-12-31T23:59:59.999999999999Z", "十二月三十一日", "昨天",
)  # fmt: skip
_TEXTS = (
    "", " ", "\0", "\x1b[2J", "\r\n", "\u2028", "\ufeff", "\ufffe", "\U0010ffff", "\ud800", "\udc00\ud800", "\u202e王样本\u202c", "\u200b\u200d", "ﷺ" * 50, "Z͑ͫ̓ͪ̂ͫ̽" * 20,
    "👩‍👩‍👧‍👧", "ＷＡＮＧ", "ı", "İ", "ß", "㏂", "½", "①", "'; DROP TABLE people; --", "{{7*7}}", "${HOME}", "../../etc/passwd", "=1+1", "%s%n", "<script>", "NaN",
    "null", "true", "undefined", "none", "0", "-0", "1e400", "0x10", "1_000", "53062419800101001X", "530624198001010010", "53062418000101001X", "99999999999999999X",
    "王·样本", "阿依·样本·测试", "'" * 100, '"' * 100, "," * 100, "\\" * 101, "+8613900000001", "00959000000", "1390000000\u00b9", "1" * 500, "北" * 101,
)  # fmt: skip
_PLAIN: tuple[Any, ...] = (
    None, True, False, 0, -1, 2**31, 2**63, -(2**63) - 1, 10**400, 0.1, -0.0, float("nan"), float("inf"), 1e308, [], {}, [[]], [None], {"": None}, [{}] * 3
)


def _long(dice: random.Random) -> str:
    return dice.choice(("a", "北", "\U00020000", "9", " ")) * dice.choice((199, 200, 201, 1_000, 70_000, 300_000))


def _deep(dice: random.Random) -> Any:
    found: Any = "x"
    for _ in range(dice.choice((5, 31, 32, 33, 500))):
        found = {"a": found} if dice.random() < 0.5 else [found]
    return found


def _wide(dice: random.Random) -> Any:
    count = dice.choice((3, 100, 5_000))
    return [{"name": "杨样本"} for _ in range(count)] if dice.random() < 0.5 else {f"key {number}": number for number in range(count)}


def _any(dice: random.Random) -> str:
    return "".join(chr(dice.choice((dice.randrange(0x80), dice.randrange(0x3000), dice.randrange(0x10000), dice.randrange(0x110000)))) for _ in range(dice.randint(1, 12)))


_KINDS: tuple[tuple[int, Callable[[random.Random], Any]], ...] = (
    (20, lambda dice: dice.choice(_TIMES)), (30, lambda dice: dice.choice(_TEXTS)), (20, lambda dice: deepcopy(dice.choice(_PLAIN))), (20, _any),
    (2, _long), (4, _deep), (1, _wide),
)  # fmt: skip


def hostile(dice: random.Random) -> Any:
    """A value that JSON can hold, or that Python's JSON writes all the same: NaN, half a character, a number of four hundred digits."""
    (kind,) = dice.choices([kind for _, kind in _KINDS], [weight for weight, _ in _KINDS])
    return kind(dice)
