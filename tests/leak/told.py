"""What sources have ever said of whom, whether it stands or not: the widest ground on which a message may have been written meanwhile.

While a correction, a merge or a split goes through the stages, what stands is neither that of before nor that of after. But at no moment may an agency hold
somebody of whom no record ever said that its region or facility is concerned, nor a name that no record ever said of this person.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping

from schemas.agency import Agency
from schemas.source import Source
from schemas.tokens import Keys
from tests.leak.rule import UNDER_SEAL
from tests.oracle.cases import Content
from tests.oracle.facts import Sent, standing


class Told:
    """Aliases that any record or link ever put together, with all places and identifiers that records said of any of them."""

    def __init__(self, sources: Mapping[str, Source], keys: Keys) -> None:
        """Nothing has been said."""
        self._sources, self._keys = sources, keys
        self._together: dict[str, str] = {}
        self._places: defaultdict[str, set[str]] = defaultdict(set)
        self._said: defaultdict[str, set[tuple[str, str]]] = defaultdict(set)
        self.identifying: set[str] = set()

    def hear(self, sent: Iterable[Sent]) -> None:
        """Take in records, each version for itself."""
        for one in sent:
            for told in standing([one], self._sources, self._keys)[0]:
                for token in told.tokens.values():
                    self.join(told.alias, token)
                self._places[told.alias] |= {str(told.says[name]) for name in ("region", "place", "referred_to") if told.says.get(name)}
                self._said[told.alias] |= set(told.identifiers)
                self.identifying |= {value for what, value in told.identifiers if what in ("name", "phone", "document", "address")}

    def join(self, one: str, other: str) -> None:
        """Two aliases that were one person at some moment."""
        self._together[self._first(one)] = self._first(other)

    def wrong(self, release: Content, person: str, agency: Agency) -> Iterator[str]:
        """Sentences about a release about a person, by the key, for which there never was any ground."""
        mine = self._first(person)
        aliases = [alias for alias in {*self._places, *self._said} if self._first(alias) == mine]
        places = {place for alias in aliases for place in self._places[alias]}
        if not (agency.facility in places if agency.facility else any(place.startswith(agency.region or "-") for place in places)):
            yield "no record ever said that the agency is concerned"
        said = {pair for alias in aliases for pair in self._said[alias]}
        for field, what in UNDER_SEAL.items():
            exact = all(one["field"] != field for one in release["forms"])
            if exact and any((what, value) not in said for value in release["view"][field] or ()):
                yield f"no record ever said {field} of the person"

    def _first(self, alias: str) -> str:
        while (above := self._together.get(alias, alias)) != alias:
            alias = above
        return alias
