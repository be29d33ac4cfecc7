"""The right edge of the tree: what it needs to grow. Pure: a batch of entries gives the next edge and the files that hold what is new (C2SP tlog-tiles)."""

from __future__ import annotations

import struct
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from deploy.log.merkle import EMPTY, leaf, over

WIDTH = 256
"""Hashes in a full tile, and entries in a full bundle."""
_LENGTH = struct.Struct(">H")
_LONGEST = 2**16 - 1


def place(what: str, number: int, width: int) -> str:
    """Path of a tile or a bundle: `what` is its level, or entries; a width below 256 is that of a partial one."""
    digits = f"{number:03d}"
    digits = digits.zfill(-(-len(digits) // 3) * 3)
    *before, last = [digits[i : i + 3] for i in range(0, len(digits), 3)]
    return "/".join(["tile", what, *(f"x{part}" for part in before), last]) + (f".p/{width}" if width < WIDTH else "")


def bundled(entries: Iterable[bytes]) -> bytes:
    """Entries one after the other, each behind its length."""
    return b"".join(_LENGTH.pack(len(entry)) + entry for entry in entries)


def unbundled(data: bytes) -> list[bytes]:
    """The entries of a bundle; raises ValueError when the lengths do not add up."""
    found, at = [], 0
    while at < len(data):
        begin = at + _LENGTH.size
        if begin > len(data) or (at := begin + _LENGTH.unpack_from(data, at)[0]) > len(data):
            raise ValueError("a bundle of entries ends in the middle of one")
        found.append(data[begin:at])
    return found


@dataclass(frozen=True)
class Edge:
    """How many entries there are, the hashes of the partial tile on each level, and the entries of the partial bundle."""

    size: int = 0
    tiles: tuple[tuple[bytes, ...], ...] = ()
    entries: tuple[bytes, ...] = ()

    @property
    def root(self) -> bytes:
        """Root of the whole tree."""
        last: bytes | None = None
        for tile in self.tiles:
            row = [*tile, *([] if last is None else [last])]
            last = over(row) if row else None
        return EMPTY if last is None else last

    def grow(self, entries: Sequence[bytes]) -> tuple[Edge, dict[str, bytes]]:
        """The edge with further entries, and every file that is new. Raises ValueError when one is longer than the format allows."""
        if any(len(entry) > _LONGEST for entry in entries):
            raise ValueError(f"an entry is longer than {_LONGEST} bytes")
        tree = _Growing(self.size, [list(tile) for tile in self.tiles], list(self.entries))
        for entry in entries:
            tree.add(entry)
        return tree.edge(), tree.files | tree.partial()


@dataclass
class _Growing:
    """An edge while entries are added, with the full files that this gives."""

    size: int
    tiles: list[list[bytes]]
    entries: list[bytes]
    files: dict[str, bytes] = field(default_factory=dict)

    def add(self, entry: bytes) -> None:
        self.entries.append(entry)
        self.size += 1
        self._hash(0, leaf(entry))
        if len(self.entries) == WIDTH:
            self.files[place("entries", self.size // WIDTH - 1, WIDTH)] = bundled(self.entries)
            self.entries.clear()

    def _hash(self, level: int, found: bytes) -> None:
        if level == len(self.tiles):
            self.tiles.append([])
        tile = self.tiles[level]
        tile.append(found)
        if len(tile) == WIDTH:
            self.files[place(str(level), (self.size >> 8 * (level + 1)) - 1, WIDTH)] = b"".join(tile)
            self._hash(level + 1, over(tile))
            tile.clear()

    def partial(self) -> dict[str, bytes]:
        """The files at the edge."""
        found = {place(str(level), self.size >> 8 * (level + 1), len(tile)): b"".join(tile) for level, tile in enumerate(self.tiles) if tile}
        return found | ({place("entries", self.size // WIDTH, len(self.entries)): bundled(self.entries)} if self.entries else {})

    def edge(self) -> Edge:
        return Edge(self.size, tuple(tuple(tile) for tile in self.tiles), tuple(self.entries))
