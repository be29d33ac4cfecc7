"""Keys of logs and witnesses: Ed25519 in the two kinds of C2SP (signed-note 0x01 for a log, tlog-cosignature 0x04 for a witness), in files of their own.

A public key is the text `name+id+base64`, which may be shown to everybody. A private one is `PRIVATE+KEY+name+id+base64`, in a file that only its owner reads.
"""

from __future__ import annotations

import os
import stat
from dataclasses import dataclass
from enum import IntEnum
from hashlib import sha256
from pathlib import Path
from typing import Self

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from deploy.log.note import BadNote, Note, Signature, decoded, encoded, named

_PRIVATE = "PRIVATE+KEY+"


class BadKey(Exception):
    """A key cannot be used; the message says why, and never holds it."""


class Kind(IntEnum):
    """What a key signs."""

    LOG = 0x01
    WITNESS = 0x04


def holds(key: bytes, message: bytes, data: bytes) -> bool:
    """Whether some bytes are the Ed25519 signature (RFC 8032) of a message under a public key."""
    try:
        Ed25519PublicKey.from_public_bytes(key).verify(data, message)
    except (InvalidSignature, ValueError):
        return False
    return True


def _number(name: str, kind: Kind, public: bytes) -> bytes:
    return sha256(name.encode() + b"\n" + bytes([kind]) + public).digest()[:4]


@dataclass(frozen=True, slots=True)
class Public:
    """A key that verifies."""

    name: str
    kind: Kind
    key: bytes

    @property
    def number(self) -> bytes:
        """The four bytes that stand before its signatures."""
        return _number(self.name, self.kind, self.key)

    def __str__(self) -> str:
        return f"{self.name}+{self.number.hex()}+{encoded(bytes([self.kind]) + self.key)}"

    @classmethod
    def parse(cls, text: str) -> Self:
        """The key that a text is; raises BadKey."""
        name, number, kind, key = _parts(text.strip())
        found = cls(name, kind, key)
        if str(found) != text.strip() or found.number != number:
            raise BadKey("a public key does not fit its own id: copy it whole, as `lianfang log key` or `lianfang witness key` prints it")
        return found

    def made(self, one: Signature) -> bool:
        """Whether a signature says that it is by this key."""
        return (one.name, one.number) == (self.name, self.number)

    def verify(self, text: str, one: Signature) -> int | None:
        """Return when the signature holds, with a witness's time (seconds since 1970); raises BadNote when it does not."""
        stamp, data = (one.data[:8], one.data[8:]) if self.kind is Kind.WITNESS else (b"", one.data)
        time = int.from_bytes(stamp, "big") if self.kind is Kind.WITNESS else None
        if (time is not None and not 0 < time < 2**63) or not holds(self.key, _message(text, time), data):
            raise BadNote(f"the signature of {self.name} does not hold")
        return time


@dataclass(frozen=True, slots=True)
class Private:
    """A key that signs."""

    name: str
    kind: Kind
    seed: bytes

    def __repr__(self) -> str:
        return f"Private({self.name}, …)"

    @property
    def public(self) -> Public:
        """Its public half."""
        return Public(self.name, self.kind, Ed25519PrivateKey.from_private_bytes(self.seed).public_key().public_bytes_raw())

    @classmethod
    def new(cls, name: str, kind: Kind) -> Self:
        """A new one, drawn by the operating system; raises BadNote when the name may not be one."""
        return cls(named(name), kind, Ed25519PrivateKey.generate().private_bytes_raw())

    @classmethod
    def load(cls, path: Path, kind: Kind) -> Self:
        """The key in a file; raises BadKey, also when others than its owner may read the file, or when it is of the other kind."""
        if not path.exists():
            raise BadKey(f"there is no key at {path}: `lianfang {'log' if kind is Kind.LOG else 'witness'} key` makes one")
        if stat.S_IMODE(path.stat().st_mode) & 0o077:
            raise BadKey(f"others may read {path}: `chmod 600` it, and think about a new key")
        text = path.read_text("ascii", "replace").strip()
        try:
            name, number, found, seed = _parts(text.removeprefix(_PRIVATE))
        except BadKey as error:
            raise BadKey(f"{path} holds no private key of this program") from error
        key = cls(name, found, seed)
        if not text.startswith(_PRIVATE) or key.public.number != number:
            raise BadKey(f"{path} holds no private key of this program, or a damaged one")
        if found is not kind:
            raise BadKey(f"{path} is the key of a {found.name.lower()}, and that of a {kind.name.lower()} is needed: one key does one thing")
        return key

    def save(self, path: Path) -> None:
        """Write it to a new file that only its owner reads; raises BadKey when there is one."""
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except FileExistsError as error:
            raise BadKey(f"{path} is there already, and a key is never overwritten") from error
        with os.fdopen(handle, "w") as file:
            file.write(f"{_PRIVATE}{self.name}+{self.public.number.hex()}+{encoded(bytes([self.kind]) + self.seed)}\n")

    def sign(self, note: Note, time: int | None = None) -> Signature:
        """The signature under a note; that of a witness says when, in seconds since 1970."""
        if (time is None) is (self.kind is Kind.WITNESS):
            raise TypeError("a witness says when it signs, and a log does not")
        stamp = b"" if time is None else time.to_bytes(8, "big")
        return Signature(self.name, self.public.number, stamp + Ed25519PrivateKey.from_private_bytes(self.seed).sign(_message(note.text, time)))


def _message(text: str, time: int | None) -> bytes:
    """What is signed: the text itself, and by a witness a header and the time before it."""
    return (text if time is None else f"cosignature/v1\ntime {time}\n{text}").encode()


def _parts(text: str) -> tuple[str, bytes, Kind, bytes]:
    parts = text.split("+", 2)
    try:
        name, number, data = named(parts[0]), bytes.fromhex(parts[1]), decoded(parts[2])
        return name, number, Kind(data[0]), _whole(data[1:])
    except (BadNote, ValueError, IndexError) as error:
        raise BadKey("not a key: it is a name, an id and base64 with plus signs between, and of kind Ed25519") from error


def _whole(key: bytes) -> bytes:
    if len(key) != 32:
        raise ValueError("an Ed25519 key has 32 bytes")
    return key
