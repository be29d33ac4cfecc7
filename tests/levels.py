"""Levels for stories and measurements that assume that contacts are traced: an emergency in the provinces of their places, for as long as they last.

Nobody is traced in peace, so each bus of the tests declares them first: one in memory by `declare`, one on a broker by `declare_on`.
"""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import closing
from datetime import UTC, datetime

from deploy.access.roles import STEWARD
from deploy.areas import TOPIC as AREAS
from deploy.bus import Bus as Deployed
from deploy.levels import TOPIC
from deploy.scenarios.play import renewed
from schemas.models.control import Level, LevelApproval, LevelInForce, LevelProposal, RiskArea
from streams.memory import Bus
from streams.policy import load
from streams.stage import Emit


def emergency(*regions: str, since: str = "2019-12-01", until: str = "2020-09-01") -> list[LevelInForce]:
    """An emergency in these regions from the first moment of a day until that of another, UTC."""
    start, end = (int(datetime.fromisoformat(day).replace(tzinfo=UTC).timestamp() * 1000) for day in (since, until))
    return [fact for region in regions for fact in renewed(region, Level.EMERGENCY, start, end, load())]


STORY = emergency("53")
"""In Yunnan, where the stories of 2020 happen."""


def told(facts: Iterable[LevelInForce | RiskArea]) -> list[Emit]:
    """The messages that say levels and risk areas."""
    return [Emit(TOPIC if isinstance(fact, LevelInForce) else AREAS, fact.id, fact) for fact in facts]


def declare(bus: Bus, facts: list[LevelInForce] = STORY) -> Bus:
    """Let levels be in force on a bus in memory."""
    bus.publish(told(facts))
    return bus


def declare_on(bus: Deployed, facts: Iterable[LevelInForce] = STORY) -> None:
    """Let levels be in force on a bus on a broker that has no register of staff: proposed and approved by two names, unsigned; a worker tells it."""
    with closing(bus.acting(STEWARD).publisher()) as publisher:
        for fact in facts:
            content = fact.model_dump(include={"at", "region", "level", "legal_basis", "until", "by"})
            proposal = LevelProposal.of(causes=[], since=fact.at, reason="outbreak", **content)
            publisher.send("level.proposal", fact.region, proposal)
            approval = LevelApproval.of(causes=[proposal.id], at=fact.at, region=fact.region, proposal=proposal.id, by=fact.approved_by)
            publisher.send("level.approval", fact.region, approval)
        publisher.settle()
