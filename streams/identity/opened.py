"""Profiles opened and prepared for comparing, each once as long as it is remembered, by all stages of one process, of which one computes at a time."""

from __future__ import annotations

from collections import OrderedDict

from schemas.tokens import Keys
from streams.identity.compare import Comparer, Prepared
from streams.identity.profile import Fields, unseal
from streams.identity.spec import Spec

_KEPT = 2**14
"""Profiles that are kept, in the memory of the process only: whoever is compared often is opened once."""


class Opened:
    """Opens and prepares what is sealed under an alias."""

    def __init__(self, spec: Spec, keys: Keys) -> None:
        """Take the spec of what is compared and the keys that open profiles."""
        self.spec, self.keys, self.compare = spec, keys, Comparer(spec)
        self._kept: OrderedDict[tuple[str, bytes], Prepared] = OrderedDict()

    def contradiction(self, one: Prepared, other: Prepared) -> str:
        """Why two profiles cannot be of one person, or ''."""
        return self.compare.contradiction(self.compare.levels(one, other))

    def prepared(self, alias: str, sealed: bytes) -> Prepared:
        """What is compared of a sealed profile."""
        found = self._kept.get((alias, sealed))
        return self.keep(alias, sealed, unseal(self.keys, alias, sealed)) if found is None else found

    def keep(self, alias: str, sealed: bytes, said: Fields) -> Prepared:
        """The same of one that has just been sealed, for whoever compares it next."""
        prepared = self.compare.prepare(said)
        self._kept[alias, sealed] = prepared
        if len(self._kept) > _KEPT:
            self._kept.popitem(last=False)
        return prepared
