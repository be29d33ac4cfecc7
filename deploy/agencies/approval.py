"""Approval of agency files: one person proposes what a file says, another approves its digest, and the one that was approved last counts.

Nothing is believed because it is on a topic: whoever reads the approvals holds each against its proposal again. An approval of a proposal that is older than
the one that counts is none, so nobody alone can bring back what was once approved.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from deploy.agencies.check import findings
from deploy.agencies.rules import Severity
from schemas.agency import Agency
from schemas.models.control import AgencyApproval, AgencyProposal
from schemas.models.fact import Millis

SHORTEST = 12
"""Digits of a digest that must be given at least."""


class NotApproved(Exception):
    """A proposal or approval is not possible so, or agencies have none; the message says what to do."""


@dataclass(frozen=True, slots=True)
class Approvals:
    """The proposals in order, those that were taken back, and by agency the proposal that counts with who approved it."""

    proposals: list[AgencyProposal] = field(default_factory=list)
    gone: frozenset[str] = frozenset()
    counts: dict[str, tuple[AgencyProposal, AgencyApproval]] = field(default_factory=dict)
    used: frozenset[str] = frozenset()
    """Ids of proposals that were approved once, also those whose approval was taken back."""

    def waiting(self) -> list[AgencyProposal]:
        """By agency the newest proposal, unless it was taken back or approved."""
        newest = {one.agency: one for one in self.proposals}
        return [one for _, one in sorted(newest.items()) if one.id not in self.used | self.gone]


def approvals(proposals: Iterable[AgencyProposal], approved: Iterable[AgencyApproval]) -> Approvals:
    """What counts after these, each in the order of its topic.

    Of an agency whose approval was taken back no file counts until another is approved; the one before does not come back by that.
    """
    told = list(proposals)
    sound = [one for one in told if not one.retracted and _sound(one)]
    place, counts = {one.id: number for number, one in enumerate(sound)}, dict[str, tuple[AgencyProposal, AgencyApproval]]()
    newest: dict[str, int] = {}
    used: set[str] = set()
    for one in approved:
        number = place.get(one.proposal)
        if number is None:
            continue
        proposal = sound[number]
        if one.retracted:
            if proposal.agency in counts and counts[proposal.agency][1].id == one.id:
                del counts[proposal.agency]
        elif one.by != proposal.by and one.digest == proposal.digest and newest.get(proposal.agency, -1) < number:
            counts[proposal.agency], newest[proposal.agency] = (proposal, one), number
            used.add(proposal.id)
    return Approvals(sound, frozenset(one.id for one in told if one.retracted), counts, frozenset(used))


def proposed(agency: Agency, by: str, reason: str, now: Millis) -> AgencyProposal:
    """The proposal of an agency; raises NotApproved when a rule refuses it."""
    _allowed(agency)
    return AgencyProposal.of(causes=[], at=now, agency=agency.name, digest=agency.digest, content=agency.content, by=by, reason=reason)


def approved(found: Approvals, digest: str, by: str, now: Millis) -> tuple[AgencyProposal, AgencyApproval]:
    """The newest proposal whose digest begins so, with the approval by another person. Raises NotApproved."""
    if len(digest) < SHORTEST:
        raise NotApproved(f"give at least {SHORTEST} digits of the digest: `lianfang agencies list` shows those that wait")
    mine = [one for one in found.waiting() if one.digest.startswith(digest)]
    if len(mine) != 1:
        many = f"{len(mine) or 'no'} proposals that wait begin with {digest}"
        raise NotApproved(f"{many}: `lianfang agencies list` shows them; an older one is to be proposed again")
    (proposal,) = mine
    if proposal.by == by:
        raise NotApproved("an agency file is approved by another person than the one who proposed it")
    _allowed(content_of(proposal))
    return proposal, AgencyApproval.of(causes=[proposal.id], at=now, agency=proposal.agency, proposal=proposal.id, digest=proposal.digest, by=by)


def content_of(proposal: AgencyProposal) -> Agency:
    """The agency that a proposal says."""
    return Agency.model_validate_json(proposal.content)


def unapproved(agencies: Sequence[Agency], found: Approvals) -> list[str]:
    """The agencies whose files are not those that count, each with what to do."""
    told = []
    for agency in agencies:
        counts = found.counts.get(agency.name)
        if counts is None:
            told.append(f"{agency.name}: nobody approved any file of it")
        elif counts[0].digest != agency.digest:
            told.append(f"{agency.name}: the file is {agency.digest[:SHORTEST]}, and {counts[0].digest[:SHORTEST]} was approved by {counts[1].by}")
    return told


def _allowed(agency: Agency) -> None:
    if refused := [one for one in findings(agency) if one.severity is Severity.REFUSED]:
        raise NotApproved(f"a rule refuses it, `lianfang agencies check` tells all: {refused[0].where}: {refused[0].problem}")


def _sound(proposal: AgencyProposal) -> bool:
    """Whether the content is an agency, of this name, with this digest."""
    try:
        agency = content_of(proposal)
    except ValueError:
        return False
    return agency.name == proposal.agency and agency.digest == proposal.digest
