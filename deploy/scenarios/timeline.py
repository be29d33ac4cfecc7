"""What a step of a story brought about: a line for each thing that stands since then, and for each that was taken back, by event time."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial
from typing import NamedTuple

from deploy.scenarios.cast import Cast
from deploy.scenarios.shown import (
    announced_line,
    dispatch_line,
    entry_line,
    fields_of_release,
    isolation_line,
    local,
    measure_line,
    meeting_lines,
    notice_line,
    signal_line,
    supply_line,
    task_line,
)
from schemas.agency import Agency
from schemas.models.case import LinkedCase
from schemas.models.fact import Millis
from schemas.models.isolation import Breach, Isolation, MeasureBeyond
from schemas.models.measure import MeasureAlert, MeasureInForce, MeasureRefused
from schemas.models.notice import PublicNotice, ResidentNotice
from schemas.models.raw import Reject
from schemas.models.release import Release
from schemas.models.signal import Signal, Silence
from schemas.models.supply import Dispatch, Supply
from schemas.models.task import Task

KINDS = {
    "case": "病例", "happened": "经过", "contact": "接触", "task": "任务", "release": "共享", "measure": "措施", "refused": "拒绝", "beyond": "超期措施",
    "alert": "告警", "isolation": "隔离", "breach": "离开隔离处", "told": "告知", "announced": "公告", "signal": "预警", "reject": "拒收",
    "supply": "物资", "dispatch": "调拨",
}  # fmt: skip
"""Kinds of lines, with their Chinese."""


class Line(NamedTuple):
    """One thing: when it is so (UTC milliseconds; None where it has no time of its own), its kind, whom it is about, and what it says."""

    at: Millis | None
    kind: str
    who: str
    says: str


class Change(NamedTuple):
    """A line that stands now and did not before, or one that was taken back."""

    taken_back: bool
    line: Line


def stands(cast: Cast) -> set[Line]:
    """A line for each thing that stands on the bus of a story."""
    world = cast.world
    cases = [line for case in cast.cases() for line in _case(case, cast)]
    tasks = [Line(one.opened, "task", cast.name(one.person), task_line(one)) for one in world.standing("task").values() if isinstance(one, Task)]
    released = ((agency, one) for agency in world.agencies for one in world.standing(f"deliver.{agency.name}").values())
    releases = [_release(agency, one, cast) for agency, one in released if isinstance(one, Release)]
    return {*cases, *tasks, *releases, *_measures(cast), *_apart(cast), *_notices(cast), *_warnings(cast), *_supplied(cast), *_rejects(cast)}


def changes(before: set[Line], after: set[Line]) -> list[Change]:
    """What was taken back and what is new, by event time; where it is the same, what was taken back comes first."""
    found = [Change(True, line) for line in before - after] + [Change(False, line) for line in after - before]
    return sorted(found, key=lambda one: (one.line.at or 0, not one.taken_back, one.line))


def together(found: Iterable[Change]) -> list[tuple[Change, list[str]]]:
    """The same said of several people as one, with their names."""
    groups: dict[tuple[bool, str, str], tuple[Change, list[str]]] = {}
    for one in found:
        groups.setdefault((one.taken_back, one.line.kind, one.line.says), (one, []))[1].append(one.line.who)
    return list(groups.values())


def _case(case: LinkedCase, cast: Cast) -> Iterable[Line]:
    who = cast.name(case.person)
    yield Line(case.since, "case", who, " ".join((", ".join(case.roles), case.status or "")).strip())
    for entry in case.timeline:
        yield Line(entry.at, "happened", who, entry_line(entry, timed=False))
    for meeting in case.contact_of:
        ((other, where),) = meeting_lines([meeting], cast.name)
        yield Line(meeting.first, "contact", who, f"of {other}: {where}")


def _release(agency: Agency, one: Release, cast: Cast) -> Line:
    shown = fields_of_release(one, partial(cast.called, agency, one.purpose))
    says = f"{agency.name} holds {', '.join(shown['roles'])} for {one.purpose}, by {', '.join(shown['why'])}, until {shown['expires']}"
    return Line(one.at, "release", cast.whom(agency, one), f"{says}: {', '.join(shown['fields'])}")


def _measures(cast: Cast) -> Iterable[Line]:
    for one in cast.world.standing("measure.standing").values():
        if isinstance(one, MeasureInForce):
            yield Line(one.at, "measure", cast.name(one.person), measure_line(one))
    for one in cast.world.standing("measure.refused").values():
        if isinstance(one, MeasureRefused):
            yield Line(one.at, "refused", one.id[:8], f"measure of {one.official}: {one.why}")
    for one in cast.world.standing("measure.alert").values():
        if isinstance(one, MeasureAlert):
            yield Line(one.at, "alert", one.official, f"refused too often since {local(one.at)}")


def _apart(cast: Cast) -> Iterable[Line]:
    """Isolations, and who was elsewhere meanwhile."""
    for one in cast.world.standing("isolation").values():
        if isinstance(one, Isolation):
            yield Line(one.at, "isolation", cast.name(one.person), isolation_line(one))
    for one in cast.world.standing("breach").values():
        if isinstance(one, Breach):
            yield Line(one.at, "breach", cast.name(one.person), f"at {one.place}")
    for one in cast.world.standing("measure.beyond").values():
        if isinstance(one, MeasureBeyond):
            yield Line(one.at, "beyond", one.official, f"{one.kind} until {local(one.until)}, which the plan does not ask for")


def _notices(cast: Cast) -> Iterable[Line]:
    for one in cast.world.standing("notice").values():
        if isinstance(one, ResidentNotice):
            yield Line(one.at, "told", cast.name(one.person), notice_line(one))
    for one in cast.world.standing("notice.public").values():
        if isinstance(one, PublicNotice) and one.level is None:
            yield Line(one.at, "announced", "", announced_line(one))


def _warnings(cast: Cast) -> Iterable[Line]:
    for topic in ("signal", "signal.silence"):
        for one in cast.world.standing(topic).values():
            if isinstance(one, Signal | Silence):
                yield Line(one.at, "signal", "", signal_line(one))


def _supplied(cast: Cast) -> Iterable[Line]:
    for one in cast.world.standing("supply").values():
        if isinstance(one, Supply):
            yield Line(one.at, "supply", one.place, supply_line(one))
    for one in cast.world.standing("dispatch").values():
        if isinstance(one, Dispatch):
            yield Line(one.at, "dispatch", one.number, dispatch_line(one))


def _rejects(cast: Cast) -> Iterable[Line]:
    for one in cast.world.standing("reject").values():
        if isinstance(one, Reject):
            why = "; ".join(sorted(f"{reason.field or 'the whole'}: {reason.problem}" for reason in one.reasons))
            yield Line(None, "reject", one.record[:8], f"{one.source}, {why}")
