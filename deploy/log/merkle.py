"""The Merkle tree of RFC 6962 and RFC 9162, section 2.1: hashes, roots and the making of proofs; pure. How proofs are verified stands in `deploy.log.proofs`.

A tree is known by its complete subtrees: `nodes(level, index)` is the hash of the entries from index * 2**level on, 2**level of them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from hashlib import sha256

Nodes = Callable[[int, int], bytes]

EMPTY = sha256(b"").digest()
"""Root of the tree without entries."""


def leaf(entry: bytes) -> bytes:
    """Hash of an entry."""
    return sha256(b"\0" + entry).digest()


def node(left: bytes, right: bytes) -> bytes:
    """Hash of two subtrees side by side."""
    return sha256(b"\1" + left + right).digest()


def over(hashes: Sequence[bytes]) -> bytes:
    """Root over subtrees of equal size, of which only the last may be smaller."""
    row = list(hashes)
    while len(row) > 1:
        row = [node(row[i], row[i + 1]) if i + 1 < len(row) else row[i] for i in range(0, len(row), 2)]
    return row[0] if row else EMPTY


def span(begin: int, end: int, nodes: Nodes) -> bytes:
    """Root over the entries from `begin` to before `end`, where `begin` is a multiple of every power of two below the length."""
    hashes = [nodes(level, index) for level, index in _complete(begin, end)]
    found = hashes.pop() if hashes else EMPTY
    while hashes:
        found = node(hashes.pop(), found)
    return found


def inclusion(index: int, size: int, nodes: Nodes) -> list[bytes]:
    """The proof that the entry with this index is in the tree of this size (RFC 9162, 2.1.3.1)."""
    if not 0 <= index < size:
        raise ValueError(f"no entry {index} in a log of {size}")
    path, begin, end = [], 0, size
    while end - begin > 1:
        middle = begin + _below(end - begin)
        if index < middle:
            path.append(span(middle, end, nodes))
            end = middle
        else:
            path.append(span(begin, middle, nodes))
            begin = middle
    return path[::-1]


def consistency(old: int, new: int, nodes: Nodes) -> list[bytes]:
    """The proof that the tree of the new size begins with that of the old one (RFC 9162, 2.1.4.1); empty for an empty old tree."""
    if not 0 <= old <= new:
        raise ValueError(f"a log of {new} cannot go on from one of {old}")
    path: list[bytes] = []
    begin, end = 0, new
    while old not in (0, end):
        middle = begin + _below(end - begin)
        if old <= middle:
            path.append(span(middle, end, nodes))
            end = middle
        else:
            path.append(span(begin, middle, nodes))
            begin = middle
    return [*([span(begin, end, nodes)] if begin and old else []), *path[::-1]]


def _below(length: int) -> int:
    """The largest power of two below a length."""
    return int(1 << (length - 1).bit_length() - 1)


def _complete(begin: int, end: int) -> Iterable[tuple[int, int]]:
    """The complete subtrees that make up a span, from the left."""
    while begin < end:
        level = (end - begin).bit_length() - 1
        yield level, begin >> level
        begin += 1 << level
