"""Asking witnesses to sign a checkpoint, over HTTP."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

import httpx

from deploy.log.checkpoint import read
from deploy.log.note import BadNote, Note, Signature, encoded, number, signature
from deploy.log.policy import Witness
from deploy.log.tiles import Tiles
from deploy.log.witness import request

_PATIENCE = 5.0
_ATTEMPTS = 3


@dataclass
class Cosigners:
    """The witnesses of a log with an address; remembers what each saw last. `tell` gets a line when one refuses or is away."""

    witnesses: Iterable[Witness]
    tell: Callable[[str], None]
    _saw: dict[str, int] = field(default_factory=dict)

    def names(self) -> list[str]:
        """Names of those that can be asked."""
        return [one.name for one in self.witnesses if one.url]

    def ask(self, note: Note, tiles: Tiles, names: Iterable[str]) -> Mapping[str, Signature]:
        """The signatures of those of the named that gave one."""
        wanted = [one for one in self.witnesses if one.url and one.name in set(names)]
        if not wanted:
            return {}
        with httpx.Client(timeout=_PATIENCE) as client, ThreadPoolExecutor(len(wanted)) as pool:
            given = pool.map(lambda one: self._one(client, one, note, tiles), wanted)
            return {one.name: found for one, found in zip(wanted, given, strict=True) if found}

    def _one(self, client: httpx.Client, witness: Witness, note: Note, tiles: Tiles) -> Signature | None:
        try:
            return self._asked(client, witness, note, tiles)
        except (httpx.HTTPError, httpx.InvalidURL, BadNote) as error:
            self.tell(f"witness {witness.name}: {type(error).__name__} at {witness.url}; it is asked again")
            return None

    def _asked(self, client: httpx.Client, witness: Witness, note: Note, tiles: Tiles) -> Signature | None:
        size = read(note.whole)[0].size
        for _ in range(_ATTEMPTS):
            old = self._saw.get(witness.name, 0)
            if old > size:
                self.tell(f"witness {witness.name} has seen {old} entries and not {size}: this log went back or was forked: nothing of it is trusted now")
                return None
            path = [encoded(one) for one in tiles.consistency(old, size)]
            answer = client.post(f"{str(witness.url).rstrip('/')}/add-checkpoint", content=request(old, path, note.whole).encode())
            if answer.status_code == 200:
                self._saw[witness.name] = size
                return self._own(witness, note, answer.text)
            if answer.status_code != 409:
                self.tell(f"witness {witness.name} refuses ({answer.status_code}): {answer.text.strip()}")
                return None
            self._saw[witness.name] = number(answer.text.strip())
        return None

    def _own(self, witness: Witness, note: Note, text: str) -> Signature | None:
        """The line of the witness itself among those that it answered; raises BadNote when it does not hold."""
        for line in text.splitlines():
            found = signature(line)
            if witness.key.made(found):
                witness.key.verify(note.text, found)
                return found
        self.tell(f"witness {witness.name} answered without a signature of the key that the policy names")
        return None
