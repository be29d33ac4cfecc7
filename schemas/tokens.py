"""Keyed tokens instead of identifiers, and sealed identifiers that only a keyholder opens.

Tokens are HMAC-SHA-256, never a plain hash: an 18-digit resident ID can be enumerated (GB/T 37964-2019; ENISA,
Pseudonymisation techniques and best practices, 2019). Seals are AES-SIV (RFC 5297), which needs no nonce, so that
the same record gives the same bytes and a replay changes nothing.
"""

from __future__ import annotations

import hmac
import json
from functools import lru_cache
from typing import Any

from cryptography.hazmat.primitives.ciphers.aead import AESSIV

_PLAIN = json.JSONEncoder(ensure_ascii=False, sort_keys=True, check_circular=False)

_BOXES = 2**12
"""Boxes of aliases that are kept: whoever is opened is often sealed again at once."""


class Keys:
    """Everything that follows from the secret."""

    def __init__(self, secret: bytes) -> None:
        """Take the secret; raises ValueError when it is shorter than 32 bytes."""
        if len(secret) < 32:
            raise ValueError("the secret must hold at least 32 bytes")
        self._keyed = hmac.new(secret, digestmod="sha256")
        self._box = lru_cache(_BOXES)(self._made)
        """The state after the secret and before any text; each digest goes on from a copy of it."""

    def token(self, domain: str, *parts: str) -> str:
        """A token of 32 hexadecimal digits (128 bits); equal parts in another domain give another token.

        Each part stands behind its length, so that no two lists of parts are the same text whatever marks they hold.
        """
        text = f"{len(domain)}:{domain}"
        for part in parts:
            text += f"{len(part)}:{part}"
        return self._digest(text.encode()).hex()[:32]

    def seal(self, alias: str, identifiers: dict[str, str]) -> bytes:
        """Encrypt direct identifiers (such as name, phone, document) for an alias; nothing gives empty bytes."""
        return self.encrypt(alias, identifiers) if identifiers else b""

    def open(self, alias: str, sealed: bytes) -> dict[str, str]:
        """Decrypt what `seal` made; raises cryptography's InvalidTag when alias or key are others."""
        plain: dict[str, str] = self.decrypt(alias, sealed) if sealed else {}
        return plain

    def encrypt(self, alias: str, value: Any) -> bytes:
        """Encrypt a value that JSON can hold for an alias; equal values give equal bytes."""
        return self._box(alias).encrypt(_PLAIN.encode(value).encode(), [alias.encode()])

    def decrypt(self, alias: str, sealed: bytes) -> Any:
        """Decrypt what `encrypt` made; raises cryptography's InvalidTag when alias or key are others."""
        return json.loads(self._box(alias).decrypt(sealed, [alias.encode()]).decode())

    def _made(self, alias: str) -> AESSIV:
        return AESSIV(self._digest(b"seal\x1f" + alias.encode()))

    def _digest(self, text: bytes) -> bytes:
        """HMAC-SHA-256 of a text under the secret."""
        keyed = self._keyed.copy()
        keyed.update(text)
        return keyed.digest()
