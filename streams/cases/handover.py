"""Which region answers for a case: that of residence, until another accepts what it was offered.

An offer is a report on the task `take_over` that hands it over to a division code; the answer is a report on it from there. Only who answers for the case can
offer it, a new offer replaces the one before, and an answer counts once, after its offer. All of it is read from the timeline, so it follows the person
through merges and splits, and a report that is withdrawn never was.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from schemas.models.case import Entry, What
from schemas.models.record import Work

COUNTY = 6
"""Digits of a county's division code (GB/T 2260): centres for disease control of counties answer for cases (传染病防治法)."""
_WHERE = {What.STAY, What.RETURNED, What.CONTACT, What.SEEN, What.POSITIVE, What.SUSPECTED, What.PROBABLE, What.CONFIRMED, What.PUBLISHED}
_RANK = (What.ACCEPTED, What.REFUSED, What.HANDED_OVER)
"""Of one moment answers before offers, so that nobody answers what was not offered yet."""


@dataclass(slots=True)
class Handover:
    """Who answers for the case, the last offer that counted, with who made it, and its answer; none of one that waits."""

    region: str | None
    offer: Entry | None = None
    by: str | None = None
    answer: Entry | None = None

    @property
    def to(self) -> str:
        """The region to which the last offer was made, '' without one."""
        return _county(self.offer.other) if self.offer else ""

    def take(self, entry: Entry) -> None:
        """Let one report count, if it can."""
        where = _county(entry.region)
        if entry.what is What.HANDED_OVER:
            if where and where == self.region and _is_county(entry.other) and _county(entry.other) != where:
                self.offer, self.by, self.answer = entry, where, None
        elif self.offer and self.answer is None and where == self.to and entry.at > self.offer.at:
            self.answer = entry
            self.region = where if entry.what is What.ACCEPTED else self.region


def handover(community: str | None, timeline: Iterable[Entry]) -> Handover:
    """How far it is, from the registered residence of a person and the timeline in its order."""
    lines = list(timeline)
    first = community or next((line.region for line in lines if line.what in _WHERE and line.region), None)
    found = Handover(_county(first) or None)
    said = [line for line in lines if line.what in _RANK and line.note.split(" ")[0] == Work.TAKE_OVER]
    for line in sorted(said, key=lambda line: (line.at, _RANK.index(line.what), line.region or "", line.other or "", line.note)):
        found.take(line)
    return found


def _county(region: str | None) -> str:
    return (region or "")[:COUNTY]


def _is_county(code: str | None) -> bool:
    return bool(code) and str(code).isdigit() and len(str(code)) >= COUNTY
