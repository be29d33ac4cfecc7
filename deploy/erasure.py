"""Erasing a person: one proposes, another approves, what stands is taken back, and the keys are destroyed.

The approval is a fact that names the aliases and the last generation of each key, written before anything else happens. So an erasure that was stopped anywhere
is carried out by approving it again, and comes to the same.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from deploy import clock
from schemas.models.control import Erasure, ErasureApproval, ErasureProposal
from schemas.models.fact import Millis
from schemas.models.identity import Link
from schemas.vault import Vault

PIECES = 16
SHORTEST = 12
"""Digits of an id that must be given at least."""


class NotErased(Exception):
    """An erasure is not possible so; the message says what to do."""


@dataclass(frozen=True, slots=True)
class Erasures:
    """What was proposed, in order, and what was approved, by the id of the proposal."""

    proposals: list[ErasureProposal] = field(default_factory=list)
    approvals: dict[str, ErasureApproval] = field(default_factory=dict)

    def one(self, beginning: str) -> ErasureProposal:
        """The proposal whose id begins so; raises NotErased."""
        found = [one for one in self.proposals if one.id.startswith(beginning)] if len(beginning) >= SHORTEST else []
        if len(found) != 1:
            raise NotErased(f"{len(found) or 'no'} proposals begin with it: give {SHORTEST} digits or more of one that `lianfang erase list` shows")
        return found[0]


def erasures(proposals: Iterable[ErasureProposal], approvals: Iterable[ErasureApproval]) -> Erasures:
    """What counts of these, each in the order of its topic: an approval by who proposed is none, and the first one counts."""
    told = {one.id: one for one in proposals if not one.retracted}
    found: dict[str, ErasureApproval] = {}
    for one in approvals:
        proposal = told.get(one.proposal)
        if proposal and proposal.by != one.by and len(one.aliases) == len(one.generations):
            found.setdefault(one.proposal, one)
    return Erasures(list(told.values()), found)


def aliases_of(person: str, links: Iterable[Link], more: Iterable[str] = ()) -> list[str]:
    """The aliases of a person by the links that stand, with the person's key itself and those named by hand, sorted."""
    return sorted({person, *more, *(link.alias for link in links if link.person == person and not link.retracted)})


def proposed(person: str, links: Sequence[Link], more: Iterable[str], by: str, reason: str, now: Millis) -> ErasureProposal:
    """The proposal; raises NotErased for who is no person here, or when one named by hand is an alias of somebody else."""
    if not any(person == link.person for link in links if not link.retracted):
        raise NotErased("no person has this key now: `lianfang cases list` and `lianfang identity explain` show keys; a person who was merged has another")
    others = {link.alias for link in links if link.person != person and not link.retracted}
    if wrong := sorted(set(more) & others):
        raise NotErased(f"{', '.join(wrong)} is of another person now: erase that one, or decide with `lianfang identity review` first")
    return ErasureProposal.of(causes=[], at=now, person=person, aliases=aliases_of(person, links, more), by=by, reason=reason)


def approved(found: Erasures, proposal: ErasureProposal, links: Sequence[Link], vault: Vault, by: str, now: Millis) -> ErasureApproval:
    """The approval that counts, or a new one, for which the present generations of all keys are ended. Raises NotErased for who proposed it."""
    if by == proposal.by:
        raise NotErased("an erasure is approved by another person than the one who proposed it")
    if proposal.id in found.approvals:
        return found.approvals[proposal.id]
    aliases = aliases_of(proposal.person, links, proposal.aliases)
    ended = vault.close(aliases)
    generations = [ended.get(alias, 0) for alias in aliases]
    return ErasureApproval.of(causes=[proposal.id], at=now, proposal=proposal.id, person=proposal.person, aliases=aliases, generations=generations, by=by)


def ended(approval: ErasureApproval) -> dict[str, int]:
    """By alias the last generation that is erased, of those that ever had a key."""
    return {alias: generation for alias, generation in zip(approval.aliases, approval.generations, strict=True) if generation}


def said(approval: ErasureApproval, pieces: int = PIECES) -> Iterator[Erasure]:
    """What is said to normalise, in pieces for some slots of records."""
    for alias, generation in ended(approval).items():
        for first, last in clock.pieces(pieces):
            yield Erasure(alias=alias, generation=generation, first=first, last=last, cause=approval.id)
