"""What a step of a story brought about: a line for each thing that stands since then, and for each that was taken back, by event time."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial
from typing import NamedTuple

from deploy.scenarios.cast import Cast
from deploy.scenarios.messages import answer_lines
from deploy.scenarios.shown import (
    announced_line,
    bulletin_line,
    closure_line,
    complaint_line,
    dispatch_line,
    entry_line,
    fields_of_release,
    isolation_line,
    local,
    measure_line,
    meeting_lines,
    need_line,
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
from schemas.models.need import Need
from schemas.models.notice import PublicNotice, ResidentNotice
from schemas.models.raw import Reject
from schemas.models.release import Release
from schemas.models.rights import ClosureAlert, Complaint
from schemas.models.signal import Signal, Silence
from schemas.models.supply import Dispatch, Supply
from schemas.models.task import Task

KINDS = {
    "case": "病例", "happened": "经过", "contact": "接触", "task": "任务", "release": "共享", "measure": "措施", "refused": "拒绝", "beyond": "超期措施",
    "alert": "告警", "isolation": "隔离", "breach": "离开隔离处", "told": "告知", "announced": "公告", "signal": "预警", "reject": "拒收",
    "answer": "答复", "supply": "物资", "dispatch": "调拨", "need": "求助", "complaint": "投诉", "closure": "封闭",
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
    cases = [line for case in cast.cases() for line in _case(case, cast)]
    tasks = [Line(one.opened, "task", cast.name(one.person), task_line(one)) for one in cast.those("task", Task)]
    releases = [_release(agency, one, cast) for agency in cast.world.agencies for one in cast.those(f"deliver.{agency.name}", Release)]
    more = (_measures, _apart, _notices, _warnings, _supplied, _rights, _needed, _rejects, _answers)
    return {*cases, *tasks, *releases, *(line for lines in more for line in lines(cast))}


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
    if one.bulletin is not None:
        return Line(one.at, "release", agency.name, f"is told of {one.bulletin.topic} for {one.purpose}: {bulletin_line(one.bulletin)}")
    shown = fields_of_release(one, partial(cast.called, agency, one.purpose))
    says = f"{agency.name} holds {', '.join(shown['roles'])} for {one.purpose}, by {', '.join(shown['why'])}, until {shown['expires']}"
    return Line(one.at, "release", cast.whom(agency, one), f"{says}: {', '.join(shown['fields'])}")


def _measures(cast: Cast) -> Iterable[Line]:
    for measure in cast.those("measure.standing", MeasureInForce):
        yield Line(measure.at, "measure", cast.name(measure.person), measure_line(measure))
    for refused in cast.those("measure.refused", MeasureRefused):
        yield Line(refused.at, "refused", refused.id[:8], f"measure of {refused.official}: {refused.why}")
    for alert in cast.those("measure.alert", MeasureAlert):
        yield Line(alert.at, "alert", alert.official, f"refused too often since {local(alert.at)}")


def _apart(cast: Cast) -> Iterable[Line]:
    """Isolations, and who was elsewhere meanwhile."""
    for isolation in cast.those("isolation", Isolation):
        yield Line(isolation.at, "isolation", cast.name(isolation.person), isolation_line(isolation))
    for breach in cast.those("breach", Breach):
        yield Line(breach.at, "breach", cast.name(breach.person), f"at {breach.place}")
    for order in cast.those("measure.beyond", MeasureBeyond):
        yield Line(order.at, "beyond", order.official, f"{order.kind} until {local(order.until)}, which the plan does not ask for")


def _notices(cast: Cast) -> Iterable[Line]:
    for notice in cast.those("notice", ResidentNotice):
        yield Line(notice.at, "told", cast.name(notice.person), notice_line(notice))
    for public in cast.those("notice.public", PublicNotice):
        if public.level is None:
            yield Line(public.at, "announced", "", announced_line(public))


def _warnings(cast: Cast) -> Iterable[Line]:
    found: list[Signal | Silence] = [*cast.those("signal", Signal), *cast.those("signal.silence", Silence)]
    for one in found:
        yield Line(one.at, "signal", "", signal_line(one))


def _supplied(cast: Cast) -> Iterable[Line]:
    for supply in cast.those("supply", Supply):
        yield Line(supply.at, "supply", supply.place, supply_line(supply))
    for dispatch in cast.those("dispatch", Dispatch):
        yield Line(dispatch.at, "dispatch", dispatch.number, dispatch_line(dispatch))


def _rights(cast: Cast) -> Iterable[Line]:
    for complaint in cast.those("complaint", Complaint):
        yield Line(complaint.at, "complaint", complaint.number, complaint_line(complaint))
    for closure in cast.those("closure.alert", ClosureAlert):
        yield Line(closure.at, "closure", closure.area, closure_line(closure))


def _answers(cast: Cast) -> Iterable[Line]:
    """What village clinics are answered."""
    for clinic in cast.clinics:
        yield from (Line(None, "answer", clinic, told) for told in answer_lines(clinic, cast.world))


def _needed(cast: Cast) -> Iterable[Line]:
    for need in cast.those("need", Need):
        yield Line(need.at, "need", cast.name(need.person), need_line(need.line))


def _rejects(cast: Cast) -> Iterable[Line]:
    for one in cast.those("reject", Reject):
        why = "; ".join(sorted(f"{reason.field or 'the whole'}: {reason.problem}" for reason in one.reasons))
        yield Line(None, "reject", one.record[:8], f"{one.source}, {why}")
