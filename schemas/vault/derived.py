"""A vault in memory whose keys follow from a secret: for tests, `lianfang try`, and a bus over several machines (setting `vault`).

Nothing of it is kept, so nothing is shredded by it: `lianfang erase` refuses it.
"""

from __future__ import annotations

import hmac
from collections.abc import Iterable, Mapping

from schemas.vault import GENERATIONS, DataKey, VaultProblem


class Derived:
    """The same keys for the same secret; what is closed or destroyed is forgotten with the process."""

    def __init__(self, secret: bytes) -> None:
        """Take the secret."""
        self._keyed = hmac.new(hmac.digest(secret, b"lianfang derived vault", "sha256"), digestmod="sha256")
        self._closed: dict[str, int] = {}
        self._gone: dict[str, int] = {}
        self._epoch = 0
        self.name = self._key("", 0).hex()[:32]

    def current(self, subjects: Iterable[str]) -> dict[str, DataKey]:
        """The keys under which to seal now; every subject has one."""
        return {subject: self._of(subject, self._closed.get(subject, 0) + 1) for subject in subjects}

    def look(self, subjects: Iterable[str]) -> None:
        """Nothing: all are at hand."""

    def past(self, subject: str, generation: int) -> bytes | None:
        """The key of a generation, or None; raises KeyError when there never was one."""
        if not 0 < generation <= GENERATIONS:
            raise KeyError(generation)
        return None if generation <= self._gone.get(subject, 0) else self._key(subject, generation)

    def close(self, subjects: Iterable[str]) -> dict[str, int]:
        """End the present generations."""
        found = {subject: self._closed.get(subject, 0) + 1 for subject in subjects}
        self._closed |= found
        self._epoch += 1
        return found

    def destroy(self, generations: Mapping[str, int]) -> int:
        """Give the keys of each subject up to a generation no more."""
        before = {subject: self._gone.get(subject, 0) for subject in generations}
        self._gone |= {subject: max(before[subject], last) for subject, last in generations.items()}
        self._closed |= {subject: max(self._closed.get(subject, 0), last) for subject, last in generations.items()}
        self._epoch += 1
        return sum(self._gone[subject] - last for subject, last in before.items())

    def epoch(self) -> int:
        """How often something was closed or destroyed."""
        return self._epoch

    def _of(self, subject: str, generation: int) -> DataKey:
        if generation > GENERATIONS:
            raise VaultProblem(f"a subject was erased {GENERATIONS} times, and there are no more generations of its key")
        return DataKey(generation, self._key(subject, generation))

    def _key(self, subject: str, generation: int) -> bytes:
        keyed = self._keyed.copy()
        keyed.update(f"{generation}:{subject}".encode())
        return keyed.digest()
