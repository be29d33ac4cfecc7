"""Renewing the secret of tokens: two people decide it, and what people decided before goes on under other tokens. Pure.

What stands of records is carried by `deploy.carrying`; everything that follows from it is computed anew. deploy/decisions/021-secret-of-tokens.md says why.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from schemas.models.case import LinkedCase
from schemas.models.fact import Millis
from schemas.models.identity import Judgement, Link
from schemas.models.rotation import RotationApproval, RotationProposal

COPIED = ("level.proposal", "level.approval", "level.end", "area.proposal", "area.approval", "area.end",
          "agency.proposal", "agency.approval", "identity.model", "control.tick")  # fmt: skip
"""What people and clocks said that names nobody: copied word for word with its signatures, partition by partition."""
RENAMED = ("identity.decision",)
"""What people decided about aliases. Their signatures are over the tokens of before, so where there is a register of staff they decide again."""
LEFT = {
    "rotation.proposal": "of this bus", "rotation.approval": "of this bus",
    "repair.proposal": "rejects are told anew where a record is sent again", "repair.approval": "as its proposal",
    "erasure.proposal": "carried out before: its records stand nowhere", "erasure.approval": "as its proposal", "control.erasure": "as its approval",
    "reject.look": "in the log", "identity.look": "in the log", "case.look": "in the log",
    "control.rules": "told by the workers of the bus",
}  # fmt: skip
"""What is not carried of what people, clocks and workers said, and why."""
SHORTEST = 8
"""Digits of a proposal's id that must be given at least."""


class NotRenewed(Exception):
    """The secret cannot be renewed so; the message says what to do."""


@dataclass(frozen=True, slots=True)
class Rotations:
    """What was proposed, in order, and what was approved, by the id of the proposal."""

    proposals: list[RotationProposal] = field(default_factory=list)
    approvals: dict[str, RotationApproval] = field(default_factory=dict)

    def one(self, beginning: str) -> RotationProposal:
        """The proposal whose id begins so; raises NotRenewed."""
        found = [one for one in self.proposals if one.id.startswith(beginning)] if len(beginning) >= SHORTEST else []
        if len(found) != 1:
            raise NotRenewed(f"{len(found) or 'no'} proposals begin with it: give {SHORTEST} digits or more of one that `lianfang tokens rotate show` shows")
        return found[0]

    def decided(self, epoch: int) -> bool:
        """Whether two people decided that tokens shall be under so many secrets."""
        return any(one.epoch == epoch for one in self.approvals.values())


def rotations(proposals: Iterable[RotationProposal], approvals: Iterable[RotationApproval]) -> Rotations:
    """What counts of these, each in the order of its topic: an approval by who proposed is none, and the first one counts."""
    told = {one.id: one for one in proposals if not one.retracted}
    found: dict[str, RotationApproval] = {}
    for one in approvals:
        proposal = told.get(one.proposal)
        if proposal and proposal.by != one.by and proposal.epoch == one.epoch and not one.retracted:
            found.setdefault(one.proposal, one)
    return Rotations(list(told.values()), found)


def proposed(found: Rotations, epoch: int, by: str, reason: str, now: Millis) -> RotationProposal:
    """The proposal; raises NotRenewed when this bus is being left already."""
    if found.decided(epoch):
        raise NotRenewed("a renewal of the secret of this bus is approved already: `lianfang tokens rotate carry` goes on with it")
    return RotationProposal.of(causes=[], at=now, epoch=epoch, by=by, reason=reason)


def approved(found: Rotations, proposal: RotationProposal, by: str, now: Millis) -> RotationApproval:
    """The approval that counts, or a new one. Raises NotRenewed for who proposed it."""
    if by == proposal.by:
        raise NotRenewed("a renewal is approved by another person than the one who proposed it")
    return found.approvals.get(proposal.id) or RotationApproval.of(causes=[proposal.id], at=now, proposal=proposal.id, epoch=proposal.epoch, by=by)


def renamed(said: Judgement, renewed: Callable[[str], str]) -> Judgement:
    """A decision about two aliases, as it is under their tokens now; one that was taken back is taken back."""
    a, b = sorted((renewed(said.a), renewed(said.b)))
    found = Judgement.of(causes=said.causes, at=said.at, a=a, b=b, verdict=said.verdict, decider=said.decider, reason=said.reason)
    return found.taken_back() if said.retracted else found


def differing(before: tuple[Iterable[Link], Iterable[LinkedCase]], now: tuple[Iterable[Link], Iterable[LinkedCase]], renewed: Callable[[str], str]) -> int:
    """How many people are on one of two buses alone, with all their aliases and the status and roles of their cases; renamed from before to now."""
    return len(_people(*before, renewed) ^ _people(*now, lambda alias: alias))


def _people(links: Iterable[Link], cases: Iterable[LinkedCase], called: Callable[[str], str]) -> set[tuple[frozenset[str], str]]:
    of: dict[str, list[str]] = {}
    for link in links:
        of.setdefault(link.person, []).append(called(link.alias))
    says = {case.person: f"{case.status} {sorted(case.roles)}" for case in cases}
    return {(frozenset(aliases), says.get(person, "")) for person, aliases in of.items()}
