"""How far a dispatch is, and what it does to what a place has. It is a function of the set of its steps: of two reports of one step the later counts."""

from __future__ import annotations

from collections.abc import Collection
from typing import NamedTuple

from schemas.models.fact import Millis, Model
from schemas.models.record import DispatchReport, DispatchStep
from schemas.models.supply import Dispatch

_ORDER = list(DispatchStep)


class Course(Model):
    """The furthest step of a dispatch, and, where they were reported, its sending and its receipt."""

    last: DispatchReport
    sent: DispatchReport | None = None
    received: DispatchReport | None = None

    @property
    def open(self) -> bool:
        """Whether it is only intended: proposed or accepted."""
        return self.last.step in (DispatchStep.PROPOSED, DispatchStep.ACCEPTED)


class Effect(NamedTuple):
    """What a dispatch does to a place, in units: since its last report it gave and got them, they come, or they are intended to."""

    gave: int = 0
    got: int = 0
    coming: int = 0
    to_get: int = 0
    to_give: int = 0


def course(steps: Collection[DispatchReport]) -> Course | None:
    """The course of a dispatch by its steps; None without any."""
    best: dict[DispatchStep, DispatchReport] = {}
    for one in sorted(steps, key=_rank):
        best[one.step] = one
    if not best:
        return None
    return Course(last=best[max(best, key=_ORDER.index)], sent=best.get(DispatchStep.SENT), received=best.get(DispatchStep.RECEIVED))


def places(found: Course | None) -> set[str]:
    """The places that a course concerns."""
    if found is None:
        return set()
    return {place for one in (found.last, found.sent, found.received) if one for place in (one.place, one.to)}


def dispatch(found: Course) -> Dispatch:
    """What is told of a dispatch."""
    last = found.last
    content = last.model_dump(include={"at", "number", "item", "place", "to", "quantity", "step", "by"})
    return Dispatch.of(causes=[last.id], **content)


def effect(found: Course, place: str, reported: Millis) -> Effect:
    """What it does to a place that reported at a moment: what was sent or received until then is in that report."""
    sent, received, last = found.sent, found.received, found.last
    return Effect(
        gave=sent.quantity if sent and sent.place == place and sent.at > reported else 0,
        got=received.quantity if received and received.to == place and received.at > reported else 0,
        coming=sent.quantity if sent and not received and sent.to == place else 0,
        to_get=last.quantity if found.open and last.to == place else 0,
        to_give=last.quantity if found.open and last.place == place else 0,
    )


def _rank(one: DispatchReport) -> tuple[int, int, str, str, str, str]:
    return one.at, one.quantity, one.place, one.to, one.by, one.id
