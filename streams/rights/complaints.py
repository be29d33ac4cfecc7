"""How far a complaint is: a pure function of the complaint, of what was said to it, and of the latest tick.

What was said before the complaint was made does not count. The first conclusion ends it. Until an authority has accepted it, it is due by when that has to be
told, and then by when it has to be concluded; when both are late, whoever is above has to see to it.
"""

from __future__ import annotations

from collections.abc import Iterable

from schemas.models.fact import Millis
from schemas.models.rights import AnswerReport, AnswerStep, Complaint, ComplaintReport, ComplaintState
from streams.late import risen, rises
from streams.policy import Policy

_CONCLUDES = {AnswerStep.UPHELD: ComplaintState.UPHELD, AnswerStep.NOT_UPHELD: ComplaintState.NOT_UPHELD}
_ORDER = list(AnswerStep)
"""Of one moment, so that no order of arrival shows."""
_COUNTY = 6
"""Digits of a county, which answers unless it passes the complaint on (信访工作条例, 2022, article 4: where it arises, at the level that is responsible)."""


def complaint(reports: Iterable[ComplaintReport], answers: Iterable[AnswerReport], now: Millis, policy: Policy) -> Complaint | None:
    """How far it is; None when nobody complains any more."""
    report = min(reports, key=lambda one: (one.at, one.id), default=None)
    if report is None:
        return None
    said = sorted((one for one in answers if one.at >= report.at), key=lambda one: (one.at, _ORDER.index(one.step), one.by, one.to or "", one.id))
    end = next((one for one in said if one.step in _CONCLUDES), None)
    accepted = next((one for one in said if one.step is AnswerStep.ACCEPTED), None)
    due = report.at + (policy.complaints["conclude"] if accepted else policy.complaints["accept"])
    state, at, escalated = ComplaintState.ACCEPTED if accepted else ComplaintState.OPEN, accepted.at if accepted else report.at, None
    answered_by = next((one.to for one in reversed(said) if one.to), (report.region or "")[:_COUNTY])
    if end:
        state, at = _CONCLUDES[end.step], end.at
    elif now > due:
        state = ComplaintState.OVERDUE
        at, escalated = risen(due, now, answered_by, policy)
    return Complaint.of(
        causes=sorted({report.id, *(one.id for one in said)}), at=at, alias=report.alias, number=report.number, about=report.about, concerns=report.concerns,
        region=report.region, since=report.at, answered_by=answered_by, due=due, state=state, escalated_to=escalated, by=end.by if end else None,
    )  # fmt: skip


def changes_at(one: Complaint, now: Millis, policy: Policy) -> Millis | None:
    """The moment after which a complaint is another than it is at `now`, if nothing more is told; None if there is none."""
    if one.state in _CONCLUDES.values():
        return None
    return min((at for at in rises(one.due, policy) if at >= now), default=None)
