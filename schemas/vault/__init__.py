"""Data keys of persons: random, each wrapped by a key that a provider holds, and destroyed when a person is erased.

A *subject* is whose key it is: an alias, or a source and a day. A subject has one key at a time, of a *generation* that whatever is sealed under it names (1 to
255). Erasure closes the generation, so that what is collected later is sealed under the next one, and then destroys it: nobody opens what
was sealed under it, on whatever disk it still is (crypto-shredding; NIST SP 800-88 rev. 1, "cryptographic erase").

Keys wrap keys: a *wrapping key* (key-encryption key) is held by a `Wrapper`, which a key management service can be as well as a file, and may be changed while
all runs.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import NamedTuple, Protocol

GENERATIONS = 255
"""Most generations of one subject: a seal names its own in one byte."""


class VaultProblem(Exception):
    """The vault cannot be used; the message says what to do, and holds no key and no subject."""


class DataKey(NamedTuple):
    """The key of a subject in a generation."""

    generation: int
    key: bytes

    def __repr__(self) -> str:
        return f"DataKey(generation={self.generation})"


class Wrapper(Protocol):
    """Holds the wrapping keys and never gives them away."""

    def current(self) -> str:
        """The id of the wrapping key under which keys are wrapped now."""

    def wrap(self, number: str, key: bytes, bound: bytes) -> bytes:
        """A data key, wrapped under the wrapping key of an id for one subject and generation. Raises VaultProblem when there is none of that id."""

    def unwrap(self, number: str, wrapped: bytes, bound: bytes) -> bytes:
        """The data key that was wrapped so. Raises VaultProblem when there is no wrapping key of that id, or it is bound to something else."""

    def known(self) -> list[str]:
        """The ids of all wrapping keys that there are."""

    def renew(self) -> str:
        """Make another wrapping key the current one, and give its id; the others still unwrap."""

    def forget(self, number: str) -> None:
        """Destroy a wrapping key that nothing is wrapped under any more."""


class Vault(Protocol):
    """Keeps the data keys."""

    @property
    def name(self) -> str:
        """What tells this vault from any other."""

    def current(self, subjects: Iterable[str]) -> dict[str, DataKey]:
        """The keys under which to seal now, of each subject. Those that had none get one, and all new ones are on disk when this returns."""

    def look(self, subjects: Iterable[str]) -> None:
        """Have the keys of these at hand, where each alone would be a question to the disk."""

    def past(self, subject: str, generation: int) -> bytes | None:
        """The key of a generation; None when it was destroyed. Raises KeyError when there never was one."""

    def close(self, subjects: Iterable[str]) -> dict[str, int]:
        """End the present generations: what is sealed from now on is sealed under others. Gives the last of each subject that ever had a key."""

    def destroy(self, generations: Mapping[str, int]) -> int:
        """Destroy the keys of each subject up to a generation, for good; gives how many there were."""

    def epoch(self) -> int:
        """A number that rises when generations were closed or keys destroyed, by whichever process; at most a quarter of a second old."""
