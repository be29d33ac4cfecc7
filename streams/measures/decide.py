"""Whether a measure that was asked for is in force: a pure function of what was asked, of what is known of the person, and of the policy.

Only evidence that happened before the moment from which the measure shall hold counts, whenever the bus came to know of it: nobody is marked in advance. Of
several pieces the one that supports the measure longest is named. A finding of illness counts no more when the person recovered or was ruled out.
"""

from __future__ import annotations

from collections.abc import Iterable

from pydantic import Field

from schemas.models.case import Entry, LinkedCase, Role, What
from schemas.models.fact import Millis, Model
from schemas.models.measure import MeasureAsked, MeasureInForce, MeasureRefused, Refusal
from streams.policy import WARRANTS, Policy

_LIFTS = (What.RULED_OUT, What.RECOVERED, What.DIED)


class Sign(Model):
    """A line of the timeline that may warrant a measure: what, from when, until when (UTC milliseconds), by which evidence.

    `lifted` is the moment, UTC milliseconds, at which the person was found to be ill no more.
    """

    what: What
    at: Millis
    until: Millis
    lifted: Millis | None = None
    evidence: str


class Known(Model):
    """What a linked case tells of measures; `case` is its id, '' without one."""

    case: str = ""
    signs: list[Sign] = Field(default_factory=list)


def known(case: LinkedCase) -> Known:
    """What a case tells. Of a person who was ruled out, no finding is left."""
    signs = [
        Sign(what=entry.what, at=entry.at, until=entry.until, lifted=_lifted(case, entry), evidence=entry.evidence)
        for entry in case.timeline
        if entry.what in WARRANTS and (WARRANTS[entry.what] is not Role.CASE or case.classification is not None)
    ]
    return Known(case=case.id, signs=signs)


def _lifted(case: LinkedCase, found: Entry) -> Millis | None:
    """When a finding was; a contact or a return is not undone by health."""
    if WARRANTS[found.what] is not Role.CASE:
        return None
    return min((entry.at for entry in case.timeline if entry.what in _LIFTS and entry.at >= found.at), default=None)


def decide(asked: MeasureAsked, signs: Iterable[Sign], policy: Policy) -> MeasureInForce | MeasureRefused:
    """The measure, or why it is refused."""
    rule = policy.measures[asked.kind]
    if not asked.official.startswith(tuple(policy.officials)):
        return _refused(asked, Refusal.NOT_ENTITLED)
    if asked.until - asked.at > rule.longest:
        return _refused(asked, Refusal.TOO_LONG)
    if asked.reason not in {WARRANTS[what] for what in rule.warrants}:
        return _refused(asked, Refusal.NOT_FOR_THIS)
    ends = {sign.evidence: _end(sign, rule.warrants[sign.what])
            for sign in signs if sign.at <= asked.at and sign.what in rule.warrants and WARRANTS[sign.what] is asked.reason}  # fmt: skip
    if not ends:
        return _refused(asked, Refusal.NO_EVIDENCE)
    evidence = min(ends, key=lambda one: (-ends[one], one))
    if ends[evidence] <= asked.at:
        return _refused(asked, Refusal.NO_LONGER)
    return MeasureInForce.of(causes=sorted((asked.id, evidence)), request=asked.id, person=asked.person, **_content(asked, min(asked.until, ends[evidence])))


def _end(sign: Sign, within: int) -> Millis:
    """Until when a piece of evidence supports a measure."""
    end = sign.until + within
    return end if sign.lifted is None else min(end, sign.lifted)


def _refused(asked: MeasureAsked, why: Refusal) -> MeasureRefused:
    return MeasureRefused.of(causes=[asked.id], why=why, **_content(asked, asked.until))


def _content(asked: MeasureAsked, until: Millis) -> dict[str, object]:
    return {"at": asked.at, "until": until, "official": asked.official, "kind": asked.kind, "reason": asked.reason, "region": asked.region}
