"""Bundles: what somebody takes away to prove later that entries are in the log, and that the log only grew. One JSON file; making it needs the log's folder.

Each proof is a C2SP tlog-proof, so that other programs verify it too.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from deploy.log.checkpoint import read
from deploy.log.note import Note, encoded
from deploy.log.tiles import Tiles

FORMAT = "lianfang.org/log-bundle@v1"
PROOF = "c2sp.org/tlog-proof@v1"


def bundle(tiles: Tiles, numbers: Sequence[int], checkpoint: str, earlier: Sequence[str] = ()) -> dict[str, Any]:
    """The proofs for entries with these numbers, and for the growth since earlier checkpoints. Raises ValueError when the checkpoint has not all of them."""
    head, _ = read(checkpoint)
    return {
        "format": FORMAT,
        "entries": [{"entry": tiles.entry(one).decode(), "proof": proof(tiles, one, checkpoint, head.size)} for one in numbers],
        "earlier": [_growth(tiles, one, head.size) for one in earlier],
        "checkpoint": checkpoint,
    }


def proof(tiles: Tiles, number: int, checkpoint: str, size: int) -> str:
    """A tlog-proof that the entry is in the tree of a checkpoint with this size."""
    path = "".join(f"{encoded(one)}\n" for one in tiles.inclusion(number, size))
    return f"{PROOF}\nindex {number}\n{path}\n{checkpoint}"


def written(content: Any) -> bytes:
    """A bundle as its file has it, in its one form."""
    return (json.dumps(content, ensure_ascii=False, indent=1, sort_keys=True) + "\n").encode()


def _growth(tiles: Tiles, earlier: str, size: int) -> dict[str, Any]:
    """An earlier checkpoint, with the signature of the log alone, and the proof of growth from it."""
    head, note = read(earlier)
    return {"checkpoint": Note(note.text, note.signatures[:1]).whole, "path": [encoded(one) for one in tiles.consistency(head.size, size)]}
