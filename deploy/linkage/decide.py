"""Stewards' decisions as facts: made, replaced, and taken back."""

from __future__ import annotations

from collections.abc import Sequence

from deploy.linkage.measure import pair
from schemas.models.fact import Millis
from schemas.models.identity import Judgement, Verdict
from schemas.vocabulary import vocabulary

KEY = "{0.a} {0.b}"


def reasons(what: str) -> dict[str, list[str]]:
    """The words for why: `decide`, `undo` or `look`; each in Chinese and English."""
    found: dict[str, list[str]] = vocabulary("reasons")[what]
    return found


def decided(one: str, other: str, verdict: Verdict, by: str, why: str, now: Millis, standing: Sequence[Judgement]) -> list[Judgement]:
    """What to write so that this decision counts: itself, and the retractions of those that stand, in this order, so that the pair is never without one.

    It is later than all that stand, also where the clock that they were made by was ahead.
    """
    a, b = pair(one, other)
    at = max([now, *(each.at + 1 for each in standing)])
    return [Judgement.of(causes=[], at=at, a=a, b=b, verdict=verdict, decider=by, reason=why), *taken_back(standing, by, why)]


def taken_back(standing: Sequence[Judgement], by: str, why: str) -> list[Judgement]:
    """The retractions of decisions. Each tells who took it back and why; its id says what."""
    return [each.taken_back().model_copy(update={"decider": by, "reason": why}) for each in standing]
