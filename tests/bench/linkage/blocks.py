"""How large the blocks are: what the blocking keys of many people cost, and whether a crowd hides anybody."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from itertools import groupby
from typing import NamedTuple

from streams.identity import under
from streams.rows import PREFIX
from streams.stage import Rows

COLUMNS = ("rule", "keys", "profiles under them", "largest", "crowded", "profiles in a crowd", "comparisons a profile")


class Blocks(NamedTuple):
    """Of one rule: keys, profiles under them, the most under one, keys of a crowd and the profiles there, and comparisons of all others for each profile."""

    rule: str
    keys: int
    profiles: int
    largest: int
    crowded: int
    hidden: int
    comparisons: float


def blocks(rows: Rows, crowd: int) -> list[Blocks]:
    """The blocks of each rule in the rows of the stage `pairs`, by name; a block of more than `crowd` is not compared."""
    sizes: dict[str, Counter[int]] = defaultdict(Counter)
    for rule, size in _sizes(rows):
        sizes[rule][size] += 1
    return [_told(rule, found, crowd) for rule, found in sorted(sizes.items())]


def _sizes(rows: Rows) -> Iterator[tuple[str, int]]:
    start = under.TABLE.tag
    found = ((row, data) for row, data in rows.sweep(start, start + b"\xff" * 64) if under.is_member(row))
    for _, same in groupby(found, lambda one: one[0][:PREFIX]):
        members = list(same)
        yield under.member(*members[0]).rule, len(members)


def _told(rule: str, sizes: Counter[int], crowd: int) -> Blocks:
    profiles = sum(size * count for size, count in sizes.items())
    pairs = sum(size * (size - 1) * count for size, count in sizes.items() if size <= crowd)
    many = {size: count for size, count in sizes.items() if size > crowd}
    return Blocks(rule, sizes.total(), profiles, max(sizes), sum(many.values()), sum(size * count for size, count in many.items()), round(pairs / profiles, 3))
