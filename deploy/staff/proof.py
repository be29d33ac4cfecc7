"""Keys of people: Ed25519, in a PEM file that a passphrase opens. Whoever acts under a code proves that the key of that code is in their hands."""

from __future__ import annotations

import base64
import os
from collections.abc import Callable
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, Encoding, NoEncryption, PrivateFormat, load_pem_private_key

from deploy.local.certificates import secret
from deploy.staff.register import Member, NotAllowed

Ask = Callable[[], str]


def make(path: Path, passphrase: str) -> str:
    """Make a key in a new file that only its owner reads; its public part, for the register. Raises FileExistsError."""
    if path.exists():
        raise FileExistsError(f"{path} is there already")
    made = Ed25519PrivateKey.generate()
    how = BestAvailableEncryption(passphrase.encode()) if passphrase else NoEncryption()
    secret(path, made.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, how))
    return base64.b64encode(made.public_key().public_bytes_raw()).decode()


def prove(code: str, member: Member, path: Path | None, ask: Ask) -> None:
    """Return when the key in a file is the member's, by a signature that their public key verifies; `ask` gives the passphrase. Raises NotAllowed."""
    if path is None:
        raise NotAllowed(f"who acts as {code} shows the key of {code}: LIANFANG_STAFF_KEY names its file")
    challenge = os.urandom(32)
    try:
        Ed25519PublicKey.from_public_bytes(base64.b64decode(member.key)).verify(key(path, ask).sign(challenge), challenge)
    except InvalidSignature as error:
        raise NotAllowed(f"the key in {path} is not that of {code} in the register") from error


def signature(path: Path, ask: Ask, said: bytes) -> str:
    """The signature of some bytes by the key in a file, in base64; raises NotAllowed when the file holds none that opens."""
    return base64.b64encode(key(path, ask).sign(said)).decode()


def verified(member: Member, said: bytes, signature: str) -> bool:
    """Whether a member signed these bytes."""
    try:
        Ed25519PublicKey.from_public_bytes(base64.b64decode(member.key)).verify(base64.b64decode(signature, validate=True), said)
    except (InvalidSignature, ValueError):
        return False
    return True


def key(path: Path, ask: Ask) -> Ed25519PrivateKey:
    """The key in a file; `ask` gives the passphrase, where there is one. Raises NotAllowed when it holds none that opens."""
    content = path.read_bytes()
    try:
        passphrase = ask().encode() if b"ENCRYPTED" in content else None
        found = load_pem_private_key(content, passphrase)
    except ValueError as error:
        raise NotAllowed(f"{path} is not opened by that passphrase, or holds no key") from error
    if not isinstance(found, Ed25519PrivateKey):
        raise NotAllowed(f"{path} holds no Ed25519 key: `lianfang staff key` makes one")
    return found
