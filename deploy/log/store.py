"""The folder of a log: the tree, how far each topic is read, and which entries are about what. Only ever a cache: all of it can be made anew from the bus."""

from __future__ import annotations

import json
import shutil
import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from deploy.log.edge import Edge
from deploy.log.entry import about
from deploy.log.note import encoded
from deploy.log.tiles import BadTree, Tiles, write

Positions = dict[tuple[str, int], int]
"""Offset of the first message that is not in the log yet, by topic and partition."""
_POSITION, _INDEX, _CHECKPOINT = "position", "index.sqlite", "checkpoint"


@dataclass(frozen=True)
class State:
    """A log at some time."""

    edge: Edge
    positions: Positions


class Store:
    """What a log keeps on this machine."""

    def __init__(self, folder: Path) -> None:
        """Take the folder; it is made when something is written."""
        self.folder = folder

    def load(self) -> State:
        """What was saved last; an empty log when nothing was. Raises BadTree when the files do not give the root that was saved with them."""
        path = self.folder / _POSITION
        if not path.exists():
            return State(Edge(), {})
        saved = json.loads(path.read_text("ascii"))
        edge = Tiles(self.folder, saved["size"]).edge()
        if encoded(edge.root) != saved["root"]:
            raise BadTree(f"{self.folder}: the tiles do not give the root that was saved with them")
        return State(edge, {(topic, partition): after for topic, partition, after in saved["positions"]})

    def save(self, before: State, after: State, entries: Sequence[bytes], files: Mapping[str, bytes]) -> None:
        """Keep what was added. The position comes last: what a crash leaves without one is written again."""
        write(self.folder, dict(files))
        self._find(before.edge.size, entries)
        positions = [[topic, partition, offset] for (topic, partition), offset in sorted(after.positions.items())]
        saved = {"size": after.edge.size, "root": encoded(after.edge.root), "positions": positions}
        write(self.folder, {_POSITION: json.dumps(saved).encode()})
        self._drop_partial(files)

    def about(self, what: str) -> list[int]:
        """Numbers of the entries about something, in order."""
        if not (self.folder / _INDEX).exists():
            return []
        with closing(sqlite3.connect(self.folder / _INDEX)) as index:
            return [number for (number,) in index.execute("SELECT entry FROM about WHERE what = ? ORDER BY entry", (what,))]

    def keep(self, checkpoint: str) -> None:
        """Keep the newest checkpoint, where C2SP tlog-tiles has it."""
        write(self.folder, {_CHECKPOINT: checkpoint.encode()})

    def checkpoint(self) -> str | None:
        """The newest checkpoint, if there is one."""
        path = self.folder / _CHECKPOINT
        return path.read_text("utf-8") if path.exists() else None

    def forget(self) -> None:
        """Remove everything; for a folder that is no longer of the log on the bus."""
        for name in ("tile", _POSITION, _INDEX, _CHECKPOINT):
            path = self.folder / name
            if path.is_dir():
                shutil.rmtree(path)
            else:
                path.unlink(missing_ok=True)

    def _find(self, first: int, entries: Sequence[bytes]) -> None:
        rows = [(what, first + i) for i, entry in enumerate(entries) if (what := about(entry)) is not None]
        with closing(sqlite3.connect(self.folder / _INDEX)) as index, index:
            index.execute("CREATE TABLE IF NOT EXISTS about (what TEXT, entry INTEGER, PRIMARY KEY (what, entry)) WITHOUT ROWID")
            index.executemany("INSERT OR IGNORE INTO about VALUES (?, ?)", rows)

    def _drop_partial(self, files: Iterable[str]) -> None:
        """Remove the partial files of tiles that are full now; those of a tile at the edge stay, since a checkpoint may need them."""
        for name in files:
            if ".p/" not in name:
                shutil.rmtree(self.folder / f"{name}.p", ignore_errors=True)
