"""What a place has of an item, and for how long: a function of the reports and dispatches that stand, and of how late it is."""

from __future__ import annotations

from collections.abc import Collection

from schemas.models.fact import Millis
from schemas.models.record import StockReport
from schemas.models.supply import Cover, Supply
from streams.policy import Supplies
from streams.supplies.course import Course, Effect, effect

DAY = 86_400_000
"""Milliseconds."""
_FAR = 3650 * DAY
"""What is enough for ten years does not run out."""


def supply(reports: Collection[StockReport], courses: Collection[Course], now: Millis, policy: Supplies) -> Supply | None:
    """What a place has by its latest report and the dispatches since; None without a report. Of reports of one moment that with least on hand counts."""
    if not reports:
        return None
    latest = max(reports, key=lambda one: (one.at, -one.on_hand, one.used, one.region or "", one.id))
    window = [one for one in reports if latest.at - policy.window < one.at]
    effects = {one.last.id: (one, found) for one in courses if (found := effect(one, latest.place, latest.at)) != Effect()}
    moved = Effect(*(sum(column) for column in zip(*(found for _, found in effects.values()), strict=True))) if effects else Effect()
    on_hand, used = max(0, latest.on_hand + moved.got - moved.gave), sum(one.used for one in window)
    short_on = latest.at + on_hand * DAY * len(window) // used if used and on_hand * DAY * len(window) < _FAR * used else None
    steps = {step.id for one, _ in effects.values() for step in (one.last, one.sent, one.received) if step}
    return Supply.of(
        causes=sorted({one.id for one in window} | steps), at=latest.at,
        place=latest.place, item=latest.item, region=latest.region, on_hand=on_hand, use_per_day=round(used / len(window), 2),
        cover=round(on_hand * len(window) / used, 1) if used else None, short_on=short_on, state=state(on_hand, short_on, max(now, latest.at), policy),
        coming=moved.coming, to_get=moved.to_get, to_give=moved.to_give,
    )  # fmt: skip


def state(on_hand: int, short_on: Millis | None, now: Millis, policy: Supplies) -> Cover:
    """Whether that is enough at a moment. What is intended or on its way is not counted: it may come too late."""
    if not on_hand or (short_on is not None and short_on <= now):
        return Cover.EMPTY
    return Cover.LOW if short_on is not None and short_on - now <= policy.lead else Cover.OK


def again(said: Supply, policy: Supplies) -> Millis | None:
    """From which moment on it is in another state, if nothing else is reported; None: never."""
    if said.short_on is None or said.state is Cover.EMPTY:
        return None
    return said.short_on if said.state is Cover.LOW else said.short_on - policy.lead
