"""Publishing files, and going on at the exact record after a crash.

How many records of a file are acknowledged is kept in a cursor, written (and synced) only after the broker's acknowledgements. After a crash at most the
records sent since then are sent again, and as the same facts they change nothing. A file is known by its path and the digest of its beginning: one that
has grown goes on at its new records, another file at the same path starts anew.
"""

from __future__ import annotations

import json
import os
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path

from connectors.envelope import Item, envelopes
from connectors.publish import Publisher
from connectors.transports.documents import objects
from connectors.transports.tabular import rows
from connectors.transports.text import encoding, opened
from schemas.source import Source
from schemas.tokens import Keys

_HEAD = 64 * 1024
_EVERY = 1_000
_QUIET = 2.0


@dataclass(frozen=True, slots=True)
class Published:
    """What came of one file."""

    records: int
    sent: int
    faults: int
    resumed_at: int
    seconds: float


def items(path: Path, source: Source) -> Iterator[Item]:
    """The items of a file: JSON when it begins with a bracket, else CSV."""
    charset = encoding(path)
    with opened(path) as file:
        start = file.read(4096).decode(charset, "ignore").lstrip("\ufeff").lstrip()[:1]
    return objects(path) if start in ("{", "[") else rows(path, source.header)


def publish(path: Path, source: Source, keys: Keys, publisher: Publisher, home: Path, tell: Callable[[str], None], *, again: bool = False) -> Published:
    """Publish the records of a file that were not yet acknowledged (with `again`, all of them)."""
    began = told = time.monotonic()
    cursor = _Cursor(home, source.name, path)
    resumed = 0 if again else cursor.read()
    records = sent = faults = 0
    for item in items(path, source):
        for raw in envelopes(source, item, keys):
            records += 1
            faults += raw.fault is not None
            if records <= resumed:
                continue
            publisher.send(f"raw.{source.name}", raw.record, raw)
            sent += 1
            if sent % _EVERY == 0:
                publisher.settle()
                cursor.write(records)
            if time.monotonic() - told > _QUIET:
                told = time.monotonic()
                tell(f"{source.name}: {records} records, {sent / (told - began):,.0f} a second")
    publisher.settle()
    cursor.write(records)
    return Published(records, sent, faults, resumed, time.monotonic() - began)


def arrivals(folder: Path, stop: Callable[[], bool], every: float = 1.0) -> Iterator[Path]:
    """Files of a folder, each when it is complete: its size and time of change have stood still between two looks `every` seconds apart.

    A file that changes later comes again. Names that begin with a dot or end in .part or .tmp are left alone: write under such a name, then rename.
    """
    last: dict[Path, tuple[int, int]] = {}
    done: dict[Path, tuple[int, int]] = {}
    while not stop():
        now = {path: (state.st_size, state.st_mtime_ns) for path in sorted(folder.iterdir()) if _counts(path) for state in [path.stat()]}
        for path, state in now.items():
            if last.get(path) == state and done.get(path) != state:
                done[path] = state
                yield path
        last = now
        time.sleep(every)


def _counts(path: Path) -> bool:
    return path.is_file() and not path.name.startswith(".") and path.suffix not in (".part", ".tmp")


class _Cursor:
    """How many records of a file are acknowledged."""

    def __init__(self, home: Path, source: str, path: Path) -> None:
        self._file = path
        name = blake2b(str(path.resolve()).encode(), digest_size=16).hexdigest()
        self._path = home / "cursors" / source / f"{name}.json"

    def read(self) -> int:
        """Acknowledged records, 0 for a file that is not the one the cursor was written for."""
        if not self._path.exists():
            return 0
        kept = json.loads(self._path.read_text())
        size, digest = self._head(kept["size"])
        return int(kept["records"]) if (size, digest) == (kept["size"], kept["digest"]) else 0

    def write(self, records: int) -> None:
        """Note durably how many are acknowledged."""
        size, digest = self._head(_HEAD)
        self._path.parent.mkdir(parents=True, exist_ok=True)
        part = self._path.with_suffix(".part")
        with part.open("w") as file:
            json.dump({"records": records, "size": size, "digest": digest}, file)
            file.flush()
            os.fsync(file.fileno())
        part.replace(self._path)

    def _head(self, size: int) -> tuple[int, str]:
        with self._file.open("rb") as file:
            head = file.read(min(size, _HEAD))
        return len(head), blake2b(head, digest_size=16).hexdigest()
