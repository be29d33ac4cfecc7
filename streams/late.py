"""What is late goes up the tree of divisions: to whom, and when to the next, by the policy's escalation."""

from __future__ import annotations

from schemas.models.fact import Millis
from streams.policy import Policy


def risen(due: Millis, now: Millis, region: str | None, policy: Policy) -> tuple[Millis, str | None]:
    """Since when (UTC milliseconds) what is late is as late as it is, and the division that has to see to it by now: None before the first."""
    reached = [step for step in policy.escalation if now > due + step.after]
    return (due + reached[-1].after, reached[-1].of(region)) if reached else (due, None)


def rises(due: Millis, policy: Policy) -> list[Millis]:
    """The moments, UTC milliseconds, after each of which what was due is later than before: when it was due, and when it goes to each division."""
    return [due, *(due + step.after for step in policy.escalation)]
