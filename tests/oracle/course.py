"""The course of a case, read from the evidence in the order of time."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from schemas.models.case import Status, What
from streams.policy import Policy
from tests.oracle.evidence import Piece

SURE = {What.SUSPECTED: Status.SUSPECTED, What.PROBABLE: Status.PROBABLE, What.POSITIVE: Status.CONFIRMED, What.CONFIRMED: Status.CONFIRMED,
        What.PUBLISHED: Status.CONFIRMED}  # fmt: skip
"""What makes somebody a case, and how sure it then is."""
CARE = {What.ISOLATED: Status.ISOLATED, What.ADMITTED: Status.IN_HOSPITAL, What.RECOVERED: Status.RECOVERED}
"""What is done with somebody, a case or not."""
LEVELS = [None, Status.SUSPECTED, Status.PROBABLE, Status.CONFIRMED]


@dataclass
class Course:
    """Where it has come to; `found` is when the case was found, unless it was ruled out since, and `onset` when the illness began.

    `episode` is the evidence that counts for the present illness: all that comes after the last ruling-out which another finding followed.
    """

    status: Status | None = None
    since: int | None = None
    found: int | None = None
    onset: int | None = None
    classification: Status | None = None
    episode: list[Piece] = field(default_factory=list)


def in_time(pieces: Iterable[Piece]) -> list[Piece]:
    """By time; what happened at one moment in the order in which `What` lists it."""
    return sorted(pieces, key=lambda piece: (piece.at, list(What).index(piece.what)))


def dated(pieces: list[Piece]) -> list[Piece]:
    """A published case whose confirmation nobody dates counts, when nothing else makes it a case, as confirmed at the last moment that is told of it."""
    undated = sorted((piece for piece in pieces if piece.what is What.PUBLISHED), key=lambda piece: (piece.at, piece.region or "", piece.source))
    others = [piece for piece in pieces if piece.what is not What.PUBLISHED]
    return others if any(piece.what in SURE for piece in others) else others + undated[-1:]


def course(pieces: Iterable[Piece], policy: Policy) -> Course:
    """Read everything; nothing comes after death.

    A case can be ruled out until it is confirmed: by a clinic, or by a negative specimen a day after the first negative one.
    """
    path, ordered = Course(), in_time(pieces)
    path.episode = ordered
    negative: int | None = None
    after: list[Piece] | None = None
    for place, piece in enumerate(ordered):
        before = path.status
        if before is Status.DIED:
            break
        if piece.what in SURE:
            _find(path, SURE[piece.what], piece.at)
            path.episode, after = path.episode if after is None else after, None
        elif piece.what in CARE:
            path.status = CARE[piece.what]
        elif piece.what is What.DIED:
            path.status = Status.DIED
        elif path.found is not None and path.classification is not Status.CONFIRMED and piece.what in (What.NEGATIVE, What.RULED_OUT):
            if piece.what is What.NEGATIVE and negative is None:
                negative = piece.at
            if piece.what is What.RULED_OUT or (negative is not None and piece.at - negative >= policy.ruled_out_after):
                path.status, path.found, path.classification, negative = Status.RULED_OUT, None, None, None
                after = ordered[place + 1 :]
        path.since = piece.at if path.status is not before else path.since
    path.onset = _onset(ordered, path.found, policy)
    return path


def _onset(ordered: list[Piece], found: int | None, policy: Policy) -> int | None:
    """The first onset, but not one so long before the finding that it is of another illness."""
    earliest = 0 if found is None else found - policy.infectious_after
    return min((piece.at for piece in ordered if piece.what is What.ONSET and piece.at >= earliest), default=None)


def _find(path: Course, found: Status, at: int) -> None:
    """A surer finding takes the place of one less sure; it changes the status of nobody who is isolated or in hospital, for that says where the person is."""
    surer = LEVELS.index(found) > LEVELS.index(path.classification)
    path.found = at if path.found is None else path.found
    path.classification = found if surer else path.classification
    if surer and path.status not in (Status.ISOLATED, Status.IN_HOSPITAL):
        path.status = found
