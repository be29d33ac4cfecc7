"""A witness (C2SP tlog-witness): signs a checkpoint only when it is proved to have grown from the last one that it signed.

When a log shows something else, the witness refuses and keeps both checkpoints as evidence. It knows no network; `deploy.log.witness_http` is its door.
"""

from __future__ import annotations

import json
import threading
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

from deploy.log.checkpoint import Head, read
from deploy.log.keys import Private, Public
from deploy.log.merkle import EMPTY
from deploy.log.note import BadNote, Note, hashes, number, parse
from deploy.log.proofs import Unproved, grown
from deploy.log.tiles import write

SIZE = "text/x.tlog.size"


class Refusal(Exception):
    """A checkpoint is not signed; carries the HTTP status and what is answered."""

    def __init__(self, status: int, says: str, kind: str = "text/plain") -> None:
        """Take status, text and content type."""
        super().__init__(says)
        self.status, self.says, self.kind = status, says, kind


@dataclass(frozen=True, slots=True)
class Asked:
    """A request: the size that the log believes the witness saw last, the proof of growth since, and the checkpoint."""

    old: int
    path: list[bytes]
    head: Head
    note: Note


def asked(body: str) -> Asked:
    """The request that a text is; raises Refusal with 400."""
    try:
        before, gap, rest = body.partition("\n\n")
        first, *lines = before.split("\n")
        if not gap or not first.startswith("old "):
            raise BadNote("send `old` and a size, the proof, an empty line, and the checkpoint")
        head, note = read(rest)
        found = Asked(number(first.removeprefix("old ")), hashes(lines), head, note)
    except BadNote as error:
        raise Refusal(400, f"{error}\n") from error
    if found.old > found.head.size:
        raise Refusal(400, "the old size is above that of the checkpoint\n")
    return found


def request(old: int, path: list[str], checkpoint: str) -> str:
    """The text of a request."""
    return "".join(f"{line}\n" for line in [f"old {old}", *path, ""]) + checkpoint


class Witness:
    """Signs for the logs that it knows; several threads may ask."""

    def __init__(self, key: Private, logs: dict[str, Public], folder: Path) -> None:
        """Take its key, the public keys of logs by origin, and the folder of what it saw."""
        self._key, self._logs, self._folder = key, logs, folder
        self._one = threading.Lock()

    def add(self, body: str, now: int) -> str:
        """The witness's line for a checkpoint; `now` in seconds since 1970. Raises Refusal."""
        one = asked(body)
        key = self._logs.get(one.head.origin)
        if key is None:
            raise Refusal(404, "this witness does not know the log\n")
        _signed(key, one.note)
        with self._one:
            self._follows(one, key, now)
            line = self._key.sign(one.note, now)
            self._keep(one.head.origin, Note(one.note.text, (next(s for s in one.note.signatures if key.made(s)), line)))
        return line.line

    def checkpoint(self, origin_hash: str) -> str | None:
        """The last checkpoint of a log, found by the SHA-256 of its origin in hexadecimal, as it was signed."""
        path = self._folder / origin_hash / "checkpoint"
        return path.read_text("utf-8") if origin_hash in map(_hash, self._logs) and path.exists() else None

    def forks(self) -> list[dict[str, Any]]:
        """The evidence against logs."""
        return evidence(self._folder)

    def _follows(self, one: Asked, key: Public, now: int) -> None:
        """Raise Refusal unless the checkpoint is proved to follow from the last."""
        last = self.checkpoint(_hash(one.head.origin))
        before = read(last)[0] if last else Head(one.head.origin, 0, EMPTY)
        forked = self._fork("two roots for one size", last, one, key, now) if last and one.head.size == before.size and one.head.root != before.root else None
        if one.old != before.size:
            raise Refusal(409, f"{before.size}\n", SIZE)
        if forked:
            raise forked
        try:
            grown(one.old, one.head.size, one.path, before.root, one.head.root)
        except Unproved as error:
            if not last:
                raise Refusal(422, f"{error}\n") from error
            raise self._fork("no proof that the later grew from the earlier", last, one, key, now) from error

    def _fork(self, what: str, last: str, one: Asked, key: Public, now: int) -> Refusal:
        """Keep the evidence, and give what is answered: both checkpoints, each with the log's signature."""
        seen, shown = (Note(note.text, tuple(by for by in note.signatures if key.made(by))).whole for note in (parse(last), one.note))
        evidence: dict[str, Any] = {"problem": what, "at": now, "seen": seen, "shown": shown}
        name = sha256(shown.encode()).hexdigest()[:16]
        write(self._folder / _hash(one.head.origin) / "forks", {f"{name}.json": json.dumps(evidence, ensure_ascii=False, indent=1).encode()})
        return Refusal(422, f"{what}\n\nseen before:\n{seen}\nshown now:\n{shown}")

    def _keep(self, origin: str, note: Note) -> None:
        write(self._folder / _hash(origin), {"checkpoint": note.whole.encode()})


def evidence(folder: Path) -> list[dict[str, Any]]:
    """Pairs of checkpoints that a witness kept in a folder: both are signed and cannot both be true, or it was not proved that they can."""
    return [json.loads(path.read_text("utf-8")) for path in sorted(folder.glob("*/forks/*.json"))]


def _signed(key: Public, note: Note) -> None:
    """Raise Refusal unless the log signed, and every signature under its name holds."""
    mine = [one for one in note.signatures if key.made(one)]
    try:
        for one in mine:
            key.verify(note.text, one)
    except BadNote as error:
        raise Refusal(403, f"{error}\n") from error
    if not mine:
        raise Refusal(403, "the log did not sign it\n")


def _hash(origin: str) -> str:
    return sha256(origin.encode()).hexdigest()
