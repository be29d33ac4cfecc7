"""Profiles opened and prepared for comparing, each once as long as it is remembered."""

from __future__ import annotations

from functools import lru_cache

from schemas.tokens import Keys
from streams.identity.compare import Comparer, Prepared
from streams.identity.profile import fields, unseal
from streams.identity.spec import Spec

_KEPT = 2**14
"""Profiles that are kept, in the memory of the process only: whoever is compared often is opened once."""


class Opened:
    """Opens and prepares what is sealed under an alias."""

    def __init__(self, spec: Spec, keys: Keys) -> None:
        """Take the spec of what is compared and the keys that open profiles."""
        self.compare = Comparer(spec)
        self._keys = keys
        self.prepared = lru_cache(_KEPT)(self._prepared)

    def contradiction(self, one: Prepared, other: Prepared) -> str:
        """Why two profiles cannot be of one person, or ''."""
        return self.compare.contradiction(self.compare.levels(one, other))

    def _prepared(self, alias: str, sealed: bytes) -> Prepared:
        return self.compare.prepare(fields(unseal(self._keys, alias, sealed)))
