"""Levels for stories and measurements that assume that contacts are traced: an emergency in the provinces of their places, for as long as they last."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime

from deploy.areas import TOPIC as AREAS
from deploy.levels import TOPIC
from schemas.models.control import Level, LevelInForce, RiskArea
from schemas.models.fact import Millis
from streams.memory import Bus
from streams.policy import load
from streams.stage import Emit

LONGEST = load().levels[Level.EMERGENCY].longest or 0


def renewed(region: str, level: Level, since: Millis, until: Millis, longest: int) -> list[LevelInForce]:
    """A level for as long as a story of invented people lasts, declared anew whenever its longest time is over."""
    return [
        LevelInForce.of(causes=[], at=at, region=region, level=level, legal_basis="突发公共卫生事件应急条例, art. 27", until=min(at + longest, until),
                        by="OP-STORY-1", approved_by="OP-STORY-2")
        for at in range(since, until, longest)
    ]  # fmt: skip


def emergency(*regions: str, since: str = "2019-12-01", until: str = "2020-09-01") -> list[LevelInForce]:
    """An emergency in these regions from the first moment of a day until that of another, UTC."""
    start, end = (int(datetime.fromisoformat(day).replace(tzinfo=UTC).timestamp() * 1000) for day in (since, until))
    return [fact for region in regions for fact in renewed(region, Level.EMERGENCY, start, end, LONGEST)]


STORY = emergency("53")
"""In Yunnan, where the stories of 2020 happen."""


def told(facts: Iterable[LevelInForce | RiskArea]) -> list[Emit]:
    """The messages that say levels and risk areas."""
    return [Emit(TOPIC if isinstance(fact, LevelInForce) else AREAS, fact.id, fact) for fact in facts]


def declare(bus: Bus, facts: list[LevelInForce] = STORY) -> Bus:
    """Let levels be in force on a bus in memory."""
    bus.publish(told(facts))
    return bus
