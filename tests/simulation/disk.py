"""What stands for RocksDB and its folders: the rows of each folder, which outlive the process that wrote them, and a lock that does not."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from random import Random
from typing import Any

from sortedcontainers import SortedDict

from streams.rows import PREFIX
from tests.simulation.loop import PROCESS, Process

_UNSYNCED = 6
"""Writes that the machine may not have brought to the disk yet."""


class Held(Exception):
    """Two processes, or two parts of one, have a folder open at once."""


class Files:
    """The rows of one folder, and what its last writes replaced."""

    def __init__(self) -> None:
        """Empty."""
        self.rows: SortedDict[bytes, bytes] = SortedDict()
        self.replaced: list[dict[bytes, bytes | None]] = []
        self.holder: tuple[Process | None, object] | None = None

    def write(self, changes: dict[bytes, bytes | None]) -> None:
        """Write all of it; atomic."""
        self.replaced = [*self.replaced[1 - _UNSYNCED :], {key: self.rows.get(key) for key in changes}]
        self._put(changes)

    def lose(self, writes: int) -> None:
        """Lose the last writes, as a machine does that loses its power."""
        for _ in range(min(writes, len(self.replaced))):
            self._put(self.replaced.pop())

    def _put(self, changes: dict[bytes, bytes | None]) -> None:
        for key, value in changes.items():
            if value is None:
                self.rows.pop(key, None)
            else:
                self.rows[key] = value


class Folder:
    """A path on a simulated disk."""

    def __init__(self, path: str) -> None:
        """Take its text, which begins with the number of a slot."""
        self._path = path

    def __truediv__(self, name: str) -> Folder:
        """A folder in it."""
        return Folder(f"{self._path}/{name}")

    def __str__(self) -> str:
        """The text."""
        return self._path

    @property
    def parent(self) -> Folder:
        """The folder that it is in."""
        return Folder(self._path.rpartition("/")[0])

    def mkdir(self, *, parents: bool, exist_ok: bool) -> None:
        """Nothing: folders are there when they are needed."""


class Disk:
    """All folders of all machines, by path; `before` is called before each write of a process that lives."""

    def __init__(self, before: Callable[[], None]) -> None:
        """No folder."""
        self.folders: dict[str, Files] = {}
        self._before = before

    def opened(self, path: str, options: object = None, column_families: object = None) -> Rows:
        """Open a folder as `Rdict` does; raises Held."""
        files = self.folders.setdefault(path, Files())
        process = PROCESS.get(None)
        if files.holder is not None and (files.holder[0] is None or files.holder[0].alive):
            raise Held(path.partition("/")[2])
        rows = Rows(files, self._before)
        files.holder = (process, rows)
        return rows

    def rmtree(self, path: Folder) -> None:
        """Remove a folder."""
        self.folders.pop(str(path), None)

    def fail(self, slot: int, kind: str, rng: Random) -> None:
        """Let the disk of a machine lose its last writes, or everything."""
        for path in [path for path in self.folders if path.startswith(f"{slot}/")]:
            if kind == "disk lost":
                del self.folders[path]
            elif kind == "power loss":
                self.folders[path].lose(rng.randint(0, _UNSYNCED))


class Batch:
    """What one write changes."""

    def __init__(self, raw_mode: bool) -> None:
        """Nothing yet."""
        self.changes: dict[bytes, bytes | None] = {}

    def put(self, key: bytes, value: bytes) -> None:
        """Set a row."""
        self.changes[key] = value

    def delete(self, key: bytes) -> None:
        """Remove a row."""
        self.changes[key] = None


class Reading:
    """How an iterator reads: within the first bytes of where it began, or on."""

    def __init__(self) -> None:
        """On."""
        self.near = False

    def set_prefix_same_as_start(self, near: bool) -> None:
        """End with the first row that does not begin as the one sought."""
        self.near = near

    def set_total_order_seek(self, far: bool) -> None:
        """Go on."""
        self.near = not far


class Rows:
    """An open folder, as `Rdict` in raw mode."""

    def __init__(self, files: Files, before: Callable[[], None]) -> None:
        """Take the rows, and what is called before each write."""
        self._files, self._before = files, before

    def get(self, key: bytes) -> bytes | None:
        """A row."""
        return self._files.rows.get(key)

    def write(self, batch: Batch) -> None:
        """Write a batch."""
        if (process := PROCESS.get(None)) is not None and not process.alive:
            return
        self._before()
        self._files.write(batch.changes)

    def iter(self, reading: Reading) -> Cursor:
        """An iterator."""
        return Cursor(self._files.rows, reading.near)

    def close(self) -> None:
        """Let go of the folder."""
        if self._files.holder is not None and self._files.holder[1] is self:
            self._files.holder = None


class Cursor:
    """An iterator as RocksDB's."""

    def __init__(self, rows: Any, near: bool) -> None:
        """Take the rows, and whether it ends with the first bytes of where it began."""
        self._rows, self._near = rows, near
        self._keys: Iterator[bytes] = iter(())
        self._start = b""
        self._key: bytes | None = None

    def seek(self, start: bytes) -> None:
        """Stand on the first row from here on."""
        self._start = start[:PREFIX]
        self._keys = self._rows.irange(start)
        self.next()

    def next(self) -> None:
        """Stand on the next row."""
        self._key = next(self._keys, None)

    def valid(self) -> bool:
        """Whether it stands on a row."""
        return self._key is not None and (not self._near or self._key.startswith(self._start))

    def key(self) -> bytes:
        """The key of the row."""
        assert self._key is not None
        return self._key

    def value(self) -> bytes:
        """The value of the row."""
        assert self._key is not None
        value: bytes = self._rows[self._key]
        return value
