"""A person as records name them: alias, further handles and seal, worked out once for who comes again."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from schemas.models.fact import Millis
from schemas.models.identity import Handle
from schemas.models.raw import Reason
from schemas.source import PersonMap, text
from schemas.tokens import Keys
from streams.normalise.person import REASONS, Person
from streams.normalise.understand import paths_of, understood

KEPT, LONGEST = 2**14, 400
"""How many persons a memory keeps (some 1,200 bytes each), and the signs of the longest, so that nobody fills it with a few."""
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class Known(NamedTuple):
    """A person as records name them: the token of the strongest handle ('' without one), each further one with its reason, and what is sealed for the first.

    `only` is `resident` when the strongest handle is a resident number, of which nobody has two; else ''. `identifiers` are what is sealed, `reasons` as in
    `Person`. It is shared by all records that name the person so: nothing in it may be changed.
    """

    alias: str
    further: tuple[Handle, ...]
    only: str
    sealed: bytes
    identifiers: dict[str, str]
    reasons: list[Reason]


class Reader:
    """Reads the persons of records in which a map says where their handles are."""

    def __init__(self, where: PersonMap, keys: Keys, recall: Recall | None = None, zone: str = "Asia/Shanghai") -> None:
        """Take the map, the keys of tokens and seals, what knows persons from before (`memory`), and the zone of the source.

        Without memory, each is worked out anew.
        """
        self._where, self._keys = where, keys
        paths = paths_of(where)
        self._names, self._paths = tuple(paths), tuple(paths.values())
        self._dated, self._zone = [place for place, name in enumerate(paths) if name in ("born", "age")], ZoneInfo(zone)
        self._recall = recall or Reader.known

    def __call__(self, fields: Mapping[str, Any], at: Millis | None = None) -> Known:
        """The person of a record; `at` is its time, UTC milliseconds, None where it is not known."""
        texts = tuple([text(fields, path) for path in self._paths])
        # Only an age and a date of birth need the day: all else is the same person whenever it is said.
        day = self.day(at) if self._dated and at is not None and any(texts[place] for place in self._dated) else ""
        return self._recall(self, texts, day) if sum(map(len, texts)) <= LONGEST else self.known(texts, day)

    def known(self, texts: tuple[str, ...], day: str = "") -> Known:
        """The person of the texts at the paths of the map, in a record of a day (ISO 8601, in the zone of the source; '' where it is not known)."""
        person = understood(dict(zip(self._names, texts, strict=True)), self._where, day)
        tokens, identifiers = person.tokens(self._keys), person.identified(self._keys)
        alias = next(iter(tokens.values()), "")
        further = tuple([Handle(alias=token, reason=REASONS[kind]) for kind, token in tokens.items() if token != alias])
        return Known(alias, further, _only(person), self._keys.seal(alias, identifiers) if alias else b"", identifiers, person.reasons)

    def day(self, at: Millis) -> str:
        """The day of a moment in the zone of the source, ISO 8601."""
        return (_EPOCH + timedelta(milliseconds=at)).astimezone(self._zone).date().isoformat()


def _only(person: Person) -> str:
    document = person.handles.get("document")
    return "resident" if document and document[0] == "resident" else ""


Recall = Callable[[Reader, tuple[str, ...], str], Known]


def memory(size: int = KEPT) -> Recall:
    """`Reader.known` for several readers, which keeps the last persons under their reader, their very texts and the day where it counts.

    Whoever is kept is in the memory of this process alone, is never written, and goes when others come.
    """
    return lru_cache(size)(Reader.known)
