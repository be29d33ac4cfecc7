"""Two fields that were filled in each other's place: given name and surname, or two lines of an address. Read `of` both."""

from __future__ import annotations

from streams.identity.kinds.kind import JOIN, NOTHING, Kind
from streams.identity.kinds.strings import likeness, sound, words

_BOTH, _NEARLY, _ONE, _DIFFERENT = range(4)
_NEAR = 0.88
Two = tuple[str, str]


def _prepare(text: str) -> Two | None:
    one, other = (words(part).replace(" ", "") for part in text.split(JOIN))
    return (one, other) if one != other else None


def _level(a: Two, b: Two) -> int:
    (x, y), (v, w) = a, b
    if not (x and w) and not (y and v):
        return NOTHING
    if x == w and y == v:
        return _BOTH
    if x[:1] != w[:1] and y[:1] != v[:1]:
        return _DIFFERENT
    crossed = _alike(x, w) + _alike(y, v)
    if not crossed or _alike(x, v) or _alike(y, w):
        return _DIFFERENT
    return _NEARLY if crossed == 2 else _ONE


def _alike(one: str, other: str) -> bool:
    return bool(one and other) and likeness(one, other) >= _NEAR


def _sounds(two: Two) -> tuple[str, ...]:
    """How both sound, in whichever place they stand."""
    return ("".join(sorted(map(sound, two))),) if all(two) else ()


KIND = Kind(name="swapped", levels=("both", "both nearly", "one", "different"), prepare=_prepare, level=_level, keys={"sounds": _sounds})
