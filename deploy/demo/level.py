"""The level under which the demonstration happens, declared as a deployment does it: one proposes, another approves. In peace nobody would be traced."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import closing
from datetime import UTC, date, datetime

from deploy import levels
from deploy.bus import Bus
from deploy.everywhere import tell
from schemas.models.control import Level, LevelInForce, LevelProposal

_REGION, _BASIS = "53", "突发公共卫生事件应急条例, art. 27"
_PROPOSES, _APPROVES = "OP-DEMO-1", "OP-DEMO-2"
_DAY = 86_400_000
_AFTER = 7
"""Days after the last invented one on which some who fell ill are still found."""


def proposals(bus: Bus, first: date, days: int) -> list[LevelProposal]:
    """Emergencies in the province from the first day (UTC) until a week after the last, each as long as the policy allows."""
    longest = bus.policy.levels[Level.EMERGENCY].longest or _DAY
    start = int(datetime(first.year, first.month, first.day, tzinfo=UTC).timestamp() * 1000)
    return [
        LevelProposal.of(causes=[], at=since, region=_REGION, level=Level.EMERGENCY, legal_basis=_BASIS, since=since, until=since + longest,
                         by=_PROPOSES, reason="outbreak")
        for since in range(start, start + (days + _AFTER) * _DAY, longest)
    ]  # fmt: skip


def declare(bus: Bus, proposed: Iterable[LevelProposal]) -> list[LevelInForce]:
    """Put the proposals on the bus, approve each as another person, and tell every partition; what is in force then."""
    with closing(bus.reader()) as reader, closing(bus.publisher()) as publisher:
        for proposal in proposed:
            bus.write("level.proposal", [(proposal.region, levels.proposed(proposal, bus.policy.levels))])
            approval = levels.approved(levels.read(reader, bus.policy.levels), proposal.id, _APPROVES, proposal.at)
            bus.write("level.approval", [(approval.region, approval)])
        found = list(levels.read(reader, bus.policy.levels).declared.values())
        tell(bus, reader, publisher, levels.TOPIC, found)
    return found
