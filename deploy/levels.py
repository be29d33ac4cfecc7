"""Levels as people decide them: one proposes, another approves, anyone ends before the time.

Nothing is believed because it is on a topic: an approval counts only of a proposal that is there, is sound, and is somebody else's, and with a register of
staff only what they signed. What is told on `control.level` follows from the three topics alone, and the stage `decisions` tells it by the same rule.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from connectors.reader import Reader
from deploy.everywhere import NotDecided, counting, one_of
from schemas.models.control import Level, LevelApproval, LevelEnd, LevelInForce, LevelProposal
from schemas.models.fact import Millis
from schemas.signing import Signatures
from streams.decisions import decided
from streams.decisions.levels import in_force, wrong
from streams.levels import Allowed

TOPIC = "control.level"
_DAY = 86_400_000
_BACK = _DAY
"""How long before its proposal a level can begin: a decision counts from its day on, and nobody's past is opened by it."""


Decisions = decided.Decisions[LevelProposal, LevelInForce]


def decisions(proposals: Iterable[LevelProposal], approvals: Iterable[LevelApproval], ends: Iterable[LevelEnd], allowed: Mapping[Level, Allowed]) -> Decisions:
    """What is decided after these, each in the order of its topic. A proposal or approval that was taken back counts no more."""
    return decided.decided(proposals, approvals, ends, lambda one: wrong(one, allowed), in_force)


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


def read(reader: Reader, allowed: Mapping[Level, Allowed], signatures: Signatures) -> Decisions:
    """What is decided by what counts on the topics: the same that the stage `decisions` tells the bus."""
    return decisions(
        counting(reader, signatures, "level.proposal", LevelProposal), counting(reader, signatures, "level.approval", LevelApproval),
        counting(reader, signatures, "level.end", LevelEnd), allowed,
    )  # fmt: skip
