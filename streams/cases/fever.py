"""The fever signal: symptoms, temperatures and purchases of fever medicine of one person, or of one household, that together weigh enough.

A sign counts once in an episode, however many records say it, so that neither who buys twice nor who is measured at every gate weighs more. Who is a case has
no signal besides; signs up to a ruling-out or a recovery belong to the illness that it ended.
"""

from __future__ import annotations

from collections.abc import Iterable

from schemas.models.case import Evidence, Fever, Status, What
from schemas.models.fact import Millis
from streams.cases.status import Course
from streams.policy import Policy

SIGNS = (What.SYMPTOM, What.BOUGHT)
"""Evidence whose note may be a sign."""
_ENDS = (What.RULED_OUT, What.RECOVERED)


def fever(evidence: Iterable[Evidence], path: Course, policy: Policy) -> Fever | None:
    """The signal of the last episode that weighs enough, from the evidence of one person or household in order; None without one."""
    if path.status is Status.DIED or (path.classification is not None and path.status is not Status.RECOVERED):
        return None
    known = list(evidence)
    ended = max([piece.at for piece in known if piece.what in _ENDS] + [path.since or 0] * (path.status is Status.RULED_OUT), default=None)
    signs = [piece for piece in known if _weight(piece, policy) and (ended is None or piece.at > ended)]
    return next((found for episode in reversed(_episodes(signs, policy.fever_signal.gap)) if (found := _signal(episode, policy))), None)


def _weight(piece: Evidence, policy: Policy) -> int:
    return policy.fever_signal.weights.get(piece.note, 0) if piece.what in SIGNS else 0


def _episodes(signs: list[Evidence], gap: Millis) -> list[list[Evidence]]:
    """Signs between which there is no longer gap."""
    found: list[list[Evidence]] = []
    for piece in signs:
        if found and piece.at - found[-1][-1].at <= gap:
            found[-1].append(piece)
        else:
            found.append([piece])
    return found


def _signal(episode: list[Evidence], policy: Policy) -> Fever | None:
    weights = {piece.note: _weight(piece, policy) for piece in episode}
    weight = sum(weights.values())
    if weight < policy.fever_signal.least:
        return None
    return Fever(since=episode[0].at, last=episode[-1].at, signs=sorted(weights), weight=weight, evidence=sorted(piece.id for piece in episode))
