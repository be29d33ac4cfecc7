"""A tree in files (C2SP tlog-tiles): any web server can publish the folder as it is, except for what is ours in it (`position`, `index`)."""

from __future__ import annotations

import os
from functools import lru_cache
from pathlib import Path

from deploy.log.edge import WIDTH, Edge, place, unbundled
from deploy.log.merkle import consistency, inclusion, over, span


class BadTree(Exception):
    """The files of a tree are damaged, or some are missing; the message says which and what to do."""


class Tiles:
    """Reads a tree of `size` entries in a folder."""

    def __init__(self, folder: Path, size: int) -> None:
        """Take the folder and the size; nothing is read yet."""
        self._folder, self.size = folder, size
        self._tile = lru_cache(1024)(self._read_tile)

    def nodes(self, level: int, index: int) -> bytes:
        """The hash of a complete subtree."""
        tall, within = divmod(level, 8)
        first = index << within
        number, begin = divmod(first, WIDTH)
        tile = self._tile(tall, number)
        hashes = [tile[at : at + 32] for at in range(begin * 32, (begin + (1 << within)) * 32, 32)]
        if len(hashes[-1]) != 32:
            raise BadTree(f"{self._folder}: tile {number} of level {tall} is too short")
        return over(hashes)

    def root(self, size: int | None = None) -> bytes:
        """Root of the first `size` entries, or of all."""
        return span(0, self.size if size is None else size, self.nodes)

    def inclusion(self, index: int, size: int | None = None) -> list[bytes]:
        """The proof that an entry is among the first `size`, or among all."""
        return inclusion(index, self.size if size is None else size, self.nodes)

    def consistency(self, old: int, new: int | None = None) -> list[bytes]:
        """The proof that the tree only grew."""
        return consistency(old, self.size if new is None else new, self.nodes)

    def entry(self, index: int) -> bytes:
        """One entry."""
        if not 0 <= index < self.size:
            raise ValueError(f"no entry {index} in a log of {self.size}")
        return self.bundle(index // WIDTH)[index % WIDTH]

    def bundle(self, number: int) -> list[bytes]:
        """The entries of a bundle, 256 of them but for the last."""
        count = min(WIDTH, self.size - number * WIDTH)
        try:
            entries = unbundled(self._file("entries", number, count))[:count]
        except ValueError as error:
            raise BadTree(f"{self._folder}: the bundle {number} is damaged: {error}") from error
        if len(entries) != count:
            raise BadTree(f"{self._folder}: the bundle {number} has {len(entries)} entries and not {count}")
        return entries

    def edge(self) -> Edge:
        """The edge, from which the tree grows on."""
        tiles, level = [], 0
        while self.size >> 8 * level:
            count = (self.size >> 8 * level) % WIDTH
            data = self._tile(level, self.size >> 8 * (level + 1)) if count else b""
            tiles.append(tuple(data[at : at + 32] for at in range(0, count * 32, 32)))
            level += 1
        return Edge(self.size, tuple(tiles), tuple(self.bundle(self.size // WIDTH)) if self.size % WIDTH else ())

    def _read_tile(self, level: int, number: int) -> bytes:
        return self._file(str(level), number, min(WIDTH, (self.size >> 8 * level) - number * WIDTH))

    def _file(self, what: str, number: int, width: int) -> bytes:
        """The bytes of a tile or bundle: of the partial one, or of the full one that came after it."""
        for wide in dict.fromkeys((width, WIDTH)):
            path = self._folder / place(what, number, wide)
            if path.is_file():
                return path.read_bytes()
        raise BadTree(f"{self._folder / place(what, number, width)} is missing: `lianfang log run` makes a log's folder anew from the bus")


def write(folder: Path, files: dict[str, bytes]) -> None:
    """Write files so that each is there whole or not at all, and on the disk when this returns."""
    for name, data in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        passing = path.with_name(f"{path.name}.new")
        with passing.open("wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        passing.replace(path)
