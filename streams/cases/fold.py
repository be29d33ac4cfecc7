"""The linked case as a pure fold of the evidence that stands: the same set gives the same case."""

from __future__ import annotations

from collections.abc import Iterable

from schemas.models.case import Concern, Entry, Evidence, Fever, LinkedCase, Meeting, Role, Sealed, What, Why
from schemas.models.need import NeedLine
from schemas.models.task import confidential
from streams.cases.fever import fever
from streams.cases.handover import handover
from streams.cases.status import FINDS, Course, onset_of
from streams.policy import Policy

REPORTED = {What.ACCEPTED, What.DONE, What.NOT_APPLICABLE, What.REFUSED, What.HANDED_OVER}
"""What reports say of tasks."""
_OTHERS = {What.REFERRED, What.CARED, What.ABSENT, *REPORTED}
"""Of these the timeline says who else is in it; other persons are among the contacts."""
_UNTOLD = {What.MEMBER, What.SUPERSEDED, What.EXPOSED, What.HOUSEHOLD, What.NEED}
"""What the timeline does not say. A need is told by its own line, to whoever is to see it."""
_WHY = {What.STAY: Why.STAY, What.RETURNED: Why.STAY, What.CONTACT: Why.DETECTION, What.SEEN: Why.DETECTION, What.POSITIVE: Why.DETECTION,
        What.SUSPECTED: Why.DETECTION, What.PROBABLE: Why.DETECTION, What.CONFIRMED: Why.DETECTION, What.PUBLISHED: Why.DETECTION}  # fmt: skip


def linked_case(person: str, evidence: list[Evidence], path: Course, policy: Policy) -> LinkedCase | None:
    """The case of a person from its evidence in order, or None when nothing makes it one.

    `evidence` holds no contact with the person itself.
    """
    signal = fever(evidence, path, policy)
    roles = sorted(_roles(evidence, signal))
    if not roles:
        return None
    signs = signal.evidence if signal else []
    told = [piece for piece in evidence if piece.what not in _UNTOLD and (piece.what is not What.BOUGHT or piece.id in signs)]
    onset = onset_of(evidence, path, policy)
    home = home_of(evidence)
    timeline = _timeline(told)
    return LinkedCase.of(
        causes=sorted(piece.id for piece in evidence),
        at=max(piece.at for piece in (*(one for one in told if not confidential(one.note)), *(piece for piece in evidence if piece.line))),
        person=person,
        roles=roles,
        status=path.status,
        since=path.since,
        classification=path.classification,
        onset=onset.at if onset else None,
        aliases=aliases(evidence),
        community=home.region if home else None,
        grid_worker=home.note if home else None,
        clinic=min(((piece.at, piece.place) for piece in evidence if piece.what is What.SEEN and piece.place), default=(0, None))[1],
        referred_to=max(((piece.at, piece.other) for piece in evidence if piece.what is What.REFERRED and piece.other), default=(0, None))[1],
        concerns=_concerns(evidence, home, signs),
        timeline=timeline,
        contacts=_meetings(evidence, What.EXPOSED),
        contact_of=_meetings(evidence, What.CONTACT),
        sealed=_sealed(evidence),
        responsible=handover(home.region if home else None, timeline).region,
        fever=signal,
        needs=_needs(evidence),
    )


def home_of(evidence: Iterable[Evidence]) -> Evidence | None:
    """The latest registration of where the person, or anybody of the household, lives."""
    homes = (piece for piece in evidence if piece.what in (What.RESIDENCE, What.HOUSEHOLD))
    return max(homes, key=lambda piece: (piece.at, piece.region or "", piece.note), default=None)


def aliases(evidence: Iterable[Evidence]) -> list[str]:
    """The aliases of the person: those that the evidence was found under."""
    return sorted({piece.alias for piece in evidence if piece.what not in (What.EXPOSED, What.SUPERSEDED, What.HOUSEHOLD)})


def _roles(evidence: list[Evidence], signal: Fever | None) -> set[Role]:
    whats = {piece.what for piece in evidence}
    roles = {Role.CASE} if whats & FINDS.keys() else set()
    roles |= {Role.CONTACT} if What.CONTACT in whats else set()
    roles |= {Role.FEVER} if signal else set()
    roles |= {Role.NEED} if any(piece.line for piece in evidence) else set()
    return roles | ({Role.RETURNEE} if What.RETURNED in whats else set())


def _concerns(evidence: list[Evidence], home: Evidence | None, signs: list[str]) -> list[Concern]:
    found = {(piece.region, _WHY[piece.what]) for piece in evidence if piece.region and piece.what in _WHY}
    found |= {(piece.region, Why.DETECTION) for piece in evidence if piece.region and piece.id in signs}
    if home and home.region:
        found.add((home.region, Why.RESIDENCE))
    return [Concern(region=region, why=why) for region, why in sorted(found) if region]


def _needs(evidence: list[Evidence]) -> list[NeedLine]:
    """Each need once, however many reports and aliases it is of."""
    lines = {piece.line.model_dump_json(): piece.line for piece in evidence if piece.line}
    return sorted(lines.values(), key=lambda line: (line.since, line.need, line.model_dump_json()))


def _timeline(told: list[Evidence]) -> list[Entry]:
    """One line for each thing that happened, however many records say it; a source stands before what a stage found, and then the smallest for all."""
    lines: dict[tuple[object, ...], Evidence] = {}
    for piece in told:
        line = (piece.at, piece.until, piece.what, piece.region, piece.place, piece.note, _other(piece))
        if line not in lines or _rank(piece) < _rank(lines[line]):
            lines[line] = piece
    return [
        Entry(at=piece.at, until=piece.until, what=piece.what, source=piece.source, region=piece.region, place=piece.place, note=piece.note, evidence=piece.id,
              other=_other(piece))
        for piece in sorted(lines.values(), key=lambda piece: (piece.at, piece.until, piece.what, piece.region or "", piece.place or "", piece.note,
                                                               _other(piece) or ""))
    ]  # fmt: skip


def _other(piece: Evidence) -> str | None:
    return piece.other if piece.what in _OTHERS else None


def _rank(piece: Evidence) -> tuple[bool, str, str]:
    return piece.source == "", piece.source, piece.id


def _meetings(evidence: list[Evidence], what: What) -> list[Meeting]:
    others: dict[str, list[Evidence]] = {}
    for piece in evidence:
        if piece.what is what and piece.other:
            others.setdefault(piece.other, []).append(piece)
    return [
        Meeting(person=other, first=min(piece.at for piece in pieces), last=max(piece.until for piece in pieces),
                places=sorted({piece.place for piece in pieces if piece.place}), depth=min(piece.depth for piece in pieces))
        for other, pieces in sorted(others.items())
    ]  # fmt: skip


def _sealed(evidence: list[Evidence]) -> list[Sealed]:
    found = sorted({(piece.alias, piece.sealed) for piece in evidence if piece.sealed})
    return [Sealed(alias=alias, data=data) for alias, data in found]
