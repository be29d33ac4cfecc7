"""Publishing files, and going on at the exact record after a crash.

How many records of a file are acknowledged is kept in a cursor with a digest of them all, written (and synced) only after the broker's acknowledgements. After
a crash at most the records sent since then are sent again, and as the same facts they change nothing. A file whose first records are still those of the cursor
goes on after them, however it has grown or been packed; any other file starts anew. A cursor is of one file, one source and one bus.

A record that may not be collected under the level in force is not sent, and the cursor stays before it: published again under a
level, the file goes on there. What comes after it is sent both times, and as the same facts changes nothing.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from hashlib import blake2b
from pathlib import Path
from typing import Any, Protocol

from pydantic import ValidationError

from connectors.envelope import Item, envelopes
from connectors.transports.documents import BLANK, objects
from connectors.transports.gate import Collects
from connectors.transports.tabular import rows, together
from connectors.transports.text import Encoding, decoded, encoding
from schemas.models.fact import Model
from schemas.models.raw import Raw
from schemas.source import Source
from schemas.tokens import Keys

_EVERY = 1_000
_QUIET = 2.0
_HEAD = 4096
_JSON = {".json", ".jsonl", ".ndjson"}


class Sends(Protocol):
    """What publishing a file asks of a publisher; connectors.publish.Publisher does it."""

    def bus(self) -> str:
        """What tells this bus from any other."""

    def send(self, topic: str, key: str, value: Any) -> None:
        """Send a value."""

    def settle(self) -> None:
        """Return when all is acknowledged."""


@dataclass(frozen=True, slots=True)
class Published:
    """What came of one file: its records, how many were sent now, how many are faulty, after how many it went on, and how long it took.

    `refused` were not sent, since they may not be collected: records = resumed_at + sent + refused.
    """

    records: int
    sent: int
    faults: int
    resumed_at: int
    seconds: float
    refused: int = 0


def items(path: Path, source: Source) -> Iterator[Item]:
    """The items of a file: JSON when it is called so or begins with a bracket, else CSV. One that is damaged ends with a fault."""
    how = encoding(path)
    if _JSON & set(path.suffixes) or _begins(path, how) in ("{", "["):
        yield from objects(path, how)
    else:
        found = rows(path, source.header, how)
        yield from together(found, source.group.path, source.group.word) if source.group else found
    if how.damage:
        with path.open("rb") as file:
            yield Item(file.read(_HEAD), fault=f"{how.damage}; these are its first bytes")


def publish(path: Path, source: Source, keys: Keys, publisher: Sends, home: Path, tell: Callable[[str], None], *, again: bool = False,
            room: Callable[[int], None] = lambda _: None, gate: Collects | None = None) -> Published:  # fmt: skip
    """Publish the records of a file that were not yet acknowledged (with `again`, all of them).

    `tell` gets a line of progress now and then. `room` is given how many were sent since it was asked, and returns when there is room for
    more. Raises CannotPublish when the broker does not take them: published again, it goes on; and CannotRead when the `gate` cannot
    read which levels are in force. Without a gate all may be collected.
    """
    began = told = time.monotonic()
    cursor = _Cursor(home, source.name, path, publisher.bus())
    read = _resumed(path, source, keys, cursor.mark()) if not again else None
    read = read or _Read(_raws(path, source, keys))
    resumed, sent, refused = read.records, 0, 0
    for raw in read:
        if why := _refused(gate, raw):
            refused += 1
            if refused == 1:
                tell(f"{source.name}: record {read.records} is not sent, nor are others like it: {why}")
            continue
        publisher.send(f"raw.{source.name}", raw.record, raw)
        sent += 1
        if sent % _EVERY == 0:
            publisher.settle()
            if not refused:
                cursor.write(read.mark())
            room(_EVERY)
        if time.monotonic() - told > _QUIET:
            told = time.monotonic()
            tell(f"{source.name}: {read.records} records, {sent / (told - began):,.0f} a second")
    publisher.settle()
    if not refused:
        cursor.write(read.mark())
    return Published(read.records, sent, read.faults, resumed, time.monotonic() - began, refused)


def _refused(gate: Collects | None, raw: Raw) -> str:
    """Why a record may not be collected, by the levels as they are now."""
    if gate is None or not gate.concerns(raw.source):
        return ""
    gate.fresh().result()
    return gate.refused(raw)


def arrivals(folder: Path, stop: Callable[[], bool], every: float = 1.0, sleep: Callable[[float], None] = time.sleep) -> Iterator[Path]:
    """Files of a folder, each when it is complete: its size and time of change have stood still between two looks `every` seconds apart.

    A file that changes later comes again. Names that begin with a dot or end in .part or .tmp are left alone: write under such a name, then rename.
    """
    last: dict[Path, tuple[int, int]] = {}
    done: dict[Path, tuple[int, int]] = {}
    while not stop():
        now = dict(_looked(folder))
        done = {path: state for path, state in done.items() if path in now}
        for path, state in now.items():
            if last.get(path) == state != done.get(path):
                done[path] = state
                yield path
        last = now
        sleep(every)


def _looked(folder: Path) -> Iterator[tuple[Path, tuple[int, int]]]:
    for path in sorted(folder.iterdir()):
        if path.name.startswith(".") or path.suffix in (".part", ".tmp"):
            continue
        try:
            state = path.stat()
        except FileNotFoundError:  # gone since the folder was listed
            continue
        if path.is_file():
            yield path, (state.st_size, state.st_mtime_ns)


def _begins(path: Path, how: Encoding) -> str:
    with decoded(path, how) as text:
        while found := text.read(_HEAD):
            if sign := found.lstrip(BLANK)[:1]:
                return sign
    return ""


def _raws(path: Path, source: Source, keys: Keys) -> Iterator[Raw]:
    for item in items(path, source):
        yield from envelopes(source, item, keys)


class _Mark(Model):
    """The first records of a file: how many, and a digest of their bodies."""

    records: int
    digest: str


@dataclass(slots=True)
class _Read:
    """Raw messages, and what was read of them."""

    raws: Iterator[Raw]
    records: int = 0
    faults: int = 0
    _bodies: Any = field(default_factory=lambda: blake2b(digest_size=16))

    def __iter__(self) -> _Read:
        return self

    def __next__(self) -> Raw:
        raw = next(self.raws)
        self.records += 1
        self.faults += raw.fault is not None
        self._bodies.update(bytes.fromhex(raw.digest))
        return raw

    def mark(self) -> _Mark:
        """The mark of what was read."""
        return _Mark(records=self.records, digest=self._bodies.hexdigest())


def _resumed(path: Path, source: Source, keys: Keys, mark: _Mark | None) -> _Read | None:
    """The records of a file after those of a mark; None when there is no mark or the file's first records are others."""
    if mark is None:
        return None
    read = _Read(_raws(path, source, keys))
    while read.records < mark.records:
        if next(read, None) is None:
            return None
    return read if read.mark() == mark else None


class _Cursor:
    """Where the mark of the acknowledged records of a file is kept."""

    def __init__(self, home: Path, source: str, path: Path, bus: str) -> None:
        name = blake2b(f"{bus}\n{path.resolve()}".encode(), digest_size=16).hexdigest()
        self._path = home / "cursors" / source / f"{name}.json"

    def mark(self) -> _Mark | None:
        """The mark, or None when there is none that can be read: then all is sent again."""
        try:
            return _Mark.model_validate_json(self._path.read_bytes(), strict=True)
        except (FileNotFoundError, ValidationError):
            return None

    def write(self, mark: _Mark) -> None:
        """Keep the mark durably."""
        self._path.parent.mkdir(parents=True, exist_ok=True)
        part = self._path.with_suffix(f".{os.getpid()}.part")
        with part.open("w", encoding="utf-8") as file:
            file.write(mark.model_dump_json())
            file.flush()
            os.fsync(file.fileno())
        part.replace(self._path)
