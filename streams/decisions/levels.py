"""Levels as people decide them: what a proposal must be, and what is in force by it."""

from __future__ import annotations

from collections.abc import Mapping

from schemas.models.control import Level, LevelApproval, LevelInForce, LevelProposal
from schemas.models.fact import Millis
from streams import basis
from streams.levels import Allowed
from streams.normalise.errors import Unusable
from streams.normalise.regions import region as division

_DAY = 86_400_000


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


def in_force(proposal: LevelProposal, approval: LevelApproval, until: Millis, causes: list[str]) -> LevelInForce:
    """The level of a proposal that was approved."""
    return LevelInForce.of(causes=causes, at=proposal.since, region=proposal.region, level=proposal.level, legal_basis=proposal.legal_basis, until=until,
                           by=proposal.by, approved_by=approval.by)  # fmt: skip
