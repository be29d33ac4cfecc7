"""Risk areas as people decide them: one declares, another approves, anyone ends before the time; and what the bus is told of it.

As with levels, nothing is believed because it is on a topic: an approval counts only of a proposal that is there, is sound, and is somebody else's.
What is told on `control.area` follows from the three topics alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from connectors.reader import Reader
from deploy import everywhere
from deploy.everywhere import NotDecided, one_of
from schemas.models.control import AreaApproval, AreaEnd, AreaProposal, RiskArea
from schemas.models.fact import Millis
from streams import basis
from streams.normalise.errors import Unusable
from streams.normalise.regions import region as division

TOPIC = "control.area"
_DAY = 86_400_000
_COUNTRY = re.compile(r"[A-Z]{2}")


Decisions = everywhere.Decisions[AreaProposal, RiskArea]


def decisions(proposals: Iterable[AreaProposal], approvals: Iterable[AreaApproval], ends: Iterable[AreaEnd], longest: Millis) -> Decisions:
    """What is decided after these, each in the order of its topic. A proposal or approval that was taken back counts no more."""
    return everywhere.decided(proposals, approvals, ends, lambda one: wrong(one, longest), _in_force)


def wrong(proposal: AreaProposal, longest: Millis) -> str:
    """What is wrong with a proposal, or ''."""
    if not _COUNTRY.fullmatch(proposal.region):
        try:
            shortest = division(proposal.region)
        except Unusable as error:
            return f"area {proposal.region}: {error}, or a country as two capital letters (ISO 3166-1)"
        if shortest != proposal.region:
            return f"area {proposal.region} is the same as {shortest}: write it so"
    if proposal.region == "CN":
        return "all of the country is no risk area: name its provinces or smaller divisions"
    if not basis.known(proposal.legal_basis):
        return f"the legal basis names no known law with its article: one of {', '.join(basis.laws())}, and `art. 27` or `第二十七条`"
    if proposal.until <= proposal.since:
        return "it ends before it begins"
    if proposal.until - proposal.since > longest:
        return f"it lasts longer than the {longest // _DAY} days of the policy: declare it for less, and anew when it is over"
    return ""


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


def _in_force(proposal: AreaProposal, approval: AreaApproval, until: Millis, causes: list[str]) -> RiskArea:
    return RiskArea.of(causes=causes, at=proposal.since, region=proposal.region, legal_basis=proposal.legal_basis, until=until, by=proposal.by,
                       approved_by=approval.by)  # fmt: skip


def read(reader: Reader, longest: Millis) -> Decisions:
    """What is decided by the topics."""
    proposals = [entry.value for entry in reader.read("area.proposal") if isinstance(entry.value, AreaProposal)]
    approvals = [entry.value for entry in reader.read("area.approval") if isinstance(entry.value, AreaApproval)]
    ends = [entry.value for entry in reader.read("area.end") if isinstance(entry.value, AreaEnd)]
    return decisions(proposals, approvals, ends, longest)
