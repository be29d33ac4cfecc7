"""The Merkle tree as RFC 9162, section 2.1, defines it: by recursion over lists, slow and plain. Shares nothing with the log."""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import sha256


def root(entries: Sequence[bytes]) -> bytes:
    """MTH."""
    if not entries:
        return sha256(b"").digest()
    if len(entries) == 1:
        return sha256(b"\0" + entries[0]).digest()
    half = _half(len(entries))
    return sha256(b"\1" + root(entries[:half]) + root(entries[half:])).digest()


def path(number: int, entries: Sequence[bytes]) -> list[bytes]:
    """PATH: the inclusion proof."""
    if len(entries) == 1:
        return []
    half = _half(len(entries))
    if number < half:
        return [*path(number, entries[:half]), root(entries[half:])]
    return [*path(number - half, entries[half:]), root(entries[:half])]


def proof(old: int, entries: Sequence[bytes]) -> list[bytes]:
    """PROOF: the consistency proof."""
    return _subproof(old, entries, whole=True) if 0 < old < len(entries) else []


def _subproof(old: int, entries: Sequence[bytes], *, whole: bool) -> list[bytes]:
    if old == len(entries):
        return [] if whole else [root(entries)]
    half = _half(len(entries))
    if old <= half:
        return [*_subproof(old, entries[:half], whole=whole), root(entries[half:])]
    return [*_subproof(old - half, entries[half:], whole=False), root(entries[:half])]


def _half(count: int) -> int:
    half = 1
    while half * 2 < count:
        half *= 2
    return half
