"""What officials add to the plan, by the measures that evidence supports: that somebody answers for an isolation, and a site. They add no days.

An order for more days than the plan is seen: from then on nothing else asks for it. Only for a patient has the plan no days; there the order says how long.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from schemas.models.case import LinkedCase, Role, What
from schemas.models.fact import Millis
from schemas.models.isolation import Hold, Isolation, MeasureBeyond
from schemas.models.measure import MeasureAsked, MeasureInForce
from schemas.models.record import MeasureKind, Work
from streams.isolation.days import due
from streams.isolation.plan import GROUNDS, Planned, latest, planned
from streams.measures.decide import decide, known
from streams.policy import Policy

_KINDS = (MeasureKind.ISOLATE_AT_HOME, MeasureKind.ISOLATE_CENTRALLY)
_TELLS = (Work.ORDER, Work.VISIT)
"""Tasks at which a person is told to stay apart."""


def orders(case: LinkedCase, asked: Iterable[MeasureAsked], policy: Policy) -> list[MeasureInForce]:
    """The orders of isolation that evidence supports, whatever the time, in an order that no arrival shows."""
    signs = known(case).signs
    found = [decide(one, signs, policy) for one in asked if one.kind in _KINDS]
    return sorted((one for one in found if isinstance(one, MeasureInForce)), key=lambda one: (one.at, one.until, one.official, one.kind, one.id))


def isolation(case: LinkedCase, found: Sequence[MeasureInForce], now: Millis, policy: Policy) -> Isolation | None:
    """The last isolation of a person when the latest tick is `now`."""
    plan = planned(case, policy)
    return _of_plan(case, plan, found, now) if plan else _of_order(case, [one for one in found if one.reason is Role.CASE], now)


def _of_plan(case: LinkedCase, plan: Planned, found: Sequence[MeasureInForce], now: Millis) -> Isolation:
    first, until = plan.grounds[0], plan.due.until
    mine = [one for one in found if one.reason is not Role.CASE and one.at < until and one.until > first.at]
    sites = [min(one.until, until) for one in mine if one.kind is MeasureKind.ISOLATE_CENTRALLY]
    causes = {line.evidence for line in plan.grounds} | {one.request for one in mine}
    return Isolation.of(
        causes=sorted(causes), at=first.at, person=case.person, reason=GROUNDS[plan.longest.what], ground=first.what, evidence=first.evidence, until=until,
        site_until=latest([plan.due.site_until, *sites]), edition=plan.due.edition, official=mine[-1].official if mine else None,
        ordered_until=latest(one.until for one in mine),
        told=_told(case, first.at, mine), region=case.community or first.region, state=_state(until, now),
    )  # fmt: skip


def _of_order(case: LinkedCase, found: Sequence[MeasureInForce], now: Millis) -> Isolation | None:
    if not found:
        return None
    one = found[-1]
    site_until = one.until if one.kind is MeasureKind.ISOLATE_CENTRALLY else None
    return Isolation.of(
        causes=list(one.causes), at=one.at, person=case.person, reason=one.reason, ground=What.ISOLATED, evidence=one.request, until=one.until,
        site_until=site_until, official=one.official, ordered_until=one.until, told=one.at, region=case.community or one.region, state=_state(one.until, now),
    )  # fmt: skip


def _told(case: LinkedCase, since: Millis, found: Sequence[MeasureInForce]) -> Millis | None:
    done = [line.at for line in case.timeline if line.what is What.DONE and line.note.split(" ")[0] in _TELLS and line.at >= since]
    return min([*done, *(one.at for one in found)], default=None)


def _state(until: Millis, now: Millis) -> Hold:
    return Hold.LIFTED if now >= until else Hold.ISOLATING


def beyond(case: LinkedCase, found: Sequence[MeasureInForce], policy: Policy) -> list[MeasureBeyond]:
    """The orders for contacts and returnees that ask for more days than the plan."""
    lines = [line for line in case.timeline if line.what in (What.CONTACT, What.RETURNED)]
    ends = {line.evidence: term.until if (term := due(line.until, GROUNDS[line.what], policy.isolation)) else line.until for line in lines}
    told = []
    for one in found:
        last = max([one.at, *(ends[line.evidence] for line in lines if line.at < one.until)])
        if one.reason is not Role.CASE and one.until > last:
            told.append(MeasureBeyond.of(causes=[one.request], at=last, official=one.official, kind=one.kind, reason=one.reason, region=one.region,
                                         until=one.until))  # fmt: skip
    return told
