"""Which records count: those that might be collected where and when they are of, and that are young enough to be kept."""

from __future__ import annotations

from collections.abc import Iterable

from schemas.models.control import Level, LevelInForce
from streams.policy import Policy
from tests.oracle.facts import Told

_ORDER = ["peace", "alert", "emergency"]


def used(one: Told, policy: Policy, declared: Iterable[LevelInForce], now: int | None) -> bool:
    """Whether a record counts; `now` is the latest tick, UTC milliseconds, None before the first."""
    level = max((_ORDER.index(each.level) for each in declared if _covers(each, one.says.get("region"), one.at, policy)), default=0)
    if one.kind in policy.collect and level < _ORDER.index(policy.collect[one.kind]):
        return False
    spans = [days[one.kind] for days in (policy.keep, policy.levels[Level(_ORDER[level])].keep) if one.kind in days]
    return now is None or all(one.at >= now - days for days in spans)


def _covers(level: LevelInForce, region: str | None, at: int, policy: Policy) -> bool:
    longest = policy.levels[level.level].longest or 0
    return region is not None and region[: len(level.region)] == level.region and level.at <= at < min(level.until, level.at + longest)
