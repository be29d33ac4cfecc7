"""Keyed tokens instead of identifiers, and sealed identifiers that only a keyholder opens.

Tokens are HMAC-SHA-256, never a plain hash: an 18-digit resident ID can be enumerated (GB/T 37964-2019; ENISA,
Pseudonymisation techniques and best practices, 2019). So are digests of what sources send. Seals are AES-256-GCM under a
key of the person from the vault (`schemas.vault`), deterministic, so that the same record gives the same bytes and a replay
changes nothing; what is sealed under a destroyed key opens as nothing.

A secret is renewed by another after it (deploy/decisions/021-secret-of-tokens.md): a token is then that of the token under the secrets before. So whoever holds
the last secret can rename every token that is stored, without any identifier. Digests have a key of their own, which is not renewed.
"""

from __future__ import annotations

import hmac
import json
from collections import OrderedDict
from collections.abc import Sequence
from hashlib import blake2b
from typing import Any

from cryptography.exceptions import InvalidTag
from pydantic_core import from_json

from schemas.vault import Vault
from schemas.vault.box import Box
from schemas.vault.derived import Derived

_PLAIN = json.JSONEncoder(ensure_ascii=False, sort_keys=True, check_circular=False)

_BOXES = 2**12
"""Boxes of aliases that are kept: whoever is opened is often sealed again at once."""


_LEAST = 32


class Keys:
    """Everything that follows from the secrets, and the vault with the keys of persons."""

    def __init__(self, secret: bytes | Sequence[bytes], vault: Vault | None = None, digests: bytes = b"") -> None:
        """Take the secret, or the first and those that renewed it in order; the vault (none: one in memory that follows from the last); the key of digests.

        Without a key of digests it follows from the first secret. Raises ValueError for a secret or key shorter than 32 bytes.
        """
        secrets = (secret,) if isinstance(secret, bytes) else tuple(secret)
        if not secrets or min(map(len, secrets)) < _LEAST:
            raise ValueError("the secret must hold at least 32 bytes")
        if digests and len(digests) < _LEAST:
            raise ValueError("the key of digests must hold at least 32 bytes")
        self.vault: Vault = Derived(secrets[-1]) if vault is None else vault
        self._secrets, self._digests = secrets, digests
        self._keyed, *self._renewing = (hmac.new(one, digestmod="sha256") for one in secrets)
        """The state after each secret and before any text; each digest goes on from a copy of it."""
        self._content = blake2b(key=hmac.digest(digests or secrets[0], b"content", "sha256"), digest_size=16)
        self._epoch = 0
        self._present: OrderedDict[str, tuple[bytes, Box]] = OrderedDict()
        self._past: OrderedDict[tuple[str, int], Box | None] = OrderedDict()

    def token(self, domain: str, *parts: str) -> str:
        """A token of 32 hexadecimal digits (128 bits); equal parts in another domain give another token.

        Each part stands behind its length, so that no two lists of parts are the same text whatever marks they hold.
        """
        text = f"{len(domain)}:{domain}"
        for part in parts:
            text += f"{len(part)}:{part}"
        found = self._digest(text.encode()).hex()[:32]
        for keyed in self._renewing:
            found = _again(keyed, found)
        return found

    def renewed(self, token: str) -> str:
        """What a token under all secrets but the last one is called under the last one too; raises ValueError where no secret was renewed."""
        if not self._renewing:
            raise ValueError("there is one secret only, and nothing was renewed")
        return _again(self._renewing[-1], token)

    @property
    def first(self) -> Keys:
        """The keys as they were before any secret was renewed, for tokens alone."""
        return Keys(self._secrets[0], digests=self._digests) if self._renewing else self

    def unkept(self) -> Keys:
        """The same tokens with a vault in memory alone: for who only looks what a record would say, and must not make keys of persons."""
        return Keys(self._secrets, digests=self._digests)

    def digest(self, data: bytes) -> str:
        """What names some bytes and tells nobody without the key what they may be, and that no renewal changes: keyed BLAKE2b-128, 32 hexadecimal digits."""
        content = self._content.copy()
        content.update(data)
        return content.hexdigest()

    def seal(self, alias: str, identifiers: dict[str, str], generation: int = 0) -> bytes:
        """Encrypt direct identifiers (such as name, phone, document) for an alias; nothing gives empty bytes."""
        return self.encrypt(alias, identifiers, generation) if identifiers else b""

    def open(self, alias: str, sealed: bytes) -> dict[str, str]:
        """Decrypt what `seal` made, {} when its key was destroyed; raises cryptography's InvalidTag when alias or key are others."""
        plain: dict[str, str] | None = self.decrypt(alias, sealed) if sealed else None
        return plain or {}

    def encrypt(self, alias: str, value: Any, generation: int = 0) -> bytes:
        """Encrypt a value that JSON can hold for an alias, as `lock` does; equal values give equal bytes as long as the alias is not erased."""
        return self.lock(alias, _PLAIN.encode(value).encode(), alias.encode(), generation)

    def decrypt(self, alias: str, sealed: bytes) -> Any:
        """Decrypt what `encrypt` made, None when its key was destroyed; raises cryptography's InvalidTag when alias or key are others."""
        plain = self.unlock(alias, sealed, alias.encode())
        return None if plain is None else from_json(plain, cache_strings="keys")

    def lock(self, subject: str, plain: bytes, bound: bytes, generation: int = 0) -> bytes:
        """Encrypt some bytes under the key of a subject, whose generation is the first byte; what they are bound to must be said again.

        Generation 0 is the present one. What was opened under another is sealed under it again, so that it is gone with it: under a destroyed one nothing
        comes of it, no bytes.
        """
        self._look()
        if generation:
            box = self._of(subject, generation)
            return bytes((generation,)) + box.seal(plain, bound) if box else b""
        found = self._present.get(subject)
        if found is None:
            generation, key = self.vault.current([subject])[subject]
            found = self._present[subject] = bytes((generation,)), self._past.get((subject, generation)) or Box(key)
            _bounded(self._present)
        return found[0] + found[1].seal(plain, bound)

    def unlock(self, subject: str, sealed: bytes, bound: bytes) -> bytes | None:
        """Decrypt what `lock` made, None when its key was destroyed; raises cryptography's InvalidTag for anything else."""
        self._look()
        box = self._of(subject, sealed[0] if sealed else 0)
        return None if box is None else box.open(sealed[1:], bound)

    def _of(self, subject: str, generation: int) -> Box | None:
        """The box of a generation, or None; raises InvalidTag when there never was one."""
        place = subject, generation
        if place not in self._past:
            self._past[place] = self._box(*place)
            _bounded(self._past)
        return self._past[place]

    def _look(self) -> None:
        """Forget boxes when keys were closed or destroyed."""
        epoch = self.vault.epoch()
        if epoch != self._epoch:
            self._epoch = epoch
            self._present.clear()
            self._past.clear()

    def _box(self, subject: str, generation: int) -> Box | None:
        try:
            key = self.vault.past(subject, generation)
        except KeyError:
            raise InvalidTag from None
        return None if key is None else Box(key)

    def _digest(self, text: bytes) -> bytes:
        """HMAC-SHA-256 of a text under the first secret."""
        keyed = self._keyed.copy()
        keyed.update(text)
        return keyed.digest()


def _again(keyed: hmac.HMAC, token: str) -> str:
    """The token of a token; nothing else is ever made a token under a secret that renews."""
    state = keyed.copy()
    state.update(token.encode())
    return state.hexdigest()[:32]


def _bounded(kept: OrderedDict[Any, Any]) -> None:
    if len(kept) > _BOXES:
        kept.popitem(last=False)
