"""Everything that was ever shown, not only what stands: each linked case is a fold of evidence that stood at some moment, each release is of such a case.

So nothing of a transaction that was not committed was ever seen, by nobody and at no moment, and no view went back in time. The fold is the oracle's.
"""

from __future__ import annotations

import json
from bisect import bisect_left
from collections.abc import Callable, Iterator, Mapping
from hashlib import blake2b
from typing import TypeVar

from connectors.reader import Reader
from deploy.bus import Bus
from schemas.models.case import Evidence, LinkedCase, What
from schemas.models.release import Release
from tests.oracle.cases import Content, linked_case
from tests.oracle.content import content
from tests.oracle.course import dated
from tests.oracle.evidence import Piece
from tests.oracle.releases import known, releases
from tests.simulation.anomalies import Name

T = TypeVar("T")
_UNTOLD = (What.MEMBER, What.SUPERSEDED, What.EXPOSED)
Moments = dict[str, dict[int, list[int]]]
"""By person, and by what stood (the sum of its ids, so to speak), the moments at which exactly that stood, rising."""


class History:
    """Reads evidence, cases and releases from the beginning, in this order; `note` gets each anomaly."""

    def __init__(self, bus: Bus, reader: Reader, note: Callable[[Name, str], None]) -> None:
        """Take where to read."""
        self._bus, self._reader, self._note = bus, reader, note
        self._pieces: dict[str, Evidence] = {}
        self._shown: dict[str, tuple[list[int], set[bytes]]] = {}
        """By id of a linked case its places among the cases of its person, and digests of the releases that follow from it."""

    def check(self) -> None:
        """Check everything."""
        persons, causes = set(), set()
        for _, case in self._values("case.linked", LinkedCase):
            persons.add(case.person)
            causes.update(case.causes)
        moments = [self._stood(topic, persons, causes) for topic in ("case.evidence", "case.exposed")]
        self._cases(moments)
        for agency in self._bus.agencies.values():
            self._releases(f"deliver.{agency.name}", {known(agency, case, self._bus.settings.keys): shown for case, shown in self._shown.items()})

    def _stood(self, topic: str, persons: set[str], causes: set[str]) -> Moments:
        """What stood about each person after each message of a topic; keeps the evidence that some case names."""
        found: Moments = {person: {0: [0]} for person in persons}
        now: dict[str, tuple[int, int]] = {}
        for _, piece in self._values(topic, Evidence):
            if piece.id in causes and not piece.retracted:
                self._pieces[piece.id] = piece
            if piece.person in persons and piece.other != piece.person:
                stood, moment = now.get(piece.person, (0, 0))
                now[piece.person] = stood, moment = stood ^ int(piece.id, 16), moment + 1
                found[piece.person].setdefault(stood, []).append(moment)
        return found

    def _cases(self, moments: list[Moments]) -> None:
        last: dict[str, list[int]] = {}
        number: dict[str, int] = {}
        wrong: dict[Name, int] = {}
        for _, case in self._values("case.linked", LinkedCase):
            place = number[case.person] = number.get(case.person, -1) + 1
            name = self._retraction(case) if case.retracted else self._case(case, place, moments, last.setdefault(case.person, [0, 0]))
            if name:
                wrong[name] = wrong.get(name, 0) + 1
        for name, count in wrong.items():
            self._note(name, f"case.linked: {count} of {sum(number.values()) + len(number)} linked cases that were shown")

    def _retraction(self, case: LinkedCase) -> Name | None:
        return None if case.id in self._shown else Name.ABORTED_READ

    def _case(self, case: LinkedCase, place: int, moments: list[Moments], last: list[int]) -> Name | None:
        """What is wrong with a case that was shown; keeps what may be released of it."""
        if any(one not in self._pieces for one in case.causes):
            return Name.ABORTED_READ
        pieces = [self._pieces[one] for one in case.causes]
        shown = content(case, self._bus.settings.keys)
        following = {_digest(release) for agency in self._bus.agencies.values() for release in releases(agency, shown, self._bus.settings.keys)}
        self._shown.setdefault(case.id, ([], following))[0].append(place)
        if self._folded(case.person, pieces) != shown:
            return Name.WRONG_ANSWER
        parts = ([piece for piece in pieces if piece.what is not What.EXPOSED], [piece for piece in pieces if piece.what is What.EXPOSED])
        for side, (part, stood) in enumerate(zip(parts, moments, strict=True)):
            at = stood[case.person].get(_sum(part), [])
            after = bisect_left(at, last[side])
            if after == len(at):
                return Name.NON_MONOTONIC if at else Name.ABORTED_READ
            last[side] = at[after]
        return None

    def _folded(self, person: str, evidence: list[Evidence]) -> Content | None:
        """The case as the oracle folds it."""
        keys = self._bus.settings.keys
        aliases = sorted({piece.alias for piece in evidence if piece.what not in (What.EXPOSED, What.SUPERSEDED)})
        pieces = [(one.what, Piece(one.alias, one.what, one.at, one.until, one.source, one.region, one.place, one.other or "", one.note, one.depth,
                                   tuple(sorted(keys.open(one.alias, one.sealed).items())))) for one in evidence]  # fmt: skip
        told = dated([piece for what, piece in pieces if what not in _UNTOLD])
        folded = linked_case(person, aliases, told, [piece for what, piece in pieces if what is What.EXPOSED], self._bus.policy)
        plain: Content | None = json.loads(json.dumps(folded))
        return plain

    def _releases(self, topic: str, cases: Mapping[str, tuple[list[int], set[bytes]]]) -> None:
        """Hold an agency's topic against the cases that were shown, by what the agency calls them."""
        last: dict[str, int] = {}
        given: set[str] = set()
        strange = backward = count = 0
        for key, release in self._values(topic, Release):
            count += 1
            if release.retracted:
                strange += release.id not in given
                continue
            given.add(release.id)
            if release.bulletin is not None:
                continue  # follows from no case; the oracle says which of them stand
            places, following = cases.get(release.causes[0], ([], set()))
            strange += _digest(content(release, self._bus.settings.keys)) not in following
            if places:
                after = bisect_left(places, last.get(key, 0))
                backward += after == len(places)
                last[key] = places[min(after, len(places) - 1)]
        if strange:
            self._note(Name.WRONG_RELEASE, f"{topic}: {strange} of {count} releases follow from no linked case that was shown")
        if backward:
            self._note(Name.NON_MONOTONIC, f"{topic}: {backward} of {count} releases are of an earlier case than the one before")

    def _values(self, topic: str, model: type[T]) -> Iterator[tuple[str, T]]:
        return ((entry.key, entry.value) for entry in self._reader.read(topic) if isinstance(entry.value, model))


def _sum(pieces: list[Evidence]) -> int:
    total = 0
    for piece in pieces:
        total ^= int(piece.id, 16)
    return total


def _digest(one: Content) -> bytes:
    return blake2b(json.dumps(one, sort_keys=True, ensure_ascii=False).encode(), digest_size=16).digest()
