"""The linked case: everything about a person who is a case, a contact or a returnee, as its topic shows it."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from schemas.models.case import Role, What, Why
from streams.policy import Policy
from tests.oracle.course import SURE, Course, course
from tests.oracle.evidence import Piece
from tests.oracle.fever import Signal, fever
from tests.oracle.handover import last_offer

Content = dict[str, Any]
"""The fields of a message without its identity and causes, as JSON would show them."""

WHY = {
    What.STAY: Why.STAY, What.RETURNED: Why.STAY, What.CONTACT: Why.DETECTION, What.SEEN: Why.DETECTION, What.POSITIVE: Why.DETECTION,
    What.SUSPECTED: Why.DETECTION, What.PROBABLE: Why.DETECTION, What.CONFIRMED: Why.DETECTION, What.PUBLISHED: Why.DETECTION,
}  # fmt: skip
"""How the region of a piece of evidence concerns the person."""
TOLD_WITH = {What.REFERRED, What.CARED, What.ABSENT, What.ACCEPTED, What.DONE, What.NOT_APPLICABLE, What.REFUSED, What.HANDED_OVER}
"""Of these the timeline tells the facility or member of staff too."""


def each_once(contents: Iterable[Content]) -> list[Content]:
    """Every content once, as JSON would show it, in the order of its JSON."""
    texts = {json.dumps(content, sort_keys=True, ensure_ascii=False) for content in contents}
    return [json.loads(text) for text in sorted(texts)]


def linked_case(person: str, aliases: list[str], pieces: list[Piece], exposed: list[Piece], policy: Policy) -> Content | None:
    """The case of a person from what is known about it (contacts and traced stays included) and the contacts that it exposed; None when it is nobody's concern."""
    path = course(pieces, policy)
    signal = fever(pieces, path, policy)
    homes = sorted((piece.at, piece.region or "", piece.note) for piece in pieces if piece.what in (What.RESIDENCE, What.HOUSEHOLD))
    seen = [piece for piece in pieces if piece.what not in (What.HOUSEHOLD, What.NEED) and (piece.what is not What.BOUGHT or piece in (signal.pieces if signal else []))]
    needs = [piece for piece in pieces if piece.what is What.NEED]
    found = _linked_case(person, aliases, seen, exposed, path, signal, homes[-1][1:] if homes else (None, None), needs)
    sealed = each_once({"alias": piece.alias} | dict(piece.identifiers) for piece in pieces if piece.identifiers)
    return found | {"sealed": sealed} if found else None


def _linked_case(
    person: str, aliases: list[str], pieces: list[Piece], exposed: list[Piece], path: Course, signal: Signal | None, home: tuple[str | None, str | None],
    needs: list[Piece],
) -> Content | None:
    whats = {piece.what for piece in pieces}
    roles = {Role.NEED: bool(needs), Role.FEVER: signal is not None, Role.CASE: bool(whats & SURE.keys()), Role.CONTACT: What.CONTACT in whats, Role.RETURNEE: What.RETURNED in whats}
    if not any(roles.values()):
        return None
    referrals = sorted((piece.at, piece.other) for piece in pieces if piece.what is What.REFERRED)
    clinics = sorted((piece.at, piece.place) for piece in pieces if piece.what is What.SEEN and piece.place)
    community, grid_worker = home
    timeline = _timeline(pieces)
    return {
        "person": person, "superseded_by": None, "at": max(piece.at for piece in [*pieces, *needs] if piece.note.split(" ")[0] not in ("screening", "support")), "roles": sorted(role for role, has in roles.items() if has),
        "status": path.status, "since": path.since, "classification": path.classification, "onset": path.onset, "aliases": sorted(aliases),
        "community": community or None, "grid_worker": grid_worker, "clinic": clinics[0][1] if clinics else None, "referred_to": referrals[-1][1] if referrals else None,
        "concerns": _concerns(pieces, community, signal), "timeline": timeline, "responsible": last_offer(community or None, timeline)[0],
        "needs": sorted(each_once(piece.line for piece in needs if piece.line), key=lambda line: (line["since"], line["need"], json.dumps(line, sort_keys=True))),
        "contacts": _meetings(exposed), "fever": signal.shown() if signal else None, "contact_of": _meetings([piece for piece in pieces if piece.what is What.CONTACT]),
    }  # fmt: skip


def _concerns(pieces: list[Piece], community: str | None, signal: Signal | None) -> list[Content]:
    found = {(piece.region, WHY[piece.what].value) for piece in pieces if piece.region and piece.what in WHY}
    found |= {(piece.region, Why.DETECTION.value) for piece in (signal.pieces if signal else []) if piece.region}
    found |= {(community, Why.RESIDENCE.value)} if community else set()
    return [{"region": region, "why": why} for region, why in sorted(found)]


def _timeline(pieces: list[Piece]) -> list[Content]:
    """One line for each thing that happened; of several that say the same, the first source by name is shown, and what tracing found last."""
    sources: dict[tuple[int, int, str, str, str, str, str], str] = {}
    last = chr(0x10FFFF)
    for piece in pieces:
        line = (piece.at, piece.until, piece.what.value, piece.region or "", piece.place or "", piece.note, piece.other if piece.what in TOLD_WITH else "")
        sources[line] = min(piece.source or last, sources.get(line, last))
    return [
        {"at": at, "until": until, "what": what, "source": "" if source == last else source, "region": region or None, "place": place or None, "note": note,
         "other": other or None}
        for (at, until, what, region, place, note, other), source in sorted(sources.items())
    ]  # fmt: skip


def _meetings(pieces: list[Piece]) -> list[Content]:
    found = []
    for other in sorted({piece.other for piece in pieces}):
        mine = [piece for piece in pieces if piece.other == other]
        found.append({
            "person": other, "first": min(piece.at for piece in mine), "last": max(piece.until for piece in mine),
            "places": sorted({piece.place for piece in mine if piece.place}), "depth": min(piece.depth for piece in mine),
        })  # fmt: skip
    return found
