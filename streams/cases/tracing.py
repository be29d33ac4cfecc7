"""What a case sets in motion: orders to trace its movements, and word to those whose cases exposed it.

The loop case → order → exposure → contact → case ends by itself: an order of depth 1 follows only from evidence that is not a contact, and one of
depth d + 1 only from contacts of depth d, while d is below the policy's depth.

How deep is traced at all depends on the level in force: of a case on that of the regions where it was found and where the person lives, when it was found, of
which the higher counts (patients are seen in other counties than their own, and either county answers for the case); of a contact on that of the place and
the time of the meeting. What peace allows, where no level is in force, is in the policy too.
"""

from __future__ import annotations

from collections.abc import Callable

from schemas.models.case import Evidence, What
from schemas.models.fact import Millis
from schemas.models.movement import Order
from streams.cases.fold import aliases, home_of
from streams.cases.status import ENDS_EXPOSURE, FINDS, Course, onset_of
from streams.policy import Policy

Depth = Callable[[str | None, Millis], int]
"""How many rounds of contacts the level at a division code and a moment allows to trace."""


def orders(person: str, evidence: list[Evidence], path: Course, policy: Policy, allowed: Depth) -> list[Order]:
    """Orders for every alias of the person, from its evidence in order."""
    window = _of_case(evidence, path, policy, allowed) or _of_contact(evidence, policy, allowed)
    if window is None:
        return []
    causes, start, end, depth = window
    return [Order.of(causes=causes, at=start, until=end, alias=alias, person=person, depth=depth) for alias in aliases(evidence)]


def moments(evidence: list[Evidence], path: Course, policy: Policy) -> list[Millis]:
    """The moments on whose level the orders depend, sorted."""
    found = {path.found.at} if path.found else set()
    return sorted(found | {piece.at for piece in _met(evidence, policy)})


def _of_case(evidence: list[Evidence], path: Course, policy: Policy, allowed: Depth) -> tuple[list[str], int, int, int] | None:
    """From two days before onset (or, without onset, the evidence that found the case) until it was put apart."""
    if path.found is None or path.classification not in policy.tracing_statuses:
        return None
    if not any(allowed(region, path.found.at) for region in _regions(evidence, path.found.at)):
        return None
    found, onset = path.found, onset_of(evidence, path, policy)
    if onset and onset.at > found.at:
        onset = None
    first = onset or found
    last = next((piece for piece in evidence[path.began :] if piece.what in ENDS_EXPOSURE and piece.at >= first.at), None)
    end = min(last.at if last else found.at + policy.infectious_after, found.at + policy.infectious_after)
    return sorted({piece.id for piece in (found, onset, last) if piece}), first.at - policy.before_onset, end, 1


def _regions(evidence: list[Evidence], found: Millis) -> set[str | None]:
    """Where a case was found (several findings of one moment are not told apart), and where the person lives."""
    home = home_of(evidence)
    return {piece.region for piece in evidence if piece.what in FINDS and piece.at == found} | {home.region if home else None}


def _met(evidence: list[Evidence], policy: Policy) -> list[Evidence]:
    """The contacts from which more contacts may be traced."""
    return [piece for piece in evidence if piece.what is What.CONTACT and piece.depth < policy.depth]


def _of_contact(evidence: list[Evidence], policy: Policy, allowed: Depth) -> tuple[list[str], int, int, int] | None:
    met = [piece for piece in _met(evidence, policy) if piece.depth < allowed(piece.region, piece.at)]
    if not met:
        return None
    first = min(met, key=lambda piece: (piece.depth, piece.at, piece.id))
    return [first.id], first.at, first.at + policy.infectious_after, first.depth + 1


def exposed(person: str, evidence: list[Evidence]) -> list[Evidence]:
    """For each contact of this person, the same seen from the one who exposed it, addressed to that person."""
    return [
        Evidence.of(causes=[piece.id], person=piece.other, alias=piece.alias, what=What.EXPOSED, at=piece.at, until=piece.until,
                    region=piece.region, place=piece.place, other=person, depth=piece.depth)
        for piece in evidence if piece.what is What.CONTACT
    ]  # fmt: skip
