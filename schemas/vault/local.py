"""The vault of one machine: wrapped keys in SQLite, shared by all processes there, with the last used in memory.

A new key is on disk before anything is sealed under it (WAL, `synchronous=FULL`), and new keys of many subjects share one commit. A destroyed key is
overwritten (`secure_delete`) and the write-ahead log cut, so that neither file holds its wrapped bytes; what copies of the files hold ends with the
wrapping key that they are wrapped under: `rotate` after an erasure, and drop it. Which subject had how many generations stays known, so that none comes twice.

Several machines need one vault for all: that is this interface in front of a shared database, which is not built.
"""

from __future__ import annotations

import os
import sqlite3
import time
from collections import OrderedDict
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import RLock

from schemas.vault import GENERATIONS, DataKey, VaultProblem, Wrapper

_TOGETHER = 500
_REMEMBERED = 2**15
"""Keys that are kept in memory (some 200 bytes each)."""
_LOOK = 0.25
"""Seconds for which it is believed that no other process destroyed anything."""
_WAIT = 30.0
_FORM = """
CREATE TABLE IF NOT EXISTS about (what TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS keys (subject TEXT, generation INTEGER, wrapper TEXT, wrapped BLOB, closed INTEGER NOT NULL DEFAULT 0,
                                 PRIMARY KEY (subject, generation)) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS by_wrapper ON keys (wrapper);
"""


class Local:
    """Data keys in a file of SQLite."""

    def __init__(self, path: Path, wrapper: Wrapper) -> None:
        """Open the file, or make it; raises VaultProblem when it is no vault."""
        path.parent.mkdir(parents=True, exist_ok=True)
        self._path, self._wrapper, self._lock = path, wrapper, RLock()
        self._kept: OrderedDict[tuple[str, int], bytes | None] = OrderedDict()
        self._present: dict[str, DataKey] = {}
        self._epoch, self._looked = 0, 0.0
        _exists(path)
        try:
            self._db = sqlite3.connect(path, timeout=_WAIT, isolation_level=None, check_same_thread=False)
            for pragma in ("journal_mode=WAL", "synchronous=FULL", "secure_delete=ON"):
                self._db.execute(f"PRAGMA {pragma}")
            self._db.executescript(_FORM)
            with self._writing():
                self._db.execute("INSERT OR IGNORE INTO about VALUES ('name', ?), ('epoch', '0')", (os.urandom(16).hex(),))
            self.name = self._about("name")
        except sqlite3.DatabaseError as error:
            raise VaultProblem(f"{path} is no vault ({error}): bring back the file that belongs to this bus") from error

    def close_file(self) -> None:
        """Let go of the file."""
        self._db.close()

    def current(self, subjects: Iterable[str]) -> dict[str, DataKey]:
        """The keys under which to seal now, of each subject; those that are new are on disk."""
        with self._lock:
            wanted = dict.fromkeys(subjects)
            self.look(wanted)
            if new := [subject for subject in wanted if subject not in self._present]:
                self._make(new)
            return {subject: self._present[subject] for subject in wanted}

    def look(self, subjects: Iterable[str]) -> None:
        """Read the present keys of these into memory, those that there are, many at once."""
        with self._lock:
            self.epoch()
            missing = [subject for subject in dict.fromkeys(subjects) if subject not in self._present]
            if missing:
                if len(self._present) > _REMEMBERED:
                    self._present.clear()
                self._present |= self._stored(missing)

    def past(self, subject: str, generation: int) -> bytes | None:
        """The key of a generation, or None; raises KeyError when there never was one."""
        with self._lock:
            self.epoch()
            present = self._present.get(subject)
            if present and present.generation == generation:
                return present.key
            place = subject, generation
            if place not in self._kept:
                row = self._db.execute("SELECT wrapper, wrapped FROM keys WHERE subject = ? AND generation = ?", place).fetchone()
                if row is None:
                    raise KeyError(generation)
                self._kept[place] = None if row[1] is None else self._wrapper.unwrap(row[0], row[1], _bound(*place))
                if len(self._kept) > _REMEMBERED:
                    self._kept.popitem(last=False)
            return self._kept[place]

    def close(self, subjects: Iterable[str]) -> dict[str, int]:
        """End the present generations; what other processes seal is under others a quarter of a second later."""
        found = {}
        with self._lock, self._writing():
            for subject in subjects:
                (last,) = self._db.execute("SELECT max(generation) FROM keys WHERE subject = ?", (subject,)).fetchone()
                if last:
                    found[subject] = last
                    self._db.execute("UPDATE keys SET closed = 1 WHERE subject = ?", (subject,))
            self._risen()
        return found

    def destroy(self, generations: Mapping[str, int]) -> int:
        """Overwrite the keys of each subject up to a generation, in the file and its write-ahead log; gives how many there were."""
        with self._lock:
            with self._writing():
                gone = sum(
                    self._db.execute("UPDATE keys SET wrapped = NULL, wrapper = NULL, closed = 1 WHERE subject = ? AND generation <= ? AND wrapped NOT NULL",
                                     (subject, last)).rowcount
                    for subject, last in generations.items()
                )  # fmt: skip
                self._risen()
            self._cut()
        return gone

    def epoch(self) -> int:
        """How often something was closed or destroyed; what is in memory goes when that changes."""
        now = time.monotonic()
        if now - self._looked > _LOOK:
            with self._lock:
                self._looked = now
                self._take(int(self._about("epoch")))
        return self._epoch

    def rotate(self, most: int = _TOGETHER) -> Iterator[int]:
        """Wrap all keys anew under another wrapping key, some at a time, while all goes on; each step gives how many are done.

        One that was stopped goes on where it was: as long as keys are under an older wrapping key, no further one is made.
        """
        with self._lock, self._writing():
            if not self._older():
                self._wrapper.renew()
        done = 0
        while moved := self._moved(most):
            done += moved
            yield done
        with self._lock, self._writing():
            used = set(self._older())
            for number in self._wrapper.known():
                if number not in used and number != self._wrapper.current():
                    self._wrapper.forget(number)
        self._cut()

    def counts(self) -> dict[str, int]:
        """How many keys there are under each wrapping key, and under '' how many were destroyed."""
        with self._lock:
            return {number or "": count for number, count in self._db.execute("SELECT wrapper, count(*) FROM keys GROUP BY wrapper")}

    def _stored(self, subjects: list[str]) -> dict[str, DataKey]:
        """The open keys that are there."""
        found = {}
        for start in range(0, len(subjects), _TOGETHER):
            some = subjects[start : start + _TOGETHER]
            marks = ",".join("?" * len(some))
            rows = self._db.execute(f"SELECT subject, generation, wrapper, wrapped FROM keys WHERE NOT closed AND subject IN ({marks})", some)  # noqa: S608 - only marks
            for subject, generation, number, wrapped in rows.fetchall():
                found[subject] = DataKey(generation, self._wrapper.unwrap(number, wrapped, _bound(subject, generation)))
        return found

    def _make(self, subjects: list[str]) -> None:
        """Make keys for those that no other process made meanwhile."""
        with self._writing():
            made = self._stored(subjects)
            number = self._wrapper.current()
            for subject in subjects:
                if subject not in made:
                    (last,) = self._db.execute("SELECT max(generation) FROM keys WHERE subject = ?", (subject,)).fetchone()
                    generation, key = (last or 0) + 1, os.urandom(32)
                    if generation > GENERATIONS:
                        raise VaultProblem(f"a subject was erased {GENERATIONS} times, and there are no more generations of its key")
                    row = subject, generation, number, self._wrapper.wrap(number, key, _bound(subject, generation))
                    self._db.execute("INSERT INTO keys (subject, generation, wrapper, wrapped) VALUES (?, ?, ?, ?)", row)
                    made[subject] = DataKey(generation, key)
        self._present |= made

    def _older(self) -> list[str]:
        """The wrapping keys, but for the current one, under which there are keys."""
        rows = self._db.execute("SELECT DISTINCT wrapper FROM keys WHERE wrapper NOT NULL AND wrapper != ?", (self._wrapper.current(),))
        return [number for (number,) in rows.fetchall()]

    def _moved(self, most: int) -> int:
        """Wrap some keys anew; gives how many."""
        with self._lock, self._writing():
            now = self._wrapper.current()
            query = "SELECT subject, generation, wrapper, wrapped FROM keys WHERE wrapper NOT NULL AND wrapper != ? LIMIT ?"
            rows = self._db.execute(query, (now, most)).fetchall()
            for subject, generation, number, wrapped in rows:
                bound = _bound(subject, generation)
                again = self._wrapper.wrap(now, self._wrapper.unwrap(number, wrapped, bound), bound)
                self._db.execute("UPDATE keys SET wrapper = ?, wrapped = ? WHERE subject = ? AND generation = ?", (now, again, subject, generation))
        return len(rows)

    @contextmanager
    def _writing(self) -> Iterator[None]:
        """A transaction that no other process writes beside."""
        self._db.execute("BEGIN IMMEDIATE")
        try:
            yield
        except BaseException:
            self._db.execute("ROLLBACK")
            raise
        self._db.execute("COMMIT")

    def _risen(self) -> None:
        """Say in the file, and know here, that something was closed or destroyed."""
        self._db.execute("UPDATE about SET value = value + 1 WHERE what = 'epoch'")
        self._take(int(self._about("epoch")))

    def _take(self, epoch: int) -> None:
        if epoch != self._epoch:
            self._epoch = epoch
            self._kept.clear()
            self._present.clear()

    def _about(self, what: str) -> str:
        (value,) = self._db.execute("SELECT value FROM about WHERE what = ?", (what,)).fetchone()
        return str(value)

    def _cut(self) -> None:
        """Bring the write-ahead log into the file and cut it to nothing: pages with wrapped keys in it are as they were."""
        end = time.monotonic() + _WAIT
        while self._db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]:
            if time.monotonic() > end:
                raise VaultProblem(f"{self._path} is read without end, so that its write-ahead log cannot be cut: stop who reads it, and do it again")
            time.sleep(0.05)


def _exists(path: Path) -> None:
    """Make an empty file that only its owner reads, if there is none.

    One that is there is not opened: whoever closes it gives up all locks that this process has on it (POSIX), also those of SQLite's other connections, and
    another process would then take itself for the last one and remove the write-ahead log under them.
    """
    with suppress(FileExistsError):
        os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600))


def _bound(subject: str, generation: int) -> bytes:
    """What a wrapped key is bound to, so that none can be put in the place of another."""
    return f"{generation}:{subject}".encode()
