"""Verifying proofs by the algorithms of RFC 9162, 2.1.3.2 and 2.1.4.2, which share nothing with how proofs are made but the two hashes."""

from __future__ import annotations

from collections.abc import Sequence

from deploy.log.merkle import EMPTY, node


class Unproved(Exception):
    """A proof does not prove what it should; the message says what was to be proved."""


def included(leaf: bytes, index: int, size: int, path: Sequence[bytes], root: bytes) -> None:
    """Return when the path proves that the leaf with this hash is number `index` of the tree; raises Unproved otherwise."""
    if not 0 <= index < size or any(len(one) != len(EMPTY) for one in (leaf, *path, root)):
        raise Unproved(f"a log of {size} entries has no entry {index}, or hashes have another length")
    number, last, found = index, size - 1, leaf
    for part in path:
        if last == 0:
            raise Unproved(f"the proof of entry {index} is too long")
        if number & 1 or number == last:
            found = node(part, found)
            while not number & 1 and number:
                number, last = number >> 1, last >> 1
        else:
            found = node(found, part)
        number, last = number >> 1, last >> 1
    if last or found != root:
        raise Unproved(f"entry {index} is not in the log of {size} entries")


def grown(old: int, new: int, path: Sequence[bytes], old_root: bytes, new_root: bytes) -> None:
    """Return when the path proves that the new tree begins with the old one; raises Unproved otherwise."""
    problem = f"the log of {new} entries does not begin with that of {old}"
    if not 0 <= old <= new:
        raise Unproved(problem)
    if old in (0, new):
        if path or (old == 0 and old_root != EMPTY) or (old == new and old_root != new_root):
            raise Unproved(problem)
        return
    if not path:
        raise Unproved(problem)
    if _roots(old, new, path if old & (old - 1) else [old_root, *path]) != (old_root, new_root):
        raise Unproved(problem)


def _roots(old: int, new: int, path: Sequence[bytes]) -> tuple[bytes, bytes] | None:
    """The roots of both trees that follow from a path; None when its length is another."""
    number, last = old - 1, new - 1
    while number & 1:
        number, last = number >> 1, last >> 1
    before = after = path[0]
    for part in path[1:]:
        if last == 0:
            return None
        if number & 1 or number == last:
            before, after = node(part, before), node(part, after)
            while not number & 1 and number:
                number, last = number >> 1, last >> 1
        else:
            after = node(after, part)
        number, last = number >> 1, last >> 1
    return None if last else (before, after)
