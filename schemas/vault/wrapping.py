"""Wrapping keys in a file that only its owner reads: the provider for one machine, and the example of one for a key management service.

Each line is the id of a key and the key in base64; the last one is current. The file is written anew, synced and renamed, so a crash leaves the old or the new.
"""

from __future__ import annotations

import os
import stat
from base64 import b64decode, b64encode
from pathlib import Path
from threading import Lock

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from schemas.vault import VaultProblem

_NONCE = 12


class FileWrapper:
    """Wraps with AES-256-GCM under random nonces; a wrapping key is for fewer than 2³² wraps (NIST SP 800-38D, 8.3)."""

    def __init__(self, path: Path) -> None:
        """Take the file. One that is not there is made, with one key; raises VaultProblem when others may read it, or it holds no keys."""
        self._path, self._lock = path, Lock()
        self._keys: dict[str, AESGCM] = {}
        try:
            self._made()
        except FileExistsError:
            self._read()

    def current(self) -> str:
        """The id of the last key in the file as it is now."""
        return self._read()

    def wrap(self, number: str, key: bytes, bound: bytes) -> bytes:
        """Nonce, ciphertext and tag of a data key."""
        nonce = os.urandom(_NONCE)
        return nonce + self._of(number).encrypt(nonce, key, bound)

    def unwrap(self, number: str, wrapped: bytes, bound: bytes) -> bytes:
        """The data key that `wrap` wrapped; raises VaultProblem for anything else."""
        try:
            return self._of(number).decrypt(wrapped[:_NONCE], wrapped[_NONCE:], bound)
        except (InvalidTag, ValueError):
            raise VaultProblem(f"a data key is not the one that was wrapped under {number}: was the vault changed by hand, or {self._path}?") from None

    def known(self) -> list[str]:
        """The ids in the file."""
        self._read()
        return list(self._keys)

    def renew(self) -> str:
        """A new key at the end of the file; gives its id."""
        number = os.urandom(8).hex()
        with self._lock:
            self._write([*self._lines(), _line(number)])
        return self._read()

    def forget(self, number: str) -> None:
        """Write the file without a key."""
        with self._lock:
            self._write([line for line in self._lines() if line.split(" ")[0] != number])
        self._keys.pop(number, None)

    def _of(self, number: str) -> AESGCM:
        if number not in self._keys:
            self._read()
        if number not in self._keys:
            raise VaultProblem(f"{self._path} does not hold the wrapping key {number}: bring back the file that belongs to this vault")
        return self._keys[number]

    def _read(self) -> str:
        """Take the keys of the file; gives the id of the last."""
        try:
            lines = self._lines()
            self._keys = {number: AESGCM(b64decode(key, validate=True)) for number, key in (line.split(" ") for line in lines)}
            return lines[-1].split(" ")[0]
        except (ValueError, IndexError):
            raise VaultProblem(f"{self._path} holds no wrapping keys: bring back the file that belongs to this vault") from None

    def _lines(self) -> list[str]:
        if stat.S_IMODE(self._path.stat().st_mode) & 0o077:
            raise VaultProblem(f"others may read {self._path}: chmod 600 it, and if others could have read it, `lianfang vault rotate`")
        return self._path.read_text("ascii").splitlines()

    def _made(self) -> None:
        """The file with its first key, linked into place whole: of two that make it at once, one wins."""
        part = self._part([_line(os.urandom(8).hex())])
        try:
            os.link(part, self._path)
        finally:
            part.unlink()

    def _write(self, lines: list[str]) -> None:
        self._part(lines).replace(self._path)
        folder = os.open(self._path.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)

    def _part(self, lines: list[str]) -> Path:
        self._path.parent.mkdir(parents=True, exist_ok=True)
        part = self._path.with_name(f".{self._path.name}.{os.urandom(4).hex()}")
        descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w", encoding="ascii") as file:
            file.write("".join(f"{line}\n" for line in lines))
            file.flush()
            os.fsync(file.fileno())
        return part


def _line(number: str) -> str:
    return f"{number} {b64encode(os.urandom(32)).decode()}"
