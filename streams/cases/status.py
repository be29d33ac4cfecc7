"""The course of a case: which status follows from the evidence, read in the order of event time."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from schemas.models.case import Evidence, Status, What
from schemas.models.fact import Millis
from streams.policy import Policy

CLASSIFICATIONS = (Status.SUSPECTED, Status.PROBABLE, Status.CONFIRMED)
"""How sure a case is, from least to most (诊疗方案（试行第五版）: 疑似, 临床诊断, 确诊)."""
FINDS = {What.SUSPECTED: Status.SUSPECTED, What.PROBABLE: Status.PROBABLE, What.POSITIVE: Status.CONFIRMED, What.CONFIRMED: Status.CONFIRMED,
         What.PUBLISHED: Status.CONFIRMED}  # fmt: skip
"""Evidence that makes a person a case."""
_CARE = {What.ISOLATED: Status.ISOLATED, What.ADMITTED: Status.IN_HOSPITAL, What.RECOVERED: Status.RECOVERED}
ENDS_EXPOSURE = {What.ISOLATED, What.ADMITTED, What.DIED}
_ORDER = list(What)


@dataclass(slots=True)
class Course:
    """Where the case has come to: `found` is the first evidence of it that was not ruled out since, `classification` the surest.

    `began` is the place in the evidence where the present episode begins: after the last ruling-out that another finding followed.
    """

    status: Status | None = None
    since: Millis | None = None
    found: Evidence | None = None
    classification: Status | None = None
    negative: Millis | None = None
    began: int = 0
    ended: int = 0

    def to(self, status: Status, at: Millis) -> None:
        """Enter a status, unless the case is in it."""
        if status is not self.status:
            self.status, self.since = status, at


def in_order(evidence: Iterable[Evidence]) -> list[Evidence]:
    """By event time; at one moment in the order of `What`, and then by id, so that no order of arrival shows."""
    return sorted(evidence, key=lambda piece: (piece.at, _ORDER.index(piece.what), piece.id))


def dated(evidence: Iterable[Evidence]) -> list[Evidence]:
    """Without publications of a confirmed case whose date nobody gave, but for the last when nothing else makes the person a case.

    The case was confirmed at some time; the last moment that is known of it stands for that time.
    """
    kept = list(evidence)
    undated = [piece for piece in kept if piece.what is What.PUBLISHED]
    found = any(piece.what in FINDS for piece in kept if piece.what is not What.PUBLISHED)
    last = max(undated, key=lambda piece: (piece.at, piece.region or "", piece.source, piece.id), default=None)
    return [piece for piece in kept if piece.what is not What.PUBLISHED or (piece is last and not found)]


def course(evidence: Iterable[Evidence], policy: Policy) -> Course:
    """Read all evidence of one person, already in order."""
    state = Course()
    for number, piece in enumerate(evidence):
        if state.status is not Status.DIED:
            _read(number, piece, state, policy)
    return state


def onset_of(evidence: Iterable[Evidence], path: Course, policy: Policy) -> Evidence | None:
    """The first onset that can be of the present episode: not longer before its finding than a person is infectious.

    It may lie before a ruling-out: two false negatives between symptoms and a positive result do not move the onset.
    """
    earliest = path.found.at - policy.infectious_after if path.found else None
    return next((piece for piece in evidence if piece.what is What.ONSET and (earliest is None or piece.at >= earliest)), None)


def _read(number: int, piece: Evidence, state: Course, policy: Policy) -> None:
    if piece.what in FINDS:
        _find(piece, state)
    elif piece.what in _CARE:
        state.to(_CARE[piece.what], piece.at)
    elif piece.what is What.DIED:
        state.to(Status.DIED, piece.at)
    elif state.found and state.classification is not Status.CONFIRMED and _rules_out(piece, state, policy):
        state.to(Status.RULED_OUT, piece.at)
        state.found = state.negative = state.classification = None
        state.ended = number + 1


def _find(piece: Evidence, state: Course) -> None:
    """A suspicion, diagnosis or confirmation; it does not undo isolation or admission, nor one that is surer."""
    if state.found is None:
        state.found, state.began = piece, state.ended
    found = FINDS[piece.what]
    surer = state.classification is None or CLASSIFICATIONS.index(found) > CLASSIFICATIONS.index(state.classification)
    state.classification = found if surer else state.classification
    if state.status in (None, Status.RULED_OUT) or (surer and state.status in (*CLASSIFICATIONS, Status.RECOVERED)):
        state.to(found, piece.at)


def _rules_out(piece: Evidence, state: Course, policy: Policy) -> bool:
    """Whether this rules the suspicion out: a clinic's decision, or a second negative specimen long enough after the first."""
    if piece.what is What.NEGATIVE and state.negative is None:
        state.negative = piece.at
    return piece.what is What.RULED_OUT or (piece.what is What.NEGATIVE and state.negative is not None and piece.at - state.negative >= policy.ruled_out_after)
