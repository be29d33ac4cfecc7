"""Risk areas as people decide them: one declares, another approves, anyone ends before the time.

As with levels, nothing is believed because it is on a topic, and what is told on `control.area` the stage `decisions` tells by the same rule.
"""

from __future__ import annotations

from collections.abc import Iterable

from connectors.reader import Reader
from deploy.everywhere import NotDecided, counting, one_of
from schemas.models.control import AreaApproval, AreaEnd, AreaProposal, RiskArea
from schemas.models.fact import Millis
from schemas.signing import Signatures
from streams.decisions import decided
from streams.decisions.areas import in_force, wrong

TOPIC = "control.area"
Decisions = decided.Decisions[AreaProposal, RiskArea]


def decisions(proposals: Iterable[AreaProposal], approvals: Iterable[AreaApproval], ends: Iterable[AreaEnd], longest: Millis) -> Decisions:
    """What is decided after these, each in the order of its topic. A proposal or approval that was taken back counts no more."""
    return decided.decided(proposals, approvals, ends, lambda one: wrong(one, longest), in_force)


def declared(proposal: AreaProposal, longest: Millis) -> AreaProposal:
    """The proposal, if it can be made. Raises NotDecided."""
    if problem := wrong(proposal, longest):
        raise NotDecided(problem)
    return proposal


def approved(found: Decisions, proposal: str, by: str, now: Millis) -> AreaApproval:
    """The approval of the proposal that waits and whose id begins so, by another person. Raises NotDecided."""
    one = one_of(found.waiting, proposal, "wait", "areas")
    if one.by == by:
        raise NotDecided("a risk area is approved by another person than the one who declared it")
    return AreaApproval.of(causes=[one.id], at=now, region=one.region, proposal=one.id, by=by)


def ended(found: Decisions, proposal: str, until: Millis | None, by: str, reason: str, now: Millis) -> AreaEnd:
    """The end of the area whose proposal's id begins so; without a moment it never was one. Raises NotDecided when it is over by then anyway."""
    one = one_of([each for each in found.proposals if each.id in found.declared], proposal, "were approved", "areas")
    last = one.since if until is None else max(until, one.since)
    if last >= found.declared[one.id].until:
        raise NotDecided("it ends before that anyway; an area lasts longer by a declaration of its own")
    return AreaEnd.of(causes=[one.id], at=now, region=one.region, proposal=one.id, until=last, by=by, reason=reason)


def read(reader: Reader, longest: Millis, signatures: Signatures) -> Decisions:
    """What is decided by what counts on the topics: the same that the stage `decisions` tells the bus."""
    return decisions(
        counting(reader, signatures, "area.proposal", AreaProposal), counting(reader, signatures, "area.approval", AreaApproval),
        counting(reader, signatures, "area.end", AreaEnd), longest,
    )  # fmt: skip
