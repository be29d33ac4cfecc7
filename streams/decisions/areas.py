"""Risk areas as people decide them: what a declaration must be, and what is one by it."""

from __future__ import annotations

import re

from schemas.models.control import AreaApproval, AreaProposal, RiskArea
from schemas.models.fact import Millis
from streams import basis
from streams.normalise.errors import Unusable
from streams.normalise.regions import region as division

_DAY = 86_400_000
_COUNTRY = re.compile(r"[A-Z]{2}")


def wrong(proposal: AreaProposal, longest: Millis) -> str:
    """What is wrong with a declaration, or ''."""
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


def in_force(proposal: AreaProposal, approval: AreaApproval, until: Millis, causes: list[str]) -> RiskArea:
    """The area of a declaration that was approved."""
    return RiskArea.of(causes=causes, at=proposal.since, region=proposal.region, legal_basis=proposal.legal_basis, until=until, by=proposal.by,
                       approved_by=approval.by)  # fmt: skip
