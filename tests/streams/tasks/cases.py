"""Linked cases from the lines of a timeline, and what the stage makes of them."""

from __future__ import annotations

from typing import Any

from schemas.models.case import Entry, LinkedCase, What
from schemas.models.control import Tick
from schemas.models.task import Task
from streams.policy import load
from streams.standing import standing
from streams.tasks.stage import stage
from tests.streams.routing.cases import case
from tests.streams.trial import HOUR, Trial, at

POLICY = load()
CLINIC, HOSPITAL = "CLIN-530624-11", "HOSP-530624-01"
COMMUNITY = "530624100001"
NOON = at("2020-01-20 12:00")


def line(what: What, hours: float = 0, place: str | None = None, note: str = "", other: str | None = None, region: str | None = None) -> Entry:
    """A line of a timeline, so many hours after noon."""
    moment = NOON + round(hours * HOUR)
    return Entry(at=moment, until=moment, what=what, source="s", region=region, place=place, note=note, evidence=f"{what} {hours}", other=other)


def report(what: What, hours: float, note: str, by: str = "GW-1", place: str | None = None) -> Entry:
    """A line that tells of a report: what became of a task, whose kind is the first word of the note."""
    return line(what, hours, place, note, by)


def told(*lines: Entry, **more: Any) -> LinkedCase:
    """A person of the community about whom this is known."""
    return case(**({"community": COMMUNITY, "grid_worker": "GW-1", "clinic": None, "timeline": sorted(lines, key=lambda one: one.at)} | more))


def trial() -> Trial:
    """The stage with nothing in it."""
    return Trial(stage(POLICY))


def tick(hours: float) -> Tick:
    """It is so many hours after noon."""
    return Tick(at=NOON + round(hours * HOUR))


def tasks(inside: Trial) -> dict[str, Task]:
    """The tasks that stand, by kind."""
    found = standing("task", ((emit.key, emit.value) for emit in inside.wrote)).values()
    return {one.work.value: one for one in found if isinstance(one, Task)}


def after(hours: float, *lines: Entry, **more: Any) -> dict[str, Task]:
    """The tasks of a case by kind when it is so late."""
    inside = trial()
    inside.give(tick(hours), told(*lines, **more))
    return tasks(inside)
