"""Checkpoints (C2SP tlog-checkpoint): the note in which a log says how many entries it has, and their root."""

from __future__ import annotations

from dataclasses import dataclass

from deploy.log.note import BadNote, Note, decoded, encoded, number, parse


@dataclass(frozen=True, slots=True)
class Head:
    """What a checkpoint states."""

    origin: str
    size: int
    root: bytes

    @property
    def note(self) -> Note:
        """The checkpoint, not signed yet."""
        return Note(f"{self.origin}\n{self.size}\n{encoded(self.root)}\n", ())


def read(whole: str) -> tuple[Head, Note]:
    """A checkpoint and what it states, whoever signed it; raises BadNote. Lines that extend a checkpoint are refused: no witness vouches for them."""
    note = parse(whole)
    lines = note.text[:-1].split("\n")
    if len(lines) != 3 or not lines[0]:
        raise BadNote("a checkpoint is the name of a log, a size and a root, a line each")
    root = decoded(lines[2])
    if len(root) != 32:
        raise BadNote("a root has 32 bytes")
    return Head(lines[0], number(lines[1]), root), note
