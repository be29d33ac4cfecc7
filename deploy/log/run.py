"""The log at work: takes entries, signs what it has, has it signed by witnesses, and publishes it."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Protocol

from deploy.log.checkpoint import Head, read
from deploy.log.cosign import Cosigners
from deploy.log.keys import Private
from deploy.log.note import Note
from deploy.log.store import Store
from deploy.log.tiles import Tiles
from deploy.log.writer import Writer
from schemas.models.log import Checkpoint


class Publishes(Protocol):
    """Where checkpoints go; deploy.log.bus.Written does it."""

    def publish(self, checkpoint: Checkpoint) -> None:
        """Add a checkpoint; returns when it is committed."""


@dataclass
class Log:
    """One log; `pause` is the least time in seconds between checkpoints, and between questions to a witness that gave no signature."""

    writer: Writer
    store: Store
    key: Private
    cosigners: Cosigners
    bus: Publishes
    pause: float = 1.0
    clock: Callable[[], float] = time.monotonic
    _note: Note | None = None
    _missing: list[str] = field(default_factory=list)
    _asked: float = float("-inf")

    def once(self) -> int:
        """Take in what is new, and make a checkpoint when it is time; says how many entries were taken in."""
        found = self.writer.take()
        if self.clock() - self._asked >= self.pause:
            self.checkpoint()
        return found

    def checkpoint(self) -> Note | None:
        """Sign what there is, once; ask the witnesses that have not signed it; publish when something was added. None while the log is empty."""
        head = Head(self.key.name, self.writer.state.edge.size, self.writer.state.edge.root)
        if not head.size:
            return None
        new = self._note is None or self._note.text != head.note.text
        if self._note is None or new:
            self._note = self._before(head) or head.note.signed(self.key.sign(head.note))
            signers = {one.name for one in self._note.signatures[1:]}
            self._missing = [one.name for one in self.cosigners.witnesses if one.url and one.key.name not in signers]
        if new or self._missing:
            self._asked = self.clock()
            given = self.cosigners.ask(self._note, Tiles(self.store.folder, head.size), self._missing)
            self._missing = [name for name in self._missing if name not in given]
            if new or given:
                self._publish(head, self._note.signed(*given.values()))
        return self._note

    def _before(self, head: Head) -> Note | None:
        """The checkpoint of the folder, when it says just this."""
        kept = self.store.checkpoint()
        return read(kept)[1] if kept and read(kept)[0] == head else None

    def _publish(self, head: Head, note: Note) -> None:
        """Publish, and then keep: what is kept is known to be on the bus."""
        self.bus.publish(Checkpoint(origin=head.origin, size=head.size, note=note.whole))
        self.store.keep(note.whole)
        self._note = note
