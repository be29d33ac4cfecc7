"""Whether a decision allows a closure: a level of the policy's `closing`, or a risk area, that covers all of what is closed for as long as it is closed."""

from __future__ import annotations

from collections.abc import Iterable

from schemas.models.control import LevelInForce, RiskArea
from schemas.models.fact import Millis
from schemas.models.rights import Baseless, ClosureAlert, ClosureReport
from streams import areas, levels
from streams.policy import Policy


def alert(closure: ClosureReport, stand: Iterable[LevelInForce], risky: Iterable[RiskArea], now: Millis, policy: Policy) -> ClosureAlert | None:
    """That no decision covers it from a moment on that has come by the latest tick, or is its own beginning; None while one does."""
    at = uncovered(closure, stand, risky, policy)
    if at is None or (at > closure.at and at > now):
        return None
    why = Baseless.NEVER_DECIDED if at == closure.at else Baseless.DECISION_OVER
    return ClosureAlert.of(causes=[closure.id], at=at, area=closure.area, by=closure.by, until=closure.until, why=why)


def uncovered(closure: ClosureReport, stand: Iterable[LevelInForce], risky: Iterable[RiskArea], policy: Policy) -> Millis | None:
    """The first moment of a closure that no decision covers, UTC milliseconds; None when there is none."""
    spans = [levels.span(one, policy.levels) for one in stand if one.level in policy.closing and closure.area.startswith(one.region)]
    spans += [areas.span(one, policy.longest_area) for one in risky if closure.area.startswith(one.region)]
    at = closure.at
    for start, end in sorted(spans):
        if start > at:
            break
        at = max(at, end)
    return at if closure.until is None or at < closure.until else None
