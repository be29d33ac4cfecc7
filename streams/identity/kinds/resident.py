"""Resident identity numbers (GB 11643), read `of` the documents of a profile; other documents say nothing here.

Two valid numbers are of two people: one wrong digit or two swapped neighbours never leave a valid number, for the check digit finds both. Where the check digit
does not fit, somebody misread, and the number is compared digit by digit and by its three parts: where, when born, which of that day. `different` are two valid
numbers, `unlike` two of which one was misread.
"""

from __future__ import annotations

from typing import NamedTuple

from streams.identity.kinds.kind import Kind
from streams.identity.kinds.strings import distance

_SAME, _DIGIT, _PARTS, _UNLIKE, _DIFFERENT = range(5)


class Number(NamedTuple):
    """A number of 18 signs, or as somebody misread it."""

    digits: str
    valid: bool

    @property
    def parts(self) -> tuple[str, str, str]:
        """Where it was given, the birth date, and the sequence with the check digit if there is one. Numbers of 15 digits have the year in two."""
        if len(self.digits) == 15:
            return self.digits[:6], "19" + self.digits[6:12], self.digits[12:]
        return self.digits[:6], self.digits[6:14], self.digits[14:17]


def _prepare(text: str) -> Number | None:
    kind, _, digits = text.partition(":")
    return Number(digits, kind == "resident") if kind in {"resident", "resident?"} and digits else None


def _level(a: Number, b: Number) -> int:
    if a.digits == b.digits:
        return _SAME
    if a.valid and b.valid:
        return _DIFFERENT
    x, y = _alike(a, b)
    if distance(x, y, score_cutoff=1) <= 1:
        return _DIGIT
    return _PARTS if sum(one == other for one, other in zip(a.parts, b.parts, strict=True)) >= 2 else _UNLIKE


def _alike(a: Number, b: Number) -> tuple[str, str]:
    """Both in 17 digits when one has the form until 1999, which has no check digit."""
    if 15 not in {len(a.digits), len(b.digits)}:
        return a.digits, b.digits
    return "".join(a.parts), "".join(b.parts)


def _end(number: Number) -> tuple[str, ...]:
    """The sequence with the check digit: most wrong digits are before it."""
    end = number.parts[2] + number.digits[17:]
    return (end,) if end else ()


KIND = Kind(
    name="resident-number",
    levels=("same", "one digit", "two parts", "unlike", "different"),
    prepare=_prepare,
    level=_level,
    keys={"whole": lambda number: (number.digits,), "end": _end},
)
