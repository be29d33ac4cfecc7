"""A person as records name them: alias, further handles and seal, worked out once for who comes again."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any, NamedTuple

from schemas.models.raw import Reason
from schemas.source import PersonMap
from schemas.tokens import Keys
from streams.normalise.person import REASONS, paths_of, texts_of, understood

KEPT, LONGEST = 2**14, 400
"""How many persons a memory keeps (some 1,200 bytes each), and the signs of the longest, so that nobody fills it with a few."""


class Known(NamedTuple):
    """A person as records name them: the token of the strongest handle ('' without one), each further one with its reason, and what is sealed for the first.

    `identifiers` and `reasons` are as in `Person`. It is shared by all records that name the person so: nothing in it may be changed.
    """

    alias: str
    further: tuple[tuple[str, str], ...]
    sealed: bytes
    identifiers: dict[str, str]
    reasons: list[Reason]


class Reader:
    """Reads the persons of records in which a map says where their handles are."""

    def __init__(self, where: PersonMap, keys: Keys, recall: Recall | None = None) -> None:
        """Take the map, the keys of tokens and seals, and what knows persons from before (`memory`); without it, each is worked out anew."""
        self._where, self._keys, self._paths = where, keys, paths_of(where)
        self._recall = recall or Reader.known

    def __call__(self, fields: Mapping[str, Any]) -> Known:
        """The person of a record."""
        texts = texts_of(fields, self._paths)
        return self._recall(self, texts) if sum(map(len, texts)) <= LONGEST else self.known(texts)

    def known(self, texts: tuple[str, ...]) -> Known:
        """The person of the texts at the paths of the map."""
        person = understood(texts, self._where)
        tokens = person.tokens(self._keys)
        alias = next(iter(tokens.values()), "")
        further = tuple([(token, REASONS[kind]) for kind, token in tokens.items() if token != alias])
        return Known(alias, further, self._keys.seal(alias, person.identifiers) if alias else b"", person.identifiers, person.reasons)


Recall = Callable[[Reader, tuple[str, ...]], Known]


def memory(size: int = KEPT) -> Recall:
    """`Reader.known` for several readers, which keeps the last persons under their reader and their very texts: who comes again is not worked out again.

    Whoever is kept is in the memory of this process alone, is never written, and goes when others come.
    """
    return lru_cache(size)(Reader.known)
