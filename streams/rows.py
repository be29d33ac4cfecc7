"""Keys of rows in a stage's state, ordered so that a range of time is a range of bytes."""

from __future__ import annotations

_BIAS = 1 << 63


def row(*parts: str | int) -> bytes:
    """A key whose byte order is the order of its parts: text (without NUL) as UTF-8, then moments as 64-bit numbers."""
    return b"".join((part + _BIAS).to_bytes(8, "big") if isinstance(part, int) else part.encode() + b"\0" for part in parts)


def under(*parts: str) -> tuple[bytes, bytes]:
    """The range of all keys that begin with these parts."""
    start = row(*parts)
    return start, start[:-1] + b"\1"
