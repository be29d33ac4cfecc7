"""Which fever signal stands for a person or a household: the signs after the last illness, cut where there was none for long, and the last part that is enough."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

from schemas.models.case import What
from streams.policy import Policy
from tests.oracle.course import Course
from tests.oracle.evidence import Piece


@dataclass(frozen=True)
class Signal:
    """The signs of an episode, and what each sort of them weighs."""

    pieces: list[Piece]
    weights: dict[str, int]

    def shown(self) -> dict[str, object]:
        """As the linked case shows it."""
        times = [piece.at for piece in self.pieces]
        sorts = {piece.note for piece in self.pieces}
        return {"since": min(times), "last": max(times), "signs": sorted(sorts), "weight": sum(self.weights[sort] for sort in sorts)}


def fever(pieces: list[Piece], path: Course, policy: Policy) -> Signal | None:
    """The signal that stands, if the person is no case now and not dead."""
    if path.status == "died" or (path.classification and path.status != "recovered"):
        return None
    over = [piece.at for piece in pieces if piece.what in (What.RULED_OUT, What.RECOVERED)]
    if path.status == "ruled_out" and path.since is not None:
        over.append(path.since)
    rule = policy.fever_signal
    signs = [piece for piece in pieces if piece.what in (What.SYMPTOM, What.BOUGHT) and piece.note in rule.weights and piece.at > max(over, default=piece.at - 1)]
    times = sorted({piece.at for piece in signs})
    begins = [*times[:1], *(later for before, later in pairwise(times) if later - before > rule.gap)]
    for begin in reversed(begins):
        end = min([one for one in begins if one > begin], default=times[-1] + 1)
        part = Signal([piece for piece in signs if begin <= piece.at < end], rule.weights)
        if sum(rule.weights[sort] for sort in {piece.note for piece in part.pieces}) >= rule.least:
            return part
    return None
