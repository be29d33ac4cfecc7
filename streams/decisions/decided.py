"""The one rule of what two people decide: one proposes, another approves, anyone ends it before its time.

What follows is a function of the set of facts: of several approvals the earliest counts, of several ends the one that ends it first, and what was once taken
back counts no more, in whatever order they are read.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from schemas.models.control import AreaApproval, AreaEnd, AreaProposal, LevelApproval, LevelEnd, LevelInForce, LevelProposal, RiskArea
from schemas.models.fact import Fact, Millis

F = TypeVar("F", bound=Fact)
P = TypeVar("P", bound=LevelProposal | AreaProposal)
A = TypeVar("A", bound=LevelApproval | AreaApproval)
E = TypeVar("E", bound=LevelEnd | AreaEnd)
D = TypeVar("D", bound=LevelInForce | RiskArea)


@dataclass(frozen=True, slots=True)
class Decisions(Generic[P, D]):
    """The sound proposals in order, those that wait for a second person, and by proposal what was approved, with its early end if it has one."""

    proposals: list[P] = field(default_factory=list)
    waiting: list[P] = field(default_factory=list)
    declared: dict[str, D] = field(default_factory=dict)


def decided(
    proposals: Iterable[P], approvals: Iterable[A], ends: Iterable[E], wrong: Callable[[P], str], in_force: Callable[[P, A, Millis, list[str]], D]
) -> Decisions[P, D]:
    """What is decided after these.

    `wrong` says what is wrong with a proposal, or ''. `in_force` makes the fact of a proposal with its approval, the moment when it ends, and its causes.
    An approval or end that names another division than its proposal counts nothing: who signed it may have no say there.
    """
    sound = {one.id: one for one in stand(proposals) if not wrong(one)}
    found: dict[str, D] = {}
    over = stand(ends)
    for approval in sorted(stand(approvals), key=lambda one: (one.at, one.id)):
        proposal = sound.get(approval.proposal)
        if proposal and proposal.by != approval.by and proposal.region == approval.region and proposal.id not in found:
            early = [end for end in over if end.proposal == proposal.id and end.region == proposal.region]
            until = min([proposal.until, *(end.until for end in early)])
            counted = sorted(end.id for end in early if end.until == until)[:1]
            found[proposal.id] = in_force(proposal, approval, until, [proposal.id, approval.id, *counted])
    return Decisions(list(sound.values()), [one for one in sound.values() if one.id not in found], found)


def stand(facts: Iterable[F]) -> list[F]:
    """Those that nobody ever took back, each once, in their order."""
    told = list(facts)
    gone = {one.id for one in told if one.retracted}
    return list({one.id: one for one in told if one.id not in gone}.values())
