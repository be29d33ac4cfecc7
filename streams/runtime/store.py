"""The state of one stage and partition on disk, with a cache in front."""

from __future__ import annotations

import functools
import shutil
import threading
import time
from bisect import bisect_left
from collections import OrderedDict
from collections.abc import Collection, Iterator, Mapping
from itertools import islice
from pathlib import Path
from typing import NamedTuple

from rocksdict import BlockBasedOptions, Cache, DBCompressionType, Options, Rdict, RdictIter, ReadOptions, SliceTransform, WriteBatch

from streams.rows import PREFIX

POSITION = b"\0position"
"""Row that holds the offset of the changelog up to which the store is written, and when; rows of stages never begin with a zero byte."""
_OLDEST = 12 * 3600.0
"""Seconds. Compaction forgets that a row was removed after delete.retention.ms (24 h, Kafka's default); a store that slept longer would keep it for ever."""
_REMEMBERED = 100_000
"""Things and rows of things that are kept in memory, at most: some 20 MB."""
_BUFFER, _CACHE = 32.0, 256
_FEW = 500
_MANY = 10_000
"""Things of which it is remembered that they have many rows, at most."""
_SIZES = ("total-sst-files-size", "cur-size-all-mem-tables", "estimate-num-keys")


def clock() -> int:
    """Nanoseconds since 1970."""
    return time.time_ns()


class _Few(NamedTuple):
    """All rows about one thing, and their keys, in order."""

    keys: list[bytes]
    rows: list[tuple[bytes, bytes]]


class Store:
    """An ordered map on disk (RocksDB), read in one thread while it is written in another.

    It is only ever a cache of the committed changelog, so it may be lost at any time. The rows of one scan share their first bytes, so that a Bloom filter
    says of most scans and reads of what is not there that nothing is; memory for filters, blocks and what is not written to disk yet is bounded, however
    many rows there are.
    """

    def __init__(self, path: Path, few: Collection[int] = (), buffer: float = _BUFFER, cache: int = _CACHE) -> None:
        """Open or create the store at a folder; one process at a time may hold it.

        `few` are the numbers of tables with few rows about one thing, `buffer` the megabytes of rows that wait in memory to become a file, `cache` the
        megabytes of blocks that all stores of a process keep together.
        """
        path.parent.mkdir(parents=True, exist_ok=True)
        self._path = path
        self._options = _options(buffer, cache)
        self._near = ReadOptions()
        self._near.set_prefix_same_as_start(True)
        self._few = frozenset(few)
        self._lock = threading.Lock()
        self._remembered = 0
        self._cache: OrderedDict[bytes, _Few] = OrderedDict()
        self._many: OrderedDict[bytes, None] = OrderedDict()
        self._closed = False
        self._rows = self._opened()

    def get(self, key: bytes) -> bytes | None:
        """The value, or None."""
        value: bytes | None = self._rows.get(key)
        return value

    def scan(self, start: bytes, end: bytes) -> Iterator[tuple[bytes, bytes]]:
        """Pairs with start <= key < end in order, all under the first bytes of `start`."""
        if start[0] not in self._few:
            return self._seek(start, end)
        about = start[:PREFIX]
        if about in self._many:  # also when they have become few again: it is only slower
            return self._seek(start, end)
        with self._lock:
            found = self._cache.get(about)
            if found is None:
                found = self._remember(about)
            else:
                self._cache.move_to_end(about)
        if found is None:
            return self._seek(start, end)
        return iter(found.rows[bisect_left(found.keys, start) : bisect_left(found.keys, end)] if found.rows else ())

    def write(self, changes: Mapping[bytes, bytes | None], position: int, known: int | None = None) -> None:
        """Write all changes (None removes) and the changelog position, or nothing of them.

        `known` is the moment (nanoseconds since 1970) up to which the changelog is known to hold no more than this: that before the read or the transaction
        began, since the machine may sleep for a day between that and this write. Unset, it is now.
        """
        batch = WriteBatch(raw_mode=True)
        put, delete = batch.put, batch.delete
        for key, value in changes.items():
            if value is None:
                delete(key)
            else:
                put(key, value)
        put(POSITION, position.to_bytes(8, "big") + (clock() if known is None else known).to_bytes(8, "big"))
        with self._lock:
            self._rows.write(batch)
            for key in changes:
                if key[0] in self._few and (found := self._cache.pop(key[:PREFIX], None)):
                    self._remembered -= 1 + len(found.rows)

    def sweep(self, start: bytes, end: bytes) -> Iterator[tuple[bytes, bytes]]:
        """The same about many things."""
        options = ReadOptions()
        options.set_total_order_seek(True)
        found = self._rows.iter(options)
        found.seek(start)
        return _read(found, end)

    def every(self) -> Iterator[tuple[bytes, bytes]]:
        """All rows but the position, in order; slow, and only for migrations and tests."""
        return ((key, value) for key, value in self.sweep(b"", b"\xff" * 64) if key != POSITION)

    @property
    def position(self) -> int:
        """Offset of the changelog from which the store has to catch up."""
        data = self.get(POSITION)
        return int.from_bytes(data[:8], "big") if data else 0

    @property
    def age(self) -> float:
        """Seconds since the store was known to be caught up so far; 0 for an empty one."""
        data = self.get(POSITION)
        return (clock() - int.from_bytes(data[8:], "big")) / 1e9 if data else 0.0

    def stale(self, end: int) -> bool:
        """Whether it cannot be caught up with a changelog that ends here: it claims more than there is, or it has slept."""
        return self.position > end or self.slept

    @property
    def slept(self) -> bool:
        """Whether it is so old that removals may be forgotten of which it has not read."""
        return self.age > _OLDEST

    def wipe(self) -> None:
        """Start anew, empty."""
        with self._lock:
            self._rows.close()
            shutil.rmtree(self._path)
            self._cache.clear()
            self._many.clear()
            self._remembered = 0
            self._rows = self._opened()

    def compact(self) -> None:
        """Merge all files now, as RocksDB does it little by little: for measurements, which begin after a quiet night."""
        self._rows.compact_range(None, None)

    def size(self) -> tuple[int, int] | None:
        """Bytes of tables on disk and in memory, and rows as RocksDB estimates them; None once it is closed. For any thread."""
        with self._lock:
            if self._closed:
                return None
            tables, memory, rows = (self._rows.property_int_value(f"rocksdb.{name}") or 0 for name in _SIZES)
            return tables + memory, rows

    def close(self) -> None:
        """Let go of the folder."""
        with self._lock:
            self._closed = True
            self._rows.close()

    def _opened(self) -> Rdict:
        """The rows. The column family is named since rocksdict otherwise takes the options that a store was made with, and of these not the Bloom filter."""
        return Rdict(str(self._path), self._options, column_families={"default": self._options})

    def _seek(self, start: bytes, end: bytes) -> Iterator[tuple[bytes, bytes]]:
        found = self._rows.iter(self._near)
        found.seek(start)
        return _read(found, end)

    def _remember(self, about: bytes) -> _Few | None:
        """Read all rows about something into the cache, unless they are not few."""
        found = self._rows.iter(self._near)
        found.seek(about)
        if not found.valid():  # as with most: nothing more is asked
            return self._kept(about, _NONE)
        rows = list(islice(_read(found, about + b"\xff" * 32), _FEW + 1))
        if len(rows) > _FEW:
            self._many[about] = None
            if len(self._many) > _MANY:
                self._many.popitem(last=False)
            return None
        return self._kept(about, _Few([key for key, _ in rows], rows))

    def _kept(self, about: bytes, found: _Few) -> _Few:
        """The same, kept in the cache, which lets go of what was not asked for longest."""
        self._cache[about] = found
        self._remembered += 1 + len(found.rows)
        while self._remembered > _REMEMBERED:
            _, oldest = self._cache.popitem(last=False)
            self._remembered -= 1 + len(oldest.rows)
        return found


_NONE = _Few([], [])


def _read(found: RdictIter, end: bytes) -> Iterator[tuple[bytes, bytes]]:
    """The rows from where an iterator is to an end."""
    while found.valid() and found.key() < end:
        yield found.key(), found.value()
        found.next()


@functools.cache
def _blocks(megabytes: int) -> Cache:
    """One cache for all stores: blocks of files that are merged away stay until it is full, so a cache for each would fill whatever the state's size."""
    return Cache(megabytes * 2**20)


def _options(buffer: float, cache: int) -> Options:
    blocks = BlockBasedOptions()
    blocks.set_bloom_filter(10, block_based=False)
    blocks.set_block_cache(_blocks(cache))
    options = Options(raw_mode=True)
    options.create_if_missing(True)  # noqa: FBT003
    options.set_block_based_table_factory(blocks)
    options.set_prefix_extractor(SliceTransform.create_max_len_prefix(PREFIX))
    options.set_memtable_prefix_bloom_ratio(0.05)
    options.set_write_buffer_size(int(buffer * 2**20))
    options.set_compression_type(DBCompressionType.lz4())
    options.set_bottommost_compression_type(DBCompressionType.zstd())
    options.set_target_file_size_base(256 * 2**20)
    options.set_max_open_files(-1)
    options.set_keep_log_file_num(1)
    return options
