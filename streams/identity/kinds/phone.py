"""Phone numbers in the form E.164. A household, or a carer, may share one; people change theirs."""

from __future__ import annotations

from streams.identity.kinds.kind import Kind
from streams.identity.kinds.strings import distance

_SAME, _DIGIT, _DIFFERENT = range(3)
_HEAD = -4
"""The last four digits are the end: most wrong digits are before them."""


def _level(a: str, b: str) -> int:
    if a == b:
        return _SAME
    return _DIGIT if len(a) == len(b) and distance(a, b, score_cutoff=1) <= 1 else _DIFFERENT


KIND = Kind(
    name="phone",
    levels=("same", "one digit", "different"),
    prepare=lambda text: text.strip() or None,
    level=_level,
    keys={"whole": lambda phone: (phone,), "end": lambda phone: (phone[_HEAD:],)},
)
