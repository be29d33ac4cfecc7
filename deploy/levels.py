"""Levels as people decide them: one proposes, another approves, anyone ends before the time; and what the bus is told of it.

Nothing is believed because it is on a topic: an approval counts only of a proposal that is there, is sound, and is somebody else's. What is told on
`control.level` follows from the three topics alone, so `deploy.everywhere.tell` can be repeated, and mends what a command
that was killed left half told.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from connectors.reader import Reader
from deploy import everywhere
from deploy.everywhere import NotDecided, one_of
from schemas.models.control import Level, LevelApproval, LevelEnd, LevelInForce, LevelProposal
from schemas.models.fact import Millis
from streams import basis
from streams.normalise.errors import Unusable
from streams.normalise.regions import region as division
from streams.policy import Allowed

TOPIC = "control.level"
_DAY = 86_400_000
_BACK = _DAY
"""How long before its proposal a level can begin: a decision counts from its day on, and nobody's past is opened by it."""


Decisions = everywhere.Decisions[LevelProposal, LevelInForce]


def decisions(proposals: Iterable[LevelProposal], approvals: Iterable[LevelApproval], ends: Iterable[LevelEnd], allowed: Mapping[Level, Allowed]) -> Decisions:
    """What is decided after these, each in the order of its topic. A proposal or approval that was taken back counts no more."""
    return everywhere.decided(proposals, approvals, ends, lambda one: wrong(one, allowed), _in_force)


def wrong(proposal: LevelProposal, allowed: Mapping[Level, Allowed]) -> str:
    """What is wrong with a proposal, or ''."""
    try:
        shortest = division(proposal.region)
    except Unusable as error:
        return f"region {proposal.region}: {error}"
    if shortest != proposal.region:
        return f"region {proposal.region} is the same as {shortest}: write it so"
    longest = allowed[proposal.level].longest
    if longest is None:
        return "peace needs no decision: it is where nothing else is in force; `lianfang levels end` ends a level early"
    if not basis.known(proposal.legal_basis):
        return f"the legal basis names no known law with its article: one of {', '.join(basis.laws())}, and `art. 27` or `第二十七条`"
    if proposal.until <= proposal.since:
        return "it ends before it begins"
    if proposal.until - proposal.since > longest:
        return f"it lasts longer than the {longest // _DAY} days of the policy: propose it for less, and anew when it is over"
    return ""


def proposed(proposal: LevelProposal, allowed: Mapping[Level, Allowed], *, past: bool = False) -> LevelProposal:
    """The proposal, if it can be made; one for a time before its day only if that is meant (`past`). Raises NotDecided."""
    if problem := wrong(proposal, allowed):
        raise NotDecided(problem)
    if proposal.since < proposal.at - _BACK and not past:
        raise NotDecided("it begins more than a day ago, and would open the past of who was found since: if that is meant, add --past")
    return proposal


def approved(found: Decisions, proposal: str, by: str, now: Millis) -> LevelApproval:
    """The approval of the proposal that waits and whose id begins so, by another person. Raises NotDecided."""
    one = one_of(found.waiting, proposal, "wait", "levels")
    if one.by == by:
        raise NotDecided("a level is approved by another person than the one who proposed it")
    return LevelApproval.of(causes=[one.id], at=now, region=one.region, proposal=one.id, by=by)


def ended(found: Decisions, proposal: str, until: Millis, by: str, reason: str, now: Millis) -> LevelEnd:
    """The end of the level whose proposal's id begins so. Raises NotDecided when it is over by then anyway."""
    one = one_of([each for each in found.proposals if each.id in found.declared], proposal, "were approved", "levels")
    if until >= found.declared[one.id].until:
        raise NotDecided("it ends before that anyway; a level is made longer by a proposal of its own")
    return LevelEnd.of(causes=[one.id], at=now, region=one.region, proposal=one.id, until=max(until, one.since), by=by, reason=reason)


def _in_force(proposal: LevelProposal, approval: LevelApproval, until: Millis, causes: list[str]) -> LevelInForce:
    return LevelInForce.of(causes=causes, at=proposal.since, region=proposal.region, level=proposal.level, legal_basis=proposal.legal_basis, until=until,
                           by=proposal.by, approved_by=approval.by)  # fmt: skip


def read(reader: Reader, allowed: Mapping[Level, Allowed]) -> Decisions:
    """What is decided by the topics."""
    proposals = [entry.value for entry in reader.read("level.proposal") if isinstance(entry.value, LevelProposal)]
    approvals = [entry.value for entry in reader.read("level.approval") if isinstance(entry.value, LevelApproval)]
    ends = [entry.value for entry in reader.read("level.end") if isinstance(entry.value, LevelEnd)]
    return decisions(proposals, approvals, ends, allowed)
