"""An e-mail address: the part before the sign says who, the part after it where. A part is mistyped when no more than a third of its signs are wrong."""

from __future__ import annotations

from streams.identity.kinds.kind import Kind
from streams.identity.kinds.strings import distance

_EQUAL, _ALIKE, _LOCAL, _CLOSE, _DOMAIN, _DIFFERENT = range(6)
Address = tuple[str, str]


def _prepare(text: str) -> Address | None:
    local, _, domain = text.strip().lower().partition("@")
    return (local, domain) if local or domain else None


def _level(a: Address, b: Address) -> int:
    if a == b:
        return _EQUAL
    local, domain = distance(a[0], b[0]), distance(a[1], b[1])
    near = 3 * local <= max(len(a[0]), len(b[0])) and 3 * domain <= max(len(a[1]), len(b[1]))
    if near and local + domain <= 2:
        return _ALIKE
    if local == 0 and a[0]:
        return _LOCAL
    if near:
        return _CLOSE
    return _DOMAIN if domain <= 1 and a[1] and b[1] else _DIFFERENT


KIND = Kind(
    name="email",
    levels=("equal", "alike", "same before the sign", "close", "same after the sign", "different"),
    prepare=_prepare,
    level=_level,
    keys={
        "whole": lambda address: ("@".join(address),),
        "local": lambda address: (address[0],) if address[0] else (),
        "domain": lambda address: (address[1],) if address[1] else (),
    },
)
