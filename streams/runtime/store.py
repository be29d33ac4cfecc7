"""The state of one stage and partition: RocksDB on disk, and the overlay of a batch that is not committed yet."""

from __future__ import annotations

import shutil
import time
from collections.abc import Iterator, Mapping
from pathlib import Path

from rocksdict import Options, Rdict, WriteBatch
from sortedcontainers import SortedDict

from streams.stage import State

POSITION = b"\0position"
"""Row that holds the offset of the changelog up to which the store is written, and when; rows of stages never begin with a zero byte."""


class Store:
    """An ordered map on disk. It is only ever a cache of the committed changelog, so it may be lost at any time."""

    def __init__(self, path: Path) -> None:
        """Open or create the store at a folder; one process at a time may hold it."""
        path.parent.mkdir(parents=True, exist_ok=True)
        options = Options(raw_mode=True)
        options.create_if_missing(True)  # noqa: FBT003 - so it is in rocksdict
        options.set_write_buffer_size(16 * 2**20)
        options.set_max_open_files(64)
        options.set_keep_log_file_num(1)
        self._path = path
        self._options = options
        self._rows = Rdict(str(path), options)

    def get(self, key: bytes) -> bytes | None:
        """The value, or None."""
        value: bytes | None = self._rows.get(key)
        return value

    def scan(self, start: bytes, end: bytes) -> Iterator[tuple[bytes, bytes]]:
        """Pairs with start <= key < end in order."""
        found = self._rows.iter()
        found.seek(start)
        while found.valid() and found.key() < end:
            yield found.key(), found.value()
            found.next()

    def write(self, changes: Mapping[bytes, bytes | None], position: int) -> None:
        """Write all changes (None removes) and the changelog position, or nothing of them."""
        batch = WriteBatch(raw_mode=True)
        for key, value in changes.items():
            if value is None:
                batch.delete(key)
            else:
                batch.put(key, value)
        batch.put(POSITION, position.to_bytes(8, "big") + time.time_ns().to_bytes(8, "big"))
        self._rows.write(batch)

    @property
    def position(self) -> int:
        """Offset of the changelog from which the store has to catch up."""
        data = self.get(POSITION)
        return int.from_bytes(data[:8], "big") if data else 0

    @property
    def age(self) -> float:
        """Seconds since the store was last written; 0 for an empty one."""
        data = self.get(POSITION)
        return (time.time_ns() - int.from_bytes(data[8:], "big")) / 1e9 if data else 0.0

    def wipe(self) -> None:
        """Start anew, empty."""
        self.close()
        shutil.rmtree(self._path)
        self._rows = Rdict(str(self._path), self._options)

    def close(self) -> None:
        """Let go of the folder."""
        self._rows.close()


class Overlay:
    """A store with the uncommitted changes of one batch before it; drop it, and nothing has happened."""

    def __init__(self, below: State | Store) -> None:
        """Nothing changed yet."""
        self._below = below
        self.changes: SortedDict[bytes, bytes | None] = SortedDict()

    def get(self, key: bytes) -> bytes | None:
        """The value, or None."""
        return self.changes[key] if key in self.changes else self._below.get(key)

    def put(self, key: bytes, value: bytes) -> None:
        """Set the value."""
        self.changes[key] = value

    def delete(self, key: bytes) -> None:
        """Remove the key if it is there."""
        self.changes[key] = None

    def scan(self, start: bytes, end: bytes) -> Iterator[tuple[bytes, bytes]]:
        """Pairs with start <= key < end in order, as they were when the scan began."""
        changed = list(self.changes.irange(start, end, (True, False)))
        if not changed:
            return self._below.scan(start, end)
        rows = dict(self._below.scan(start, end))
        for key in changed:
            value = self.changes[key]
            if value is None:
                rows.pop(key, None)
            else:
                rows[key] = value
        return iter(sorted(rows.items()))
