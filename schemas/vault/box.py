"""Sealing under one key: AES-256-GCM (NIST SP 800-38D) with a nonce that follows from what is sealed.

Equal values give equal bytes, as a replay needs, and other values another nonce: it is the first 96 bits of a keyed BLAKE2b of all that is sealed and bound.
Two values under one key share a nonce with a chance of n² / 2⁹⁷ for n values: with the million messages of a long life, 2⁻⁵⁷. Whoever reads learns of two
seals of one person that they say the same, and nothing else. Cipher and nonce have keys of their own, which follow from the data key.
"""

from __future__ import annotations

import hmac
from hashlib import blake2b

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

_NONCE, _TAG = 12, 16
OVERHEAD = _NONCE + _TAG
"""Bytes by which a seal is longer than what is in it."""


class Box:
    """Seals and opens under one data key of 32 bytes."""

    __slots__ = ("_cipher", "_key", "_nonces")

    def __init__(self, key: bytes) -> None:
        """Take the data key; raises ValueError for one of another length."""
        if len(key) != 32:
            raise ValueError("a data key has 32 bytes")
        self._key = key
        self._cipher = AESGCM(_following(key, b"lianfang cipher"))
        self._nonces: blake2b | None = None  # made when something is sealed: most are only opened

    def seal(self, plain: bytes, bound: bytes) -> bytes:
        """Nonce, ciphertext and tag; `bound` must be said again when it is opened."""
        if self._nonces is None:
            self._nonces = blake2b(key=_following(self._key, b"lianfang nonce"), digest_size=_NONCE)
        nonces = self._nonces.copy()
        nonces.update(len(bound).to_bytes(8, "big") + bound + plain)
        nonce = nonces.digest()
        return nonce + self._cipher.encrypt(nonce, plain, bound)

    def open(self, sealed: bytes, bound: bytes) -> bytes:
        """What `seal` sealed; raises cryptography's InvalidTag for anything else."""
        if len(sealed) < OVERHEAD:
            raise InvalidTag
        return self._cipher.decrypt(sealed[:_NONCE], sealed[_NONCE:], bound)


def _following(key: bytes, what: bytes) -> bytes:
    """HMAC-SHA-256; not by `hmac.digest`, which lets go of the interpreter, for a thread beside busy ones waits long until it has it again."""
    return hmac.new(key, what, "sha256").digest()
